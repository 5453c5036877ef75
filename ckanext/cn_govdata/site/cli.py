"""`ckan cn-govdata divisions | vocabulary`: what the shipped tables say. Nothing is counted."""

from __future__ import annotations

import click

from ckanext.cn_govdata.schema import helpers
from ckanext.cn_govdata.schema.printing import print_json, print_table
from ckanext.cn_govdata.site import divisions as pages
from ckanext.cn_govdata.site import vocabulary
from ckanext.cn_govdata.standards import divisions

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print as JSON.")


@click.group(name="divisions", short_help="Administrative divisions with their history")
def divisions_group() -> None:
    """Administrative divisions of GB/T 2260 with their history."""


@divisions_group.command("show")
@click.argument("code_or_name")
@_AS_JSON
def show_division(code_or_name: str, as_json: bool) -> None:
    """Show a division by code (6, 9 or 12 digits) or name."""
    shown = pages.described(_code(code_or_name))
    if as_json:
        print_json(shown)
        return
    rows = [
        (key, value)
        for key, value in shown.items()
        if value not in (None, [], "") and not isinstance(value, list)
    ]
    rows.extend(
        (key, "\n".join(f"{each['code']} {each['name']}" for each in shown[key]))
        for key in ("ancestors", "children", "predecessors", "today")
    )
    periods = (
        f"{row['valid_from']}-{row['valid_to'] or ''} {row['name_zh']}" for row in shown["history"]
    )
    rows.append(("history", "\n".join(periods)))
    print_table(("field", "value"), (row for row in rows if row[1] != ""))


@click.group(name="vocabulary", short_help="Code lists")
def vocabulary_group() -> None:
    """The code lists of the standards and of the portals."""


@vocabulary_group.command("list")
@_AS_JSON
def list_vocabularies(as_json: bool) -> None:
    """List the code lists."""
    found = vocabulary.all_lists()
    if as_json:
        print_json(found)
        return
    print_table(
        ("list", "codes", "title"), ((each["name"], each["size"], each["title"]) for each in found)
    )


@vocabulary_group.command("show")
@click.argument("name", metavar="LIST")
@_AS_JSON
def show_vocabulary(name: str, as_json: bool) -> None:
    """Show the codes of LIST."""
    try:
        shown = vocabulary.facts(name)
    except KeyError as error:
        raise click.BadParameter(f"there is no code list {name}", param_hint="LIST") from error
    if as_json:
        print_json(shown)
        return
    rows = (
        (each["key"], each["label_zh"], each["label_en"], each["source"])
        for each in shown["concepts"]
    )
    print_table(("code", "label_zh", "label_en", "source"), rows)


def _code(code_or_name: str) -> str:
    """The six-digit code; a usage error that names the candidates when it is not certain."""
    known = divisions.normalise(code_or_name)
    if known is not None:
        return known
    found = divisions.find(code_or_name)
    if len(found) == 1:
        return found[0].code
    if not found:
        raise click.BadParameter(
            f"{code_or_name} is neither a code nor a name of GB/T 2260", param_hint="CODE_OR_NAME"
        )
    candidates = "\n".join(f"  {each.code} {helpers.division(each.code)}" for each in found)
    raise click.BadParameter(
        f"several divisions are named {code_or_name}:\n{candidates}", param_hint="CODE_OR_NAME"
    )
