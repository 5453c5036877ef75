"""The .xlsx file of an export, written row by row: merged cells, drop-downs, formats of numbers."""

# ruff: noqa: ANN401 - a cell holds a value of any type

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from ckanext.cn_govdata.schema.codes import labels
from ckanext.cn_govdata.workbook.cells import label_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from ckanext.cn_govdata.workbook.columns import Column
    from ckanext.cn_govdata.workbook.rows import Rows

SHEET, LISTS_SHEET = "信息资源目录", "代码表"
# The last row that drop-downs and formats reach to (Excel's own last row is 1,048,576).
_LAST_ROW = 200_000
# What a cell can hold; a longer text is cut off by spreadsheets, or breaks the file.
_LONGEST = 32_767
_DAY = len("2023-06-16")
_WIDE = frozenset({"title", "notes", "url", "share_condition", "open_condition"})


class Book:
    """A workbook being written; a context manager that completes the file."""

    def __init__(self, path: Path, columns: Sequence[Column]) -> None:
        self._columns = columns
        # Rows are let go once written, so a file of any length takes the same memory.
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        plain = {"valign": "top", "text_wrap": True}
        self._text = self._book.add_format({**plain, "num_format": "@"})
        self._date = self._book.add_format({**plain, "num_format": "yyyy-mm-dd"})
        self._number = self._book.add_format({**plain, "num_format": "0"})
        self._sheet = self._book.add_worksheet(SHEET)
        self._next_row = 1
        self._head()
        self._lists()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, *exception: object) -> None:
        self._book.close()

    def add(self, rows: Rows) -> None:
        """Write the rows of one dataset and merge the cells that are the dataset's own."""
        first = self._next_row
        for values in rows.values(len(self._columns)):
            for place, value in enumerate(values):
                self._write(self._next_row, place, value)
            self._next_row += 1
        last = self._next_row - 1
        if last > first:
            # Not `merge_range`: it writes into rows that are let go already, and keeps every cell.
            self._sheet.merge += [
                [first, place, last, place]
                for place, column in enumerate(self._columns)
                if column.part is None
            ]

    def _write(self, row: int, place: int, value: Any) -> None:
        form = self._format(self._columns[place])
        if value is None or value == "":
            self._sheet.write_blank(row, place, None, form)
        elif isinstance(value, int):
            self._sheet.write_number(row, place, value, form)
        elif form is self._date and len(value) == _DAY:
            self._sheet.write_datetime(row, place, datetime.date.fromisoformat(value), form)
        else:
            # Always as text: a formula in a title stays a title.
            self._sheet.write_string(row, place, value[:_LONGEST], self._text)

    def _format(self, column: Column) -> Any:
        if column.kind == "date":
            return self._date
        return self._number if column.kind == "integer" else self._text

    def _head(self) -> None:
        bold = self._book.add_format({"bold": True, "text_wrap": True, "bg_color": "#DDE6F0"})
        for place, column in enumerate(self._columns):
            wide = 40 if column.field in _WIDE else 16
            self._sheet.set_column(place, place, wide, self._format(column))
            self._sheet.write_string(0, place, column.header, bold)
        self._sheet.freeze_panes(1, 0)

    def _lists(self) -> None:
        """The code lists on a sheet of their own, and the drop-downs that point there."""
        listed = {c.code_list: None for c in self._columns if c.code_list}
        choices = {name: [label_of(name, code) for code in labels(name)] for name in listed}
        sheet = self._book.add_worksheet(LISTS_SHEET)
        _fill(sheet, choices)
        for place, column in enumerate(self._columns):
            # A cell of several codes takes any text: a drop-down chooses one.
            if column.code_list and column.kind == "code":
                letter = xl_col_to_name(list(choices).index(column.code_list))
                last = len(choices[column.code_list]) + 1
                source = f"='{LISTS_SHEET}'!${letter}$2:${letter}${last}"
                self._sheet.data_validation(
                    1,
                    place,
                    _LAST_ROW,
                    place,
                    {"validate": "list", "source": source, "error_type": "warning"},
                )


def _fill(sheet: Any, choices: Mapping[str, Sequence[str]]) -> None:
    for place, name in enumerate(choices):
        sheet.write_string(0, place, name)
    for row in range(max(map(len, choices.values()))):
        for place, words in enumerate(choices.values()):
            if row < len(words):
                sheet.write_string(row + 1, place, words[row])
