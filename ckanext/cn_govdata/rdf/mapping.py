"""Which field becomes which property: `data/mapping.csv`, from which the documentation is made too."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ckanext.cn_govdata.standards.fields import fields_on

from .namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.standards.fields import Field

SPECIAL = "special"  # written by code, because it is more than one triple


@dataclass(frozen=True, slots=True)
class Mapped:
    """How a field is written: the property as a term, the form of its values, their code lists."""

    field: str
    property: str
    prefixed: str  # the property as people read it
    form: str
    lists: tuple[str, ...]
    note: str


@cache
def mapped_on(on: str) -> Mapping[str, Mapped]:
    """Return how the fields of a dataset, data_item, contact or resource are written, by name."""
    source = files(__package__).joinpath("data", "mapping.csv").read_text("utf-8")
    known = fields_on(on)
    return {
        row["field"]: Mapped(
            row["field"],
            _term(row["property"]),
            row["property"],
            row["form"],
            _lists(row, known),
            row["note"],
        )
        for row in csv.DictReader(io.StringIO(source, newline=""))
        if row["on"] == on
    }


def _lists(row: Mapping[str, str], known: Mapping[str, Field]) -> tuple[str, ...]:
    """The field's code lists; `list` names one where the field has its few codes as choices."""
    if row["list"]:
        return (row["list"],)
    field = known.get(row["field"])
    return field.code_lists if field else ()


def _term(prefixed: str) -> str:
    prefix, _, name = prefixed.partition(":")
    return f"<{PREFIXES[prefix]}{name}>"
