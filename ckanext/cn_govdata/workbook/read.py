"""The rows of a workbook, one after another: .xlsx, .xls, or .csv in UTF-8 or GB18030."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from ckanext.cn_govdata.text.csv_cells import without_guard
from ckanext.cn_govdata.workbook import guard
from ckanext.cn_govdata.workbook.problems import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from python_calamine import CalamineSheet

Values = Sequence[Any]

CSV_SHEET = "CSV"
_ENCODINGS = ("utf-8-sig", "gb18030")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet; `rows` can be gone through once and yields every row from the first on."""

    name: str
    rows: Iterator[Values]


def sheets(path: Path) -> Iterator[Sheet]:
    """The visible sheets of a file, cells of a merged area all with its value.

    Raises `Refused` for a file that cannot be read, also while rows are read.
    """
    if guard.kind_of(path) == guard.CSV:
        yield Sheet(CSV_SHEET, _limited(_csv_rows(path)))
        return
    try:
        # Not from its path: the library would believe the name.
        with path.open("rb") as file:
            workbook = CalamineWorkbook.from_filelike(file)
        for sheet in workbook.sheets_metadata:
            # What its author does not see is not imported either.
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet:
                found = workbook.get_sheet_by_name(sheet.name)
                yield Sheet(sheet.name, _limited(_sheet_rows(found)))
    except CalamineError as error:
        reason = tk._("The file is no workbook that can be read: {error}")
        raise Refused(reason.format(error=error)) from error


def _limited(rows: Iterable[Values]) -> Iterator[Values]:
    for number, row in enumerate(rows):
        if number >= guard.MAX_ROWS:
            raise Refused(tk._("The file has more than {most} rows").format(most=guard.MAX_ROWS))
        if len(row) > guard.MAX_COLUMNS and any(row[guard.MAX_COLUMNS :]):
            reason = tk._("The file has more than {most} columns")
            raise Refused(reason.format(most=guard.MAX_COLUMNS))
        yield row


def _sheet_rows(sheet: CalamineSheet) -> Iterator[Values]:
    if sheet.height == 0:
        return
    merged = _starts(sheet)
    # column → (last row, value) of the merged area that reaches into the rows to come
    open_: dict[int, tuple[int, Any]] = {}
    # The library leaves empty columns on the left out, but no empty rows above.
    left = [""] * (sheet.start or (0, 0))[1]
    for number, given in enumerate(sheet.iter_rows()):
        row = [*left, *given]
        for column, (last_row, value) in list(open_.items()):
            if number > last_row:
                del open_[column]
            elif column < len(row) and row[column] == "":
                row[column] = value
        for column, last_row, last_column in merged.get(number, ()):
            value = row[column] if column < len(row) else ""
            for place in range(column, min(last_column + 1, len(row))):
                row[place] = value
                if last_row > number:
                    open_[place] = (last_row, value)
        yield row


def _starts(sheet: CalamineSheet) -> dict[int, list[tuple[int, int, int]]]:
    """The merged areas by first row: column, last row, last column."""
    found = defaultdict(list)
    for (row, column), (last_row, last_column) in sheet.merged_cell_ranges or ():
        found[row].append((column, last_row, last_column))
    return found


def _csv_rows(path: Path) -> Iterator[Values]:
    with path.open(encoding=_encoding(path), newline="") as file:
        head = file.read(4096)
        file.seek(0)
        mark = max(",;\t", key=head.count)
        try:
            for row in csv.reader(file, delimiter=mark):
                yield [without_guard(value) for value in row]
        except csv.Error as error:
            reason = tk._("The file is no CSV that can be read: {error}")
            raise Refused(reason.format(error=error)) from error


def _encoding(path: Path) -> str:
    for encoding in _ENCODINGS:
        try:
            with path.open(encoding=encoding, newline="") as file:
                while file.read(_CHUNK):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    raise Refused(tk._("The text of the file is neither UTF-8 nor GB18030"))
