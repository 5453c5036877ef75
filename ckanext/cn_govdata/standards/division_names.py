"""Divisions by name: full or short, of today or former."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from .division_forms import abbreviations, short_name
from .division_table import Division, Level, is_within, table
from .folding import fold
from .succession import today

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .division_table import On

_RANK = {level: rank for rank, level in enumerate(Level)}


def find(
    name: str, *, within: str | None = None, level: Level | None = None, on: On = None
) -> tuple[Division, ...]:
    """All divisions of this name, higher levels first; empty when there is none.

    The full name counts before short forms (黔南, 黔南州, 贵定), today's names before former ones,
    which lead to today's divisions (平果县 to 平果市). With `on` only the rows valid then are
    meant and returned. `within` is a code: only that division and those below it.
    """
    form = fold(name)
    rows_of_form = [index.get(form, ()) for index in (full_names(), short_names())]
    for rows in rows_of_form:
        standing = (row for row in rows if (row.current if on is None else row.valid_on(on)))
        found = _narrow(standing, within, level, on)
        if found:
            return found
    for rows in rows_of_form if on is None else ():
        found = _narrow(todays(row for row in rows if not row.current), within, level, on)
        if found:
            return found
    return ()


def todays(former: Iterable[Division]) -> set[Division]:
    """Return the current divisions in which these former ones live on."""
    return {now for row in former for now in today(row.code, row.valid_from)}


@cache
def full_names() -> dict[str, tuple[Division, ...]]:
    """All rows, current and former, by full name."""
    found: dict[str, list[Division]] = defaultdict(list)
    for history in table().values():
        for row in history:
            found[row.name_zh].append(row)
    return {name: tuple(rows) for name, rows in found.items()}


@cache
def short_names() -> dict[str, tuple[Division, ...]]:
    """All rows by the forms of their names other than the full one."""
    found: dict[str, list[Division]] = defaultdict(list)
    for name, rows in full_names().items():
        for form in {short_name(name), *abbreviations(name)} - {name}:
            found[form].extend(rows)
    return {form: tuple(rows) for form, rows in found.items()}


def _narrow(
    rows: Iterable[Division], within: str | None, level: Level | None, on: On
) -> tuple[Division, ...]:
    kept = {
        row
        for row in rows
        if (within is None or is_within(row.code, within, on)) and level in (None, row.level)
    }
    return tuple(sorted(kept, key=lambda row: (_RANK[row.level], row.code, row.valid_from)))
