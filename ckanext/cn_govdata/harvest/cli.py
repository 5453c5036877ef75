"""`ckan cn-govdata harvest`: harvests from the command line."""

from __future__ import annotations

import json
import signal
import sys
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import click

from ckanext.cn_govdata.harvest import jobs, memory, operation_cli, preview, repair, runner
from ckanext.cn_govdata.harvest.console import Console
from ckanext.cn_govdata.harvest.run import Options
from ckanext.cn_govdata.harvest.worker import Worker
from ckanext.cn_govdata.portals.commands import parameters
from ckanext.cn_govdata.portals.source import ConfigError
from ckanext.cn_govdata.store import lock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.cn_govdata.harvest.report import JobReport


_ACCEPT_SHAPE = "Fields that the portal does not fill any more are meant to be empty."


@click.group(short_help="Harvest portals")
def harvest() -> None:
    """Harvest sources of the type cn_portal."""


for _command in operation_cli.COMMANDS:
    harvest.add_command(_command)


@harvest.command()
@click.argument("source", nargs=-1, required=True)
@click.option("--full", is_flag=True, help="List the portal completely, though it is not due.")
@click.option("--accept-shape", is_flag=True, help=_ACCEPT_SHAPE)
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON.")
def run(source: tuple[str, ...], full: bool, accept_shape: bool, as_json: bool) -> None:
    """Harvest SOURCE (name or id; several are harvested one after another)."""
    options = Options(full=full, accept_shape=accept_shape)
    _end(run_all(source, Console(quiet=as_json), options), as_json=as_json)


@harvest.command()
@click.option("--portals", type=click.IntRange(1, 500), help="Portals read at once. [setting]")
@click.option("--once", is_flag=True, help="End when no job can be taken any more.")
def worker(portals: int | None, once: bool) -> None:
    """Do the jobs that cron or a page has started, until a signal ends it.

    Start as many as you like, on as many machines. SIGTERM and SIGINT finish the batch at hand and
    hand the jobs back; a second one ends at once.
    """
    process = Worker(portals)
    memory.share_between_threads()

    def stop(number: int, _: object) -> None:
        signal.signal(number, signal.SIG_DFL)
        process.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    process.work(once=once)


@harvest.command()
@click.argument("source")
@click.option("--accept-shape", is_flag=True, help=_ACCEPT_SHAPE)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
def retry(source: str, accept_shape: bool, as_json: bool) -> None:
    """Read the records again that failed in the last job of SOURCE.

    A job that did not end well as a whole is run again as a whole.
    """
    console = Console(quiet=as_json)
    todo = repair.to_retry(_source(source))
    if todo is None:
        console.say("Nothing failed in the last job.")
        _end([], as_json=as_json)
        return
    if todo.only is None:
        console.say("The last job did not end well: the whole source is harvested again.")
    options = Options(only=todo.only, accept_shape=accept_shape)
    _end(run_all([source], console, options), as_json=as_json)


@harvest.command()
@click.argument("source", nargs=-1)
@click.option("--all", "everywhere", is_flag=True, help="All sources of the type cn_portal.")
@click.option("--force", is_flag=True, help="Also records that this mapping made.")
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON.")
def remap(source: tuple[str, ...], everywhere: bool, force: bool, as_json: bool) -> None:
    """Map the stored records of SOURCE again, without a request to its portal."""
    if bool(source) == everywhere:
        raise click.UsageError("Say either sources or --all")
    console = Console(quiet=as_json)
    reports = []
    for row in jobs.portal_sources() if everywhere else map(_source, source):
        with console.progress(row.title or row.url) as watch:
            reports.append(repair.remap(row, watch, everything=force))
        console.remapped(reports[-1])
    _end(reports, as_json=as_json)


@harvest.command()
@click.argument("source")
@click.option("--confirm", is_flag=True, help="Withdraw them, however many they are.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def withdraw(source: str, confirm: bool, as_json: bool) -> None:
    """Show the datasets of SOURCE that wait to be withdrawn: too many for one run to decide."""
    row = _source(source)
    try:
        waiting = repair.waiting(row)
        done = repair.withdraw(row) if confirm else 0
    except (ConfigError, lock.Locked) as error:
        tk.error_shout(str(error))
        raise click.Abort from error
    if as_json:
        result = {"waiting": waiting, "withdrawn": done}
        click.echo(json.dumps(result, ensure_ascii=False, default=str))
        return
    Console().waiting(waiting)
    if confirm:
        click.echo(f"{done} datasets withdrawn")
    elif waiting:
        click.echo("Repeat with --confirm to withdraw them.")


def _end(reports: list[JobReport], *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps([report.counters() for report in reports], ensure_ascii=False))
    sys.exit(0 if all(report.went_well for report in reports) else 1)


def run_all(
    names: Iterable[str], console: Console, options: Options | None = None
) -> list[JobReport]:
    """Harvest sources one after another with a progress bar and a summary each."""
    reports = []
    for name in names:
        row = _source(name)
        with console.progress(row.title or name) as watch:
            report = runner.run(jobs.create(row).id, watch, options)
        console.summary(report)
        reports.append(report)
    return reports


@harvest.command("preview")
@click.argument("source", metavar="SOURCE|URL")
@click.option("--family", help="Platform family; then the argument is an address.")
@click.option("--param", multiple=True, metavar="NAME=VALUE", help="A parameter of the family.")
@click.option("--limit", type=click.IntRange(1, 100), default=3, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def preview_command(
    source: str, family: str | None, param: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """Read the first records of SOURCE, or of URL with --family. Nothing is written.

    Shows the requests, the records found, the mapped fields beside the portal's own texts, and
    what providers could mend.
    """
    if param and family is None:
        raise click.UsageError("--param needs --family")
    try:
        if family is None:
            found = preview.of_source(_source(source), limit)
        else:
            config = {"family": family, "parameters": parameters(param)}
            found = preview.of_address(config, source, limit)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
    else:
        click.echo("\n".join(preview.lines(found)))
    sys.exit(0 if found.well else 1)


def _source(name: str) -> jobs.HarvestSource:
    try:
        return jobs.find_source(name)
    except tk.ObjectNotFound as error:
        tk.error_shout(str(error))
        raise click.Abort from error
