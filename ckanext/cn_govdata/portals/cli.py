"""The command `cn-govdata`: read portals into JSON lines without CKAN; list families and portals."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TextIO

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ckanext.cn_govdata.crawl.client import Client, ClientSettings
from ckanext.cn_govdata.crawl.messages import Outcome
from ckanext.cn_govdata.portals import commands, own_rows, registry
from ckanext.cn_govdata.portals.console import families_group, portals_group
from ckanext.cn_govdata.portals.job import Job
from ckanext.cn_govdata.portals.source import build
from ckanext.cn_govdata.portals.state import State, StateError

_WELL = frozenset({Outcome.COMPLETE, Outcome.PARTIAL, Outcome.EMPTY})
_MOST_REASONS = 10


@click.group()
@click.option(
    "--portals-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar="CN_GOVDATA_PORTALS_FILE",
    help="CSV of rows laid over the registry of portals. [env: CN_GOVDATA_PORTALS_FILE]",
)
@click.version_option(package_name="ckanext-cn-govdata")
def main(portals_file: Path | None) -> None:
    """Read Chinese open government data portals."""
    try:
        own_rows.use(portals_file)
    except own_rows.RegistryFileError as error:
        raise click.UsageError(str(error)) from error


@main.command()
@click.option("--portal", help="Id of a portal in the registry: gives family and parameters.")
@click.option("--family", help="Platform family; needs --url.")
@click.option("--url", help="Address of the portal; replaces the registry's.")
@click.option("--param", multiple=True, metavar="NAME=VALUE", help="A parameter of the family.")
@click.option("--secret", metavar="NAME", help="Variable of the environment with the secret.")
@click.option("--rate", type=click.FloatRange(0), help="Requests a second; 0 = no limit. [1]")
@click.option("--concurrency", type=click.IntRange(1, 16), help="Requests at a time. [1]")
@click.option("--allow-network", multiple=True, metavar="CIDR", help="Private network to allow.")
@click.option("--limit", type=click.IntRange(1), help="Stop after so many records.")
@click.option("--state", type=click.Path(dir_okay=False, path_type=Path), help="Remember here.")
@click.option("--out", type=click.File("w", "utf-8", lazy=False), required=True, help="JSON lines.")
@click.pass_context
def crawl(context: click.Context, /, state: Path | None, out: TextIO, **options: Any) -> None:  # noqa: ANN401
    """Write the records of a portal as JSON lines, one neutral record a line.

    With --state a second run writes only what has changed, and deletions as
    {"source_id": …, "withdrawn": true}.
    """
    config, url = _config(options)
    try:
        source = build(config, url)
        settings = ClientSettings(
            rate=1.0 if config.get("rate") is None else config["rate"],
            host_concurrency=config.get("concurrency") or 1,
            allowed_networks=options["allow_network"],
            verify_tls=config.get("verify_tls", True),
        )
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    try:
        with State(state, source.portal_id) as memory, Client(settings) as client:
            job = Job(source, client.fetch, memory, out)
            try:
                _show(job, source.portal_id)
            finally:
                out.flush()
                memory.commit()
    except StateError as error:
        raise click.UsageError(f"--state: {error}") from error
    _summarise(job)
    if job.report.outcome not in _WELL:
        context.exit(1)


def _config(options: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return the source's configuration and address that the options ask for."""
    portal_id, family, url = options["portal"], options["family"], options["url"]
    if (portal_id is None) == (family is None):
        raise click.UsageError("either --portal or --family is needed")
    if family is not None:
        if url is None:
            raise click.UsageError("--family needs --url")
        config: dict[str, Any] = {"family": family}
    else:
        portal = registry.get(portal_id)
        if portal is None:
            raise click.UsageError(_no_portal(portal_id))
        if portal.family is None:
            raise click.UsageError(f"--portal: {portal_id} has no profile yet")
        config = portal.config()
        url = url or portal.base_url
    parameters = {**config.get("parameters", {}), **commands.parameters(options["param"])}
    given = {name: options[name] for name in ("rate", "concurrency", "secret")}
    config |= {name: value for name, value in given.items() if value is not None}
    return {**config, "parameters": parameters, "max_records": options["limit"]}, url


def _no_portal(portal_id: str) -> str:
    others = ", ".join(portal.portal_id for portal in registry.publishing(portal_id))
    hint = f"it is harvested with {others}" if others else "see cn-govdata portals"
    return f"--portal: no portal {portal_id!r}; {hint}"


def _show(job: Job, title: str) -> None:
    """Run a job with its progress on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task(title, total=None)
        for _ in job.run():
            total = job.report.total
            progress.update(task, advance=1, total=total)


def _summarise(job: Job) -> None:
    report, console = job.report, Console(stderr=True, highlight=False, soft_wrap=True)
    counts = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in sorted(job.counts.items()))
    of = "" if report.total is None else f" of {report.total}"
    console.print(f"{report.outcome.value}: {report.listed}{of} records listed; {counts or 'none'}")
    console.print(
        f"{report.requests} requests, {report.requests_saved} details not asked for, "
        f"{report.failed_details} details failed, {report.repeated} records listed again"
    )
    for label, text in (("reason", report.reason), ("evidence", report.evidence)):
        if text:
            console.print(f"{label}: {text}", markup=False)
    for reason, count in job.reasons.most_common(_MOST_REASONS):
        console.print(f"refused {count}: {reason}", markup=False)


main.add_command(families_group)
main.add_command(portals_group)
