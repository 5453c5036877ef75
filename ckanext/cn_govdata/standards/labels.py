"""From a label to the fields that it may stand for: the element set's names and those of portals."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .fields import fields_on
from .folding import fold
from .resources import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

# Under these names a raw record holds the words of a field that has a code beside them.
_AS_WRITTEN = {"domain": "domain_text", "industry": "industry_text", "frequency": "frequency_text"}
# Set by the catalogue itself, or more than one cell.
_NOT_CELLS = frozenset(
    {"name", "owner_org", "groups", "identifier", "admin_level", "division_code", "license_id"}
    | {"data_items", "contact", "portal_id", "source_id", "source_extra"}
)


def fields_of(label: str) -> tuple[str, ...]:
    """The fields of a raw record that a label may stand for, the likeliest first; empty if none.

    Known are the names and labels of the element set in Chinese and English and the labels of
    `data/field_labels.csv`, compared without width, case, spaces and punctuation. A label has
    several meanings where portals use a name of the standard for another element (开放条件).
    """
    return _fields().get(fold(label), ())


def is_national(label: str) -> bool:
    """Whether a label is a name of the element set, in Chinese or English."""
    return fold(label) in _national()


@cache
def _national() -> frozenset[str]:
    return frozenset(
        fold(text)
        for name, field in fields_on("dataset").items()
        if name not in _NOT_CELLS
        for text in (name, field.label_zh, field.label_en)
    )


@cache
def _fields() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for row in rows("field_labels.csv"):
        found.setdefault(fold(row["label"]), {})[row["field"]] = None
    for name, field in fields_on("dataset").items():
        if name not in _NOT_CELLS:
            for label in (name, field.label_zh, field.label_en):
                found.setdefault(fold(label), {})[_AS_WRITTEN.get(name, name)] = None
    return {label: tuple(fields) for label, fields in found.items()}
