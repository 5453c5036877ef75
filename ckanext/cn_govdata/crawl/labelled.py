"""Cells under labels that people read, as a raw record: what a catalogue without codes holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl.raw import MANY, Raw
from ckanext.cn_govdata.standards import words
from ckanext.cn_govdata.standards.labels import fields_of, is_national
from ckanext.cn_govdata.text import clean

if TYPE_CHECKING:
    from collections.abc import Mapping


def raw_of(cells: Mapping[str, Any], source_id: str) -> tuple[Raw, dict[str, str]]:
    """The raw record of cells by label, and the field that each used label went to.

    Blank cells say nothing. Where two labels mean one field, the name of the element set wins, else
    the first. A cell whose label is unknown, or whose field has a value already, is kept among the
    extra values.
    """
    listed: dict[str, Any] = {"source_id": source_id}
    extra: dict[str, Any] = {}
    used: dict[str, str] = {}
    for label, value in sorted(cells.items(), key=lambda cell: not is_national(cell[0])):
        if clean.is_placeholder(value):
            continue
        field = _field(label, value, listed)
        if field is None:
            extra[label] = value
            continue
        used[label] = field
        if field in MANY:
            listed[field] = [
                *listed.get(field, ()),
                *(value if isinstance(value, list) else [value]),
            ]
        else:
            listed[field] = value
    return {"list": listed, "detail": {}, "extra": extra, "each": {}}, used


def _field(label: str, value: object, listed: Mapping[str, Any]) -> str | None:
    """The first meaning of a label that its value fits and that is free still."""
    meanings = fields_of(label)
    for number, field in enumerate(meanings):
        taken = field in listed and field not in MANY
        last = number == len(meanings) - 1
        if not taken and (last or _fits(field, value)):
            return field
    return None


def _fits(field: str, value: object) -> bool:
    """Whether a value may be one of a field; only openness is ever in doubt."""
    return field != "open_attribute" or words.open_attribute(clean.line(value)) is not None
