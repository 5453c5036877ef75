"""Search-as-you-type among today's divisions: by name, pinyin, pinyin initials or code."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import facets, helpers
from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.text.clean import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 100
_EXACT, _BEGINS, _WITHIN = range(3)
# The table of divisions reads the short name only.
_KINDS = {
    "省": "sheng",
    "市": "shi",
    "区": "qu",
    "县": "xian",
    "旗": "qi",
    "盟": "meng",
    "州": "zhou",
    "地": "di",
    "林": "lin",
    "特": "te",
    "自": "zi",
    "治": "zhi",
    "别": "bie",
    "行": "xing",
    "政": "zheng",
}
_ORDER = {level: rank for rank, level in enumerate(divisions.Level)}


def search(query: str, limit: int) -> tuple[divisions.Division, ...]:
    """Return at most `limit` of today's divisions that fit, the best first.

    A whole name or code comes before one that begins so, higher levels before lower ones. A former
    name leads to the divisions of today.
    """
    form = fold(query)
    if not form:
        return ()
    ranked = [
        (rank, _ORDER[division.level], division.code, division)
        for division, names, readings in _index()
        if (rank := _rank(form, names, readings)) is not None
    ]
    named = divisions.find(query)
    best = [*named, *(found[-1] for found in sorted(ranked, key=lambda found: found[:3]))]
    return tuple(dict.fromkeys(best))[:limit]


def autocomplete_schema() -> dict[str, Any]:
    """What `cn_govdata_division_autocomplete` takes."""
    names = ("ignore_missing", "default", "unicode_safe", "natural_number_validator")
    missing, default, text, natural = (tk.get_validator(name) for name in names)
    return {"q": [default(""), text], "limit": [default(10), missing, natural]}


@tk.side_effect_free
@tk.validate_action_data(autocomplete_schema)
def cn_govdata_division_autocomplete(
    context: dict[str, Any],
    data_dict: dict[str, Any],
) -> list[dict[str, str]]:
    """Divisions for a picker: a list of `{code, name, path}` in the reader's language.

    `q` is the beginning or a part of a name, its pinyin or their initials, or the beginning of a
    code; `limit` (10, at most 100) how many to return. `path` names the divisions above, too.
    """
    tk.check_access("cn_govdata_division_autocomplete", context, data_dict)
    found = search(data_dict["q"], min(data_dict["limit"], MOST))
    return [
        {
            "code": division.code,
            "name": facets.division_label(division.code),
            "path": helpers.division(division.code),
        }
        for division in found
    ]


def _rank(form: str, names: tuple[str, ...], readings: tuple[str, ...]) -> int | None:
    if form in names or form in readings:
        return _EXACT
    if any(key.startswith(form) for key in (*names, *readings)):
        return _BEGINS
    return _WITHIN if any(form in name for name in names) else None


@cache
def _index() -> tuple[tuple[divisions.Division, tuple[str, ...], tuple[str, ...]], ...]:
    """Each division of today with its names and with the ways to type them and its code."""
    return tuple(
        (division, _names(division), _readings(division))
        for division in _all_below(divisions.NATION)
    )


def _names(division: divisions.Division) -> tuple[str, ...]:
    names = (division.name_zh, division.short_name, division.name_en)
    return tuple(fold(name) for name in names if name)


def _readings(division: divisions.Division) -> tuple[str, ...]:
    """The code, the pinyin and its initials, also with the kind of the division: lixia, lixiaqu."""
    syllables = (division.pinyin or "").split()
    kind = division.name_zh.removeprefix(division.short_name)
    readings = [syllables]
    if len(syllables) == len(division.short_name) and all(sign in _KINDS for sign in kind):
        readings.append([*syllables, *(_KINDS[sign] for sign in kind)])
    whole = ("".join(reading) for reading in readings)
    initials = ("".join(part[0] for part in reading) for reading in readings)
    return (division.code, *whole, *initials)


def _all_below(code: str) -> Iterator[divisions.Division]:
    division = divisions.get(code)
    if division is not None:
        yield division
    for child in divisions.children(code):
        yield from _all_below(child.code)
