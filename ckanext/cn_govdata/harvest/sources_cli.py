"""`ckan cn-govdata sources`: harvest sources made from the registry of portals."""

from __future__ import annotations

import json
import sys
from collections import Counter

import click

from ckanext.cn_govdata.harvest import registered
from ckanext.cn_govdata.harvest.schedule import FREQUENCIES
from ckanext.cn_govdata.portals import commands, registry, search
from ckanext.cn_govdata.standards import divisions


@click.group(name="sources", short_help="Harvest sources of the registry's portals")
def sources_group() -> None:
    """Harvest sources made from the registry of portals."""


@sources_group.command()
@click.option("--portal", "portal_ids", multiple=True, help="Id of a portal in the registry.")
@click.option("--division", help="All portals of a division (code or name) and of those below it.")
@click.option("--all", "everything", is_flag=True, help="All portals of the registry.")
@click.option(
    "--schedule",
    type=click.Choice(FREQUENCIES),
    help="How often, each portal at its own time of the night. [MANUAL for new sources]",
)
@click.option("--update", is_flag=True, help="Set sources that differ back to the registry's row.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def create(
    portal_ids: tuple[str, ...],
    division: str | None,
    everything: bool,
    schedule: str | None,
    update: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Create harvest sources, with the organisations that own them; safe to repeat.

    Portals without a profile are listed and get no source. Sources that somebody changed are left
    as they are unless --update is given.
    """
    chosen = _chosen(portal_ids, division, everything)
    planned = registered.plan(chosen, schedule=schedule, update=update)
    if not dry_run:
        registered.carry_out(planned, schedule=schedule)
    if as_json:
        click.echo(json.dumps([each.as_dict() for each in planned], ensure_ascii=False, indent=1))
    else:
        _print(planned, dry_run=dry_run)
    asked = {registry.NO_PROFILE, registry.ARCHIVED} if portal_ids else set()
    bad = asked | {registered.TAKEN}
    sys.exit(1 if any(each.status in bad for each in planned) else 0)


def _print(planned: list[registered.Planned], *, dry_run: bool) -> None:
    for each in planned:
        note = f"\t{each.note}" if each.note else ""
        click.echo(f"{each.portal.portal_id}\t{each.status}\t{each.portal.title}{note}")
    counts = Counter(each.status for each in planned)
    words = ", ".join(f"{status} {count}" for status, count in counts.most_common())
    prefix = "nothing written; it would be: " if dry_run else ""
    click.echo(f"{prefix}{words or 'no portals'}", err=True)


def _chosen(
    portal_ids: tuple[str, ...], division: str | None, everything: bool
) -> list[registry.Portal]:
    if sum(map(bool, (portal_ids, division, everything))) != 1:
        raise click.UsageError("Say one of --portal, --division, --all")
    if everything:
        return list(registry.portals())
    if division:
        return _of_division(commands.division_code(division))
    found = []
    for portal_id in portal_ids:
        portal = registry.get(portal_id)
        if portal is None:
            raise click.UsageError(_unknown(portal_id))
        found.append(portal)
    return found


def _of_division(code: str) -> list[registry.Portal]:
    found = registry.by_division(code, below=True)
    if not found:
        raise click.UsageError(_unknown(code))
    elsewhere = {
        portal.portal_id: portal
        for portal in search.select(division=code)
        if not divisions.is_within(portal.division_code, code)
    }
    for portal in elsewhere.values():
        click.echo(f"some of {code} is harvested with {portal.portal_id} {portal.title}", err=True)
    return list(found)


def _unknown(portal_id: str) -> str:
    others = ", ".join(portal.portal_id for portal in registry.publishing(portal_id))
    hint = f"; it is harvested with {others}" if others else ""
    return f"No portal {portal_id} in the registry{hint}"
