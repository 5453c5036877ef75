"""`ckan cn-govdata harvest status | digest | prune`: what an operator looks at and cron calls."""

from __future__ import annotations

import json
import sys

import ckan.plugins.toolkit as tk
import click
from ckan.lib.mailer import MailerException

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.harvest import digest, jobs
from ckanext.cn_govdata.harvest import status as harvest_status
from ckanext.cn_govdata.harvest.console import Console
from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.store import lock, retention

__all__ = ["COMMANDS"]


@click.command()
@click.argument("source", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def status(source: str | None, as_json: bool) -> None:
    """Show running and waiting jobs, workers, and the last job of every source, or of SOURCE.

    Exits with 1 when a person should do something.
    """
    try:
        source_id = jobs.find_source(source).id if source else None
    except tk.ObjectNotFound as error:
        tk.error_shout(str(error))
        raise click.Abort from error
    shown = harvest_status.overview(source_id)
    if as_json:
        click.echo(json.dumps(shown, ensure_ascii=False, default=str))
    else:
        Console().status(shown)
    sys.exit(1 if shown["warnings"] else 0)


@click.command("digest")
@click.option("--dry-run", is_flag=True, help="Print the mails instead of sending them.")
@click.option("--always", is_flag=True, help="Also to those for whom nothing went wrong.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def send_digest(dry_run: bool, always: bool, as_json: bool) -> None:
    """Send one mail to each administrator of sources about what went wrong or changed.

    For cron, once a day: a second call on the same day sends nothing to those who got theirs.
    """
    app = click.get_current_context().meta["flask_app"]
    try:
        sent = digest.send(app, always=always, dry_run=dry_run)
    except (MailerException, lock.Locked) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        result = {
            "dry_run": dry_run,
            "mails": [{"recipient": mail.name, "subject": mail.subject} for mail in sent.mails],
            "failed": sent.failed,
            "done_before": sent.done_before,
        }
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        _tell(sent, dry_run=dry_run)
    sys.exit(1 if sent.failed else 0)


@click.command()
@click.option("--dry-run", is_flag=True, help="Count, but delete nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def prune(dry_run: bool, as_json: bool) -> None:
    """Delete jobs, harvest objects and errors older than harvest.keep_days.

    Each dataset's current object and the last job of each source stay. The worker does the same
    once a day.
    """
    try:
        days = settings.harvest_keep_days()
        gone = retention.prune(SOURCE_TYPE, days, dry_run=dry_run).as_dict()
    except (ValueError, lock.Locked) as error:
        raise click.ClickException(str(error)) from error
    if as_json:
        click.echo(json.dumps({"dry_run": dry_run, "keep_days": days, **gone}))
        return
    would = "would be deleted" if dry_run else "deleted"
    numbers = ", ".join(f"{number} {name}" for name, number in gone.items())
    click.echo(f"Older than {days} days, {would}: {numbers}")


def _tell(sent: digest.Sent, *, dry_run: bool) -> None:
    for mail in sent.mails if dry_run else ():
        click.echo(f"To: {mail.name} <{mail.address}>\nSubject: {mail.subject}\n\n{mail.body}")
    for name, reason in sent.failed.items():
        tk.error_shout(f"{name}: {reason}")
    verb = "would be sent" if dry_run else "sent"
    click.echo(f"{len(sent.mails)} mails {verb}, {len(sent.failed)} failed")


COMMANDS = (status, send_digest, prune)
