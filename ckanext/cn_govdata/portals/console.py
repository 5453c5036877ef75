"""`cn-govdata families | portals`: what can be read, and whether it can be read today."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from ckanext.cn_govdata.crawl.client import ClientSettings
from ckanext.cn_govdata.portals import (
    checks,
    commands,
    families,
    registry,
    scaffold,
    search,
    tables,
)
from ckanext.cn_govdata.portals.check import changes
from ckanext.cn_govdata.portals.source import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ckanext.cn_govdata.portals.check import Check
    from ckanext.cn_govdata.portals.registry import Portal


@click.group("families", invoke_without_command=True)
@commands.AS_JSON
@click.pass_context
def families_group(context: click.Context, *, as_json: bool) -> None:
    """List the platform families that can be read; `new` begins another."""
    if context.invoked_subcommand is not None:
        return
    rows = []
    for name in families.families():
        profile = families.profile(name)
        known = [portal for portal in registry.portals() if portal.family == name]
        rows.append(
            {
                "family": name,
                "title": profile.title,
                "parameters": dict(profile.parameters),
                "variants": sorted(profile.variants),
                "portals": len(known),
            }
        )
    tables.show(rows, as_json=as_json)


@families_group.command("new")
@click.argument("name")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="Folder of the project, or of a distribution of your own. [.]",
)
def new_family(name: str, into: Path) -> None:
    """Begin a profile for the family NAME: profile, folder for samples, test."""
    try:
        made = scaffold.family(name, into)
    except scaffold.ScaffoldError as error:
        raise click.UsageError(str(error)) from error
    for path in made:
        click.echo(path)
    click.echo(scaffold.next_steps(name, into))


@click.group("portals", invoke_without_command=True)
@commands.filters
@commands.AS_JSON
@click.pass_context
def portals_group(context: click.Context, /, **options: Any) -> None:  # noqa: ANN401
    """List the portals of the registry."""
    if context.invoked_subcommand is None:
        commands.print_list(**options)


portals_group.add_command(commands.list_command)
portals_group.add_command(commands.show_command)


@portals_group.command("check")
@click.argument("portal", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All portals that have a profile.")
@click.option("--url", help="Another address, for one PORTAL.")
@click.option("--rate", type=click.FloatRange(0), default=1.0, help="Requests a second. [1]")
@click.option("--allow-network", multiple=True, metavar="CIDR", help="Private network to allow.")
@click.option(
    "--state",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Remember the checks here and say what changed since the last.",
)
@commands.AS_JSON
def check_command(
    portal: tuple[str, ...],
    *,
    everything: bool,
    url: str | None,
    rate: float,
    allow_network: tuple[str, ...],
    state: Path | None,
    as_json: bool,
) -> None:
    """Read robots.txt, the first list page and one detail of each PORTAL; say how it is."""
    chosen = chosen_portals(portal, everything=everything)
    if url is not None and len(chosen) != 1:
        raise click.UsageError("--url needs one PORTAL")
    try:
        tasks = [
            (build(one.config(), url or one.base_url), _settings(one, rate, allow_network))
            for one in chosen
        ]
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    known = _remembered(state)
    found = []
    for check in shown(checks.check_all(tasks), len(tasks)):
        found.append({**check.as_dict(), "changes": changes(known.get(check.portal_id), check)})
        known[check.portal_id] = check.as_dict()
        if not as_json:
            click.echo("\n".join(tables.check_lines(check, found[-1]["changes"])))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    if state is not None:
        state.write_text(json.dumps(known, ensure_ascii=False, indent=1), encoding="utf-8")
    sys.exit(0 if all(each["word"] == "well" for each in found) else 1)


def chosen_portals(ids: Sequence[str], *, everything: bool) -> list[Portal]:
    """The portals that a command names, all of them with a profile. Raises `UsageError`."""
    if bool(ids) == everything:
        raise click.UsageError("say which PORTAL, or --all")
    if everything:
        return list(search.select(state_=registry.ACTIVE))
    found = []
    for portal_id in ids:
        portal = registry.get(portal_id)
        if portal is None or search.state(portal) != registry.ACTIVE:
            raise click.UsageError(_why_not(portal_id, portal))
        found.append(portal)
    return found


def shown(found: Iterator[Check], total: int) -> Iterator[Check]:
    """Hand on checks with a progress bar on standard error."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as progress:
        task = progress.add_task("checks", total=total)
        for check in found:
            progress.update(task, advance=1, description=check.portal_id)
            yield check


def _why_not(portal_id: str, portal: Portal | None) -> str:
    if portal is not None:
        return f"{portal_id}: {search.state(portal)}; it cannot be read"
    others = ", ".join(each.portal_id for each in registry.publishing(portal_id))
    return f"no portal {portal_id!r}" + (f"; it is harvested with {others}" if others else "")


def _settings(portal: Portal, rate: float, networks: tuple[str, ...]) -> ClientSettings:
    return ClientSettings(
        rate=rate,
        host_concurrency=1,
        allowed_networks=networks,
        verify_tls=portal.settings.get("verify_tls", True),
    )


def _remembered(state: Path | None) -> dict[str, Any]:
    if state is None or not state.exists():
        return {}
    try:
        known = json.loads(state.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise click.UsageError(f"--state: {state}: {error}") from error
    if not isinstance(known, dict):
        raise click.UsageError(f"--state: {state}: not a file of checks")
    return known
