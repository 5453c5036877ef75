"""The header of a sheet: found by its content, below whatever titles and notes stand above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.text.clean import fold
from ckanext.cn_govdata.workbook.columns import Column, by_header

if TYPE_CHECKING:
    from ckanext.cn_govdata.workbook.read import Sheet, Values

_SEARCHED_ROWS = 30
# Without these no row can be told to be a dataset; a list of code labels has neither.
_NEEDED = (None, "title")
_FEWEST_COLUMNS = 3

Columns = Mapping[int, Column]


@dataclass(frozen=True, slots=True)
class Table:
    """The part of a sheet below its header. `rows` are (row counted from 0, values).

    `strange` are the headers that name no column, or one that another names already, by place.
    """

    sheet: str
    header_row: int
    columns: Columns
    rows: Iterator[tuple[int, Values]]
    strange: Mapping[int, str] = field(default_factory=dict)


def find(sheet: Sheet) -> Table | None:
    """The table of a sheet; None when no row among the first is its header.

    A header may take two rows: groups above, columns below.
    """
    start = list(islice(sheet.rows, _SEARCHED_ROWS))
    known = by_header()
    best: tuple[int, int, int] | None = None  # columns, -rows of the header, -its first row
    found: Columns = {}
    for number in range(len(start)):
        for height in (1, 2):
            columns = _columns(start[number : number + height], known)
            if not any(column.key == _NEEDED for column in columns.values()):
                continue
            rank = (len(columns), -height, -number)
            if len(columns) >= _FEWEST_COLUMNS and (best is None or rank > best):
                best, found = rank, columns
    if best is None:
        return None
    first_row = -best[1] - best[2]
    below = enumerate(chain(start[first_row:], sheet.rows), start=first_row)
    strange = _strange(start[-best[2] : first_row], found)
    return Table(sheet.name, first_row - 1, found, below, strange)


def _strange(rows: list[Values], found: Columns) -> dict[int, str]:
    lowest = {
        place: str(row[place]).strip()
        for row in rows
        for place in range(len(row))
        if row[place] not in ("", None)
    }
    return {place: text for place, text in lowest.items() if place not in found and text}


def _columns(rows: list[Values], known: Mapping[str, Column]) -> Columns:
    """The columns that header rows name, by place; a column named twice counts where it is first."""
    found: dict[int, Column] = {}
    for place in range(max(map(len, rows), default=0)):
        texts = [_header(row, place) for row in rows]
        lower = texts[-1] or texts[0]
        column = known.get("".join(texts)) or known.get(lower)
        if column and column.key not in {other.key for other in found.values()}:
            found[place] = column
    return found


def _header(row: Values, place: int) -> str:
    value: Any = row[place] if place < len(row) else ""
    text = fold(value) if isinstance(value, str) else ""
    # 必填 and 选填 stand beside the names of many templates.
    return text.removesuffix("必填").removesuffix("选填")
