"""What is known of a division: names, level, place in the tree, what it was and became."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.schema import codes, facets
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.cn_govdata.standards.divisions import Division


def described(code: str) -> dict[str, Any]:
    """A division as JSON, labels in the reader's language.

    Years are those of the table, which is yearly: a division stood from the end of `valid_from`
    until before the end of `valid_to` (None: it stands today). Raises KeyError for a code that
    GB/T 2260 never had.
    """
    rows = divisions.history(code)
    if not rows:
        raise KeyError(code)
    division = rows[-1]
    return {
        **reference(division),
        "name_zh": division.name_zh,
        "name_en": division.name_en,
        "pinyin": division.pinyin,
        "unit_type": division.unit_type,
        "unit_type_label": _unit_type(division),
        "ancestors": references(reversed(divisions.ancestors(code))),
        "children": references(divisions.children(code)),
        "history": [_period(row) for row in rows],
        "predecessors": references(row for row in divisions.predecessors(code) if row.code != code),
        "successors": list(division.successors),
        "today": [] if division.current else references(divisions.today(code)),
        "area_transferred_to": [
            {**_reference_to(other, year), "year": year}
            for other, year in division.area_transferred_to
        ],
    }


def reference(division: Division) -> dict[str, Any]:
    """What a link to a division needs."""
    return {
        "code": division.code,
        "name": name(division),
        "level": division.level.value,
        "level_label": codes.label("admin_level", division.level.value),
        "current": division.current,
        "valid_from": division.valid_from,
        "valid_to": division.valid_to,
    }


def references(found: Iterable[Division]) -> list[dict[str, Any]]:
    """What links to several divisions need, in their order."""
    return [reference(division) for division in found]


def name(division: Division) -> str:
    """The name in the reader's language; of a former name, which has no English one, the Chinese."""
    if division == divisions.get(division.code):
        return facets.division_label(division.code)
    return division.name_zh


def _reference_to(code: str, year: int) -> dict[str, Any]:
    division = divisions.get(code, year) or divisions.get(code)
    return reference(division) if division else {"code": code, "name": code}


def _period(division: Division) -> dict[str, Any]:
    return {
        "name_zh": division.name_zh,
        "unit_type": division.unit_type,
        "unit_type_label": _unit_type(division),
        "valid_from": division.valid_from,
        "valid_to": division.valid_to,
    }


def _unit_type(division: Division) -> str | None:
    """The kind of unit; none for the nation, which is a kind of its own."""
    known = codes.labels("division_unit_type")
    unit_type = division.unit_type
    return codes.label("division_unit_type", unit_type) if unit_type in known else None
