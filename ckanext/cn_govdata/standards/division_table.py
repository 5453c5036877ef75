"""The table of divisions: one row for each code and period, and the tree they form.

The table is yearly: a row valid in year Y stood in the ministry's table of 31 December Y.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from typing import TypeAlias

from .division_forms import short_name
from .resources import header_and_rows

NATION = "100000"
On: TypeAlias = int | date | None

_FIRST_YEAR = 1981


class Level(StrEnum):
    """Administrative level of a division."""

    NATIONAL = "national"
    PROVINCE = "province"
    PREFECTURE = "prefecture"
    COUNTY = "county"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Division:
    """One row of the table: a code, for the years `valid_from` <= year < `valid_to`.

    `valid_from` 1981 means 1981 or earlier; `valid_to` is None for a current division.
    `successors` are the codes that followed, `area_transferred_to` the (code, year) of parts
    that moved while the division lived on. `pinyin` is given for current divisions, `name_en`
    for provinces and prefectures.
    """

    code: str
    name_zh: str
    level: Level
    parent_code: str | None
    valid_from: int
    valid_to: int | None
    current: bool
    successors: tuple[str, ...]
    area_transferred_to: tuple[tuple[str, int], ...]
    unit_type: str
    pinyin: str | None
    name_en: str | None

    @property
    def short_name(self) -> str:
        """The name without type and peoples: 黔南, 内蒙古; 沛县 stays."""
        return short_name(self.name_zh)

    def valid_on(self, on: int | date) -> bool:
        """Whether the division stood at the end of that year."""
        year = on.year if isinstance(on, date) else on
        return self.valid_from <= year and (self.valid_to is None or year < self.valid_to)


@cache
def table() -> dict[str, tuple[Division, ...]]:
    """All rows by code, the rows of a code in order of time."""
    found: dict[str, list[Division]] = {NATION: [_nation()]}
    header, rows = header_and_rows("divisions.csv")
    column = {name: index for index, name in enumerate(header)}
    levels = {level.value: level for level in Level}
    code, name, level, parent = (column[n] for n in ("code", "name_zh", "level", "parent_code"))
    start, end, status = (column[n] for n in ("valid_from", "valid_to", "status"))
    successors, transfers = column["successor_code"], column["area_transferred_to"]
    kind, pinyin, english = (column[n] for n in ("unit_type", "name_pinyin", "name_en"))
    for row in rows:
        division = Division(
            row[code],
            row[name],
            levels[row[level]],
            row[parent] or NATION,
            int(row[start]),
            int(row[end]) if row[end] else None,
            row[status] == "current",
            tuple(row[successors].split(";")) if row[successors] else (),
            _transfers(row[transfers]) if row[transfers] else (),
            row[kind],
            row[pinyin] or None,
            row[english] or None,
        )
        found.setdefault(division.code, []).append(division)
    return {key: tuple(sorted(rows, key=_start)) for key, rows in found.items()}


def get(code: str, on: On = None) -> Division | None:
    """Return the division with this six-digit code, or None."""
    rows = table().get(code, ())
    if on is not None:
        return next((row for row in rows if row.valid_on(on)), None)
    return rows[-1] if rows else None


def history(code: str) -> tuple[Division, ...]:
    """All rows of a code in order of time; more than one where it was renamed or re-issued."""
    return table().get(code, ())


def parent(code: str, on: On = None) -> Division | None:
    """Return the division directly above; for a withdrawn one, as it stood in its last year."""
    division = get(code, on)
    if division is None or division.parent_code is None:
        return None
    if on is None and division.valid_to is not None:
        on = division.valid_to - 1
    return get(division.parent_code, on)


def ancestors(code: str, on: On = None) -> tuple[Division, ...]:
    """Return the divisions above, nearest first, the nation last."""
    division = get(code, on)
    if on is None and division is not None and division.valid_to is not None:
        on = division.valid_to - 1
    found = []
    above = parent(code, on)
    while above is not None:
        found.append(above)
        above = parent(above.code, on)
    return tuple(found)


def children(code: str, on: On = None) -> tuple[Division, ...]:
    """Return the divisions directly below, by code.

    Districts of a municipality, counties that a province administers itself and prefectures stand
    directly below the province; nothing stands below 东莞 and its like.
    """
    if on is None:
        return _children_today().get(code, ())
    rows = (row for history in table().values() for row in history if row.parent_code == code)
    return tuple(sorted((row for row in rows if row.valid_on(on)), key=lambda row: row.code))


def provinces() -> tuple[Division, ...]:
    """Return the 34 province-level divisions of today."""
    return children(NATION)


def is_within(code: str, ancestor: str, on: On = None) -> bool:
    """Whether the division is `ancestor` itself or lies below it."""
    return code == ancestor or any(above.code == ancestor for above in ancestors(code, on))


def _nation() -> Division:
    return Division(
        NATION,
        "中华人民共和国",
        Level.NATIONAL,
        None,
        _FIRST_YEAR,
        None,
        True,
        (),
        (),
        "nation",
        "zhong hua ren min gong he guo",
        "People's Republic of China",
    )


def _transfers(cell: str) -> tuple[tuple[str, int], ...]:
    """`130102[2001];130108[2001]` as pairs of code and year."""
    pairs = (part.rstrip("]").split("[") for part in cell.split(";"))
    return tuple((code, int(year)) for code, year in pairs)


def _start(division: Division) -> int:
    return division.valid_from


@cache
def _children_today() -> dict[str, tuple[Division, ...]]:
    found: dict[str, list[Division]] = {}
    for code in sorted(table()):
        division = table()[code][-1]
        if division.current and division.parent_code is not None:
            found.setdefault(division.parent_code, []).append(division)
    return {code: tuple(below) for code, below in found.items()}
