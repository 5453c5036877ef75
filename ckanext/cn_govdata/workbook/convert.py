"""The fields of the dataset schema from the columns of a workbook, where one is not the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema.consistency import NOT_OPEN
from ckanext.cn_govdata.standards import credit_code, formats
from ckanext.cn_govdata.standards.codelists import codelist
from ckanext.cn_govdata.text.clean import fold
from ckanext.cn_govdata.workbook.entry import Entry, entries
from ckanext.cn_govdata.workbook.problems import (
    ERROR,
    WARNING,
    Problem,
    cell_name,
    shortened,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ckanext.cn_govdata.workbook.header import Table

OPEN, OPEN_ON_CONDITIONS = "1", "2"
_NO_CONDITION = frozenset(map(fold, ("无", "无条件", "无条件开放", "无需条件")))
_NO = "0"


def datasets(table: Table) -> Iterator[Entry]:
    """The datasets of a table, each converted by itself."""
    for number, entry in enumerate(entries(table)):
        if number == 0:
            _strange_columns(table, entry)
        convert(entry)
        yield entry


def _strange_columns(table: Table, entry: Entry) -> None:
    """What stands in columns that nobody reads must not be missed in silence: said once."""
    for place, header in table.strange.items():
        rule = tk._("The column is not known, or named twice; it is not read")
        cell = cell_name(table.header_row, place)
        entry.problems.append(
            Problem(WARNING, table.sheet, cell, shortened(header), shortened(header), rule)
        )


def convert(entry: Entry) -> None:
    """Turn columns that speak of several fields, or of a part of one, into fields."""
    for step in _STEPS:
        step(entry)


def _path(entry: Entry) -> None:
    """目 and 细目 as one path."""
    if "<path_first>" not in entry.fields and "<path_rest>" not in entry.fields:
        return
    parts = (entry.fields.pop("<path_first>", None), entry.fields.pop("<path_rest>", None))
    entry.fields["catalog_path"] = "/".join(filter(None, parts)) or None


def _openness(entry: Entry) -> None:
    """是否向社会开放 as an open attribute, unless a column states that itself."""
    if "<open_to_society>" not in entry.fields:
        return
    answer = entry.fields.pop("<open_to_society>")
    stated = entry.fields.get("open_attribute")
    if answer is None:
        entry.fields.setdefault("open_attribute", None)
    elif stated is None:
        condition = entry.fields.get("open_condition")
        conditional = condition and fold(condition) not in _NO_CONDITION
        said = OPEN_ON_CONDITIONS if conditional else OPEN
        entry.fields["open_attribute"] = NOT_OPEN if answer == _NO else said
    elif (stated == NOT_OPEN) != (answer == _NO):
        rule = tk._("Whether it is open to society contradicts the openness (guide 1272)")
        entry.problem(ERROR, ("<open_to_society>",), answer, rule)


def _volume(entry: Entry) -> None:
    """The gigabytes of a survey, unless a column states bytes."""
    volume = entry.fields.pop("<volume_gb>", None)
    if volume is not None and entry.fields.get("data_volume") is None:
        entry.fields["data_volume"] = volume


def _formats(entry: Entry) -> None:
    """The format category that the format types name, where its cell is empty.

    A file that lists the resources says all there is: an export leaves empty what is empty.
    """
    written = entry.fields.pop("<formats>", None)
    stated = entry.fields.get("format_category") or ("resources", "format") in entry.columns
    if not written or stated:
        return
    listed = {
        fold(code): concept.extra["category"] for code, concept in codelist("format_type").items()
    }
    found = {listed.get(fold(word)) for word in formats.format_words(written)}
    if len(found) == 1 and None not in found:
        entry.fields["format_category"] = found.pop()


def _wording(entry: Entry) -> None:
    """Words that are no code are kept as written, where the schema has a field for that."""
    for name, words in entry.raw.items():
        if entry.fields.get(f"{name}_text") is None:
            entry.fields[f"{name}_text"] = words


def _unstored(entry: Entry) -> None:
    for name in [name for name in entry.fields if name.startswith("<")]:
        value = entry.fields.pop(name)
        if value is not None:
            entry.problem(WARNING, (name,), value, tk._("The column is read but not stored"))


def _credit_code(entry: Entry) -> None:
    written = entry.fields.get("provider_uscc")
    if written:
        checked = credit_code.check(written)
        if checked.valid:
            entry.fields["provider_uscc"] = checked.code


_STEPS: tuple[Callable[[Entry], None], ...] = (
    _path,
    _openness,
    _volume,
    _formats,
    _wording,
    _unstored,
    _credit_code,
)
