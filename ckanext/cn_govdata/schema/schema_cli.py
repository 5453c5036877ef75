"""`ckan cn-govdata schema`: the schemas of the levels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ckanext.cn_govdata.schema import codes, describe
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
