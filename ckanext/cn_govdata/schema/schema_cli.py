"""`ckan cn-govdata schema`: the schemas of the levels."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ckanext.cn_govdata.schema import codes, describe
from ckanext.cn_govdata.schema import merge as merging
from ckanext.cn_govdata.schema.json_schema import json_schema
from ckanext.cn_govdata.schema.obligations import LEAST
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.schema.printing import print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@click.group(name="schema", short_help="Schemas of the administrative levels")
def schema_group() -> None:
    """Schemas of datasets, organisations and themes at the administrative levels."""


@schema_group.command()
@click.option(
    "--type", "type_", type=click.Choice(describe.TYPES), default=DATASET_TYPE, show_default=True
)
@click.option(
    "--level", type=click.Choice(describe.LEVELS), help="Obligations of this level alone."
)
@click.option(
    "--json-schema", "as_schema", is_flag=True, help="Print the JSON Schema of the level (county)."
)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def show(type_: str, level: str | None, as_schema: bool, as_json: bool) -> None:
    """Show fields, obligations and code lists of a schema.

    Obligations stand in the order national, province, prefecture, county.
    """
    if as_schema:
        print_json(json_schema(type_, level or LEAST))
        return
    shown = describe.described(type_, level)
    if as_json:
        print_json(shown)
        return
    levels = [level] if level else describe.LEVELS
    fields = [*shown["fields"], *_below("resources", shown.get("resource_fields", ()))]
    print_table(
        ("field", "label", "obligation", "values", "filled", "standard"),
        (_row(name, field, levels) for name, field in _flat(fields)),
    )


@schema_group.command()
@click.argument("own", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write.")
@click.option("--keep-own", multiple=True, help="Field of a clash in which yours is to stay.")
@click.option("--json", "as_json", is_flag=True, help="Print the clashes as JSON.")
def merge(own: Path, out: Path | None, keep_own: tuple[str, ...], as_json: bool) -> None:
    """Add our fields to the dataset schema OWN (YAML or JSON) of this site.

    OWN itself is not changed. A field that both have under other meanings is a clash: it is named,
    and nothing is written until each is decided by --keep-own or by renaming yours.
    """
    try:
        merged, clashes = merging.merge(merging.read(own.read_text(encoding="utf-8")))
    except (merging.NotASchema, UnicodeDecodeError) as error:
        raise click.ClickException(f"{own}: {error}") from error
    open_ = [clash for clash in clashes if clash.field_name not in keep_own]
    if as_json:
        print_json([_clash(clash) for clash in open_])
    else:
        for clash in open_:
            mine, theirs = (json.dumps(x, ensure_ascii=False) for x in (clash.own, clash.ours))
            click.echo(f"{clash.part}: {clash.field_name}: yours {mine}; ours {theirs}", err=True)
    if open_:
        sys.exit(1)
    text = merging.as_yaml(merged)
    if out:
        out.write_text(text, encoding="utf-8")
    elif not as_json:
        click.echo(text, nl=False)


def _clash(clash: merging.Clash) -> dict[str, Any]:
    names = ("part", "field_name", "own", "ours")
    return {name: getattr(clash, name) for name in names}


def _below(part: str, fields: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{**field, "name": f"{part}.{field['name']}"} for field in fields]


def _flat(fields: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Fields with their subfields after them, each with its dotted name."""
    for field in fields:
        yield field["name"], field
        yield from _flat(_below(field["name"], field["subfields"] or ()))


def _row(name: str, field: Mapping[str, Any], levels: Iterable[str]) -> list[str]:
    obligations = field["obligations"] or {}
    return [
        name,
        codes.in_reader_language(field["label"]),
        " ".join(obligations.get(level, "-") for level in levels),
        " ".join((field["kind"], *(field["code_lists"] or ()))),
        field["filled"] or field["derived_from"] or "",
        field["standard"] or "",
    ]
