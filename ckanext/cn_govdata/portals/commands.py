"""The commands `portals list` and `portals show`, with and without CKAN."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ckanext.cn_govdata.portals import registry, search, tables
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from ckanext.cn_govdata.portals.registry import Portal

_Command = TypeVar("_Command", bound=Callable[..., Any])

AS_JSON = click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")


def filters(command: _Command) -> _Command:
    """Add the options that choose portals."""
    for option in (
        click.option("--search", "text", help="Words of name, address, code or pinyin."),
        click.option("--state", type=click.Choice(search.STATES), help="Only of this state."),
        click.option("--family", help="Only portals of this family."),
        click.option("--level", type=click.Choice([level.value for level in divisions.Level])),
        click.option("--division", help="Only portals of this division and below (code or name)."),
    ):
        command = option(command)
    return command


def print_list(
    *,
    text: str | None,
    division: str | None,
    level: str | None,
    family: str | None,
    state: str | None,
    as_json: bool,
) -> None:
    """Print the portals to which all that is given applies."""
    code = division_code(division) if division else None
    found = search.select(text=text, division=code, level=level, family=family, state_=state)
    rows = [search.described(portal) for portal in found]
    if not as_json:
        rows = [_table_row(portal) for portal in found]
    tables.show(rows, as_json=as_json)


@click.command("list")
@filters
@AS_JSON
def list_command(**options: Any) -> None:  # noqa: ANN401
    """List the portals of the registry."""
    print_list(**options)


@click.command("show")
@click.argument("code")
def show_command(code: str) -> None:
    """Show the portal with this id as JSON; of a division, the portals that it publishes on."""
    click.echo(json.dumps(found_by(code), ensure_ascii=False, indent=2))


def found_by(code: str) -> dict[str, Any]:
    """A portal, or a division's portals, as JSON. Raises `BadParameter` when there are none."""
    portal = registry.get(code)
    if portal is not None:
        return search.described(portal)
    rows = registry.publishing(code)
    if not rows:
        raise click.BadParameter(f"no portal of the registry is or serves {code}")
    return member(code, rows)


def member(code: str, rows: tuple[Portal, ...]) -> dict[str, Any]:
    """A division without a portal of its id, and the sources that harvest it."""
    division = divisions.get(code)
    return {
        "division_code": code,
        "government_zh": division.name_zh if division else code,
        "harvested_with": [row.portal_id for row in rows],
        "portals": [search.described(row) for row in rows],
    }


def division_code(code_or_name: str) -> str:
    """The code of a division given by code or name. Raises `BadParameter`."""
    code = divisions.normalise(code_or_name)
    if code is not None:
        return code
    found = divisions.find(code_or_name)
    if len(found) != 1:
        several = ", ".join(f"{one.code} {one.name_zh}" for one in found) or "no such division"
        raise click.BadParameter(f"{code_or_name}: {several}", param_hint="--division")
    return found[0].code


def parameters(pairs: Sequence[str]) -> dict[str, str]:
    """The parameters of options NAME=VALUE. Raises `UsageError`."""
    split = [pair.partition("=") for pair in pairs]
    for name, equals, _ in split:
        if not name or not equals:
            raise click.UsageError(f"--param: {name!r} is not NAME=VALUE")
    return {name: value for name, _, value in split}


def _table_row(portal: Portal) -> dict[str, Any]:
    return {
        "portal": portal.portal_id,
        "level": portal.level.value,
        "government": portal.government_zh,
        "family": portal.family or "",
        "state": search.state(portal),
        "members": len(portal.members) or "",
        "address": portal.url,
    }
