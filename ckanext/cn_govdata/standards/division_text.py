"""The division that stands at the head of a body's name: 安徽省合肥市肥东县教育局."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from .division_forms import abbreviations, short_name
from .division_names import full_names, todays
from .division_table import Level, is_within

if TYPE_CHECKING:
    from .division_table import Division

# Bodies that stand before the place: 中共金华市委宣传部, 国家税务总局贵定县税务局.
_BODY = re.compile("中共|中国共产党|中国共产主义青年团|共青团|国家税务总局")
_SEPARATORS = re.compile(r"[-_/\\|>·:—【】\[\]]*")
# Common words as well as names: certain only after the city's name.
_COMMON_WORDS = frozenset(("城区", "郊区", "矿区", "东区", "西区", "南区", "北区", "新区", "市区"))
# A type that is in truth the beginning of another word: 大同市场监督管理局, 西湖区域…
_OTHER_WORDS = {"市": ("场",), "区": ("域", "块", "间"), "县": ("域",)}
_SHORTEST = 2


def find_in_text(text: str, within: str | None = None) -> Division | None:
    """Return the division that a body's name begins with, or None when that is not certain.

    Read from the start, longest name first, down a path as far as it goes (province, city, county);
    a name counts with its type (平果市, 黔南州), a short one only as a step of a path. Former names
    lead to today's division. None too when the name fits several divisions, or one outside
    `within`. 市教育局 names no division.
    """
    clean = "".join(unicodedata.normalize("NFKC", text).split())
    body = _BODY.match(clean)
    found = _read(clean, body.end() if body else 0, within, None)
    if found is None or (within is not None and not is_within(found.code, within)):
        return None
    return found


def _read(text: str, start: int, within: str | None, above: Division | None) -> Division | None:
    """Return the division named at `start`: below `above` if given, else in or around `within`."""
    start = _skip(text, start)
    for end in range(min(len(text), start + _longest()), start + _SHORTEST - 1, -1):
        form = text[start:end]
        if above is None and form in _COMMON_WORDS:
            continue
        steps = {row for row in _steps().get(form, ()) if _fits(row, within, above)}
        named = set() if _begins_other_word(text, end) else _named(form, within, above)
        deeper = {_read(text, end, within, row) for row in named | steps} - {None}
        found = deeper or named
        if len(found) == 1:
            return found.pop()
        if found:
            return None
    return None


def _named(form: str, within: str | None, above: Division | None) -> set[Division]:
    """Return what `form` names for certain; former names count where no current one fits."""
    rows = _certain().get(form, ())
    current = {row for row in rows if row.current and _fits(row, within, above)}
    if current:
        return current
    outcomes = (todays((row,)) for row in rows if not row.current)
    fitting = (out for out in outcomes if any(_fits(row, within, above) for row in out))
    return {row for outcome in fitting for row in outcome}


def _fits(row: Division, within: str | None, above: Division | None) -> bool:
    if above is not None and (row.code == above.code or not is_within(row.code, above.code)):
        return False
    return within is None or is_within(row.code, within) or is_within(within, row.code)


def _skip(text: str, start: int) -> int:
    match = _SEPARATORS.match(text, start)
    return match.end() if match else start


def _begins_other_word(text: str, end: int) -> bool:
    return text[end : end + 1] in _OTHER_WORDS.get(text[end - 1], ())


@cache
def _certain() -> dict[str, tuple[Division, ...]]:
    """Rows by full name and by the abbreviations that keep a type."""
    found = {name: list(rows) for name, rows in full_names().items()}
    for name, rows in full_names().items():
        for form in abbreviations(name):
            found.setdefault(form, []).extend(rows)
    return {form: tuple(rows) for form, rows in found.items()}


@cache
def _steps() -> dict[str, tuple[Division, ...]]:
    """Provinces and prefectures by short name."""
    found: dict[str, list[Division]] = {}
    for name, rows in full_names().items():
        for row in rows:
            if row.current and row.level in (Level.PROVINCE, Level.PREFECTURE):
                found.setdefault(short_name(name), []).append(row)
    return {form: tuple(rows) for form, rows in found.items()}


@cache
def _longest() -> int:
    return max(map(len, _certain()))
