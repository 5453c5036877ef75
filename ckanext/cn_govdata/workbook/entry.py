"""The rows of one dataset, gathered: a dataset takes several rows, one for each data item."""

# ruff: noqa: ANN401 - a field holds a value of any type

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.workbook import cells
from ckanext.cn_govdata.workbook.problems import (
    ERROR,
    WARNING,
    Problem,
    cell_name,
    shortened,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.cn_govdata.workbook.columns import Column
    from ckanext.cn_govdata.workbook.header import Table
    from ckanext.cn_govdata.workbook.read import Values

# What tells one dataset from the next, the surest first.
IDENTITY = ("identifier", "resource_code", "title")

# The column that states a field where it has none of its own.
_STATED_BY = {"open_attribute": "<open_to_society>", "catalog_path": "<path_first>"}

Path = tuple[Any, ...]


@dataclass(slots=True)
class Entry:
    """A dataset as its rows state it.

    `fields` has a value for every column of the file, None where the cells are empty; `parts`
    the rows of the repeating parts that the file has columns for. `raw` keeps the words of
    coded cells that were not understood.
    """

    sheet: str
    row: int
    columns: dict[tuple[str | None, str], tuple[int, Column]]
    fields: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    part_rows: dict[str, list[int]] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, severity: str, path: Path, value: Any, rule: str) -> None:
        """Note a problem at the cell that holds a field: ``("title",)``, ``("contact", 0, "phone")``."""
        part, row = None, self.row
        if len(path) > 1 and path[0] in self.part_rows:
            part = path[0]
            rows = self.part_rows[part]
            row = rows[path[1]] if path[1] < len(rows) else row
        key = (part, path[-1])
        if key not in self.columns:
            key = (part, _STATED_BY.get(path[-1], path[-1]))
        self.note(severity, (row, key), value, rule)

    def note(
        self, severity: str, place: tuple[int, tuple[str | None, str]], value: Any, rule: str
    ) -> None:
        """Note a problem at a row and the column of a key; without the column, at the row's start."""
        row, key = place
        number, column = self.columns.get(key, (0, None))
        header = column.header if column else key[1]
        found = Problem(
            severity, self.sheet, cell_name(row, number), header, shortened(value), rule
        )
        self.problems.append(found)

    @property
    def has_errors(self) -> bool:
        """Whether any problem stands in the way of writing."""
        return any(problem.is_error for problem in self.problems)


def entries(table: Table) -> Iterator[Entry]:
    """The datasets of a table in their order."""
    columns = {column.key: (place, column) for place, column in table.columns.items()}
    current: Entry | None = None
    first: Values = ()
    for number, row in table.rows:
        if not any(_cell(row, place) not in (None, "") for place in table.columns):
            continue
        if current is None or not _continues(row, first, columns):
            if current is not None:
                yield current
            current, first = _begun(table.sheet, number, row, columns), row
        else:
            _compare(current, number, row, first)
        _add_parts(current, number, row)
    if current is not None:
        yield current


def _continues(row: Values, first: Values, columns: dict[Any, tuple[int, Column]]) -> bool:
    """Whether a row belongs to the dataset above: it repeats its identity or leaves it blank."""
    for name in IDENTITY:
        place = columns.get((None, name), (None, None))[0]
        if place is None:
            continue
        value = _cell(row, place)
        if value not in (None, "") and value != _cell(first, place):
            return False
    return True


def _begun(
    sheet: str, number: int, row: Values, columns: dict[tuple[str | None, str], tuple[int, Column]]
) -> Entry:
    entry = Entry(sheet, number, columns)
    for key, (place, column) in columns.items():
        if column.part:
            entry.parts.setdefault(column.part, [])
            entry.part_rows.setdefault(column.part, [])
        else:
            entry.fields[column.field] = _read(entry, (number, key), column, _cell(row, place))
    return entry


def _compare(entry: Entry, number: int, row: Values, first: Values) -> None:
    """A further row of a dataset may repeat what the first says, not contradict it."""
    for key, (place, column) in entry.columns.items():
        value = _cell(row, place)
        if column.part or value in (None, "") or value == _cell(first, place):
            continue
        rule = tk._("The rows of one dataset state different values; the first is in row {row}")
        entry.note(ERROR, (number, key), value, rule.format(row=entry.row + 1))


def _add_parts(entry: Entry, number: int, row: Values) -> None:
    rows: dict[str, dict[str, Any]] = {}
    for key, (place, column) in entry.columns.items():
        if column.part:
            value = _read(entry, (number, key), column, _cell(row, place))
            if value is not None:
                rows.setdefault(column.part, {})[column.field] = value
    for part, values in rows.items():
        entry.parts[part].append(values)
        entry.part_rows[part].append(number)


def _read(
    entry: Entry, place: tuple[int, tuple[str | None, str]], column: Column, value: Any
) -> Any:
    try:
        return cells.read(column, value)
    except ValueError as broken:
        # The wording is kept where the schema has a field for it: then it is no error here.
        kept = column.part is None and column.field in ("frequency", "domain", "industry")
        if kept:
            entry.raw[column.field] = str(value).strip()
        entry.note(WARNING if kept else ERROR, place, value, str(broken))
        return None


def _cell(row: Values, place: int) -> Any:
    return row[place] if place < len(row) else None
