"""`ckan cn-govdata portals`: the registry, and whether its portals can be read today."""

from __future__ import annotations

import json
import sys

import click

from ckanext.cn_govdata.harvest import checking
from ckanext.cn_govdata.portals import checks, commands, tables
from ckanext.cn_govdata.portals.console import chosen_portals, shown


@click.group(name="portals", short_help="Registry of portals")
def portals_group() -> None:
    """The registry of portals."""


portals_group.add_command(commands.list_command)
portals_group.add_command(commands.show_command)


@portals_group.command("check")
@click.argument("portal", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All portals that have a profile.")
@click.option(
    "--hosts",
    type=click.IntRange(1, 64),
    default=checks.HOSTS,
    show_default=True,
    help="Hosts asked side by side; those of one host wait for each other.",
)
@commands.AS_JSON
def check(portal: tuple[str, ...], everything: bool, hosts: int, as_json: bool) -> None:
    """Read robots.txt, the first list page and one detail of each PORTAL; say how it is.

    The address and settings are those of the portal's harvest source, where it has one. Checks are
    remembered; what changed since the last one is shown.
    """
    chosen = chosen_portals(portal, everything=everything)
    tasks = checking.tasks(chosen)
    results = []
    for found in shown(checks.check_all(tasks, hosts=hosts), len(tasks)):
        result = checking.remember(found)
        results.append(result)
        if not as_json:
            click.echo("\n".join(tables.check_lines(found, result["changes"])))
    if as_json:
        click.echo(json.dumps(results, ensure_ascii=False, indent=1))
    sys.exit(0 if all(each["word"] == "well" for each in results) else 1)
