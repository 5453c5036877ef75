"""The fields of a dataset and its parts: `data/dataset_fields.csv` with types."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from .codelists import codelist_names
from .division_table import Level
from .resources import rows

if TYPE_CHECKING:
    from collections.abc import Mapping

_CHOICE = "|"
_SECOND_LIST = " + "


class Obligation(StrEnum):
    """How far a field is asked for."""

    MANDATORY = "M"
    RECOMMENDED = "R"
    CONDITIONAL = "C"
    OPTIONAL = "O"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `on` is what carries it: dataset, data_item, contact, resource or organization.

    `code_lists` are names for `codelist`, `choices` the values of a field whose few values need no
    list. `division` fields take a code of the division table. `from_standard` and `dcat` name
    where the field comes from and the property that it becomes.
    """

    on: str
    name: str
    label_zh: str
    label_en: str
    kind: str
    code_lists: tuple[str, ...]
    choices: tuple[str, ...]
    obligations: Mapping[Level, Obligation]
    from_standard: str
    dcat: str
    note: str


@cache
def fields() -> tuple[Field, ...]:
    """All fields in the order of the design."""
    return tuple(_field(row) for row in rows("dataset_fields.csv"))


@cache
def fields_on(on: str) -> Mapping[str, Field]:
    """Return the fields that `on` carries, by name.

    Raises KeyError when nothing of that name carries any.
    """
    found = {field.name: field for field in fields() if field.on == on}
    if not found:
        raise KeyError(f"no fields on {on!r}")
    return MappingProxyType(found)


def _field(row: dict[str, str]) -> Field:
    listed = row["code_list"]
    return Field(
        on=row["on"],
        name=row["field"],
        label_zh=row["label_zh"],
        label_en=row["label_en"],
        kind=row["kind"],
        code_lists=_code_lists(listed),
        choices=tuple(listed.split(_CHOICE)) if _CHOICE in listed else (),
        obligations=_obligations(row),
        from_standard=row["from_standard"],
        dcat=row["dcat"],
        note=row["note"],
    )


def _obligations(row: dict[str, str]) -> Mapping[Level, Obligation]:
    levels = (level for level in Level)
    return MappingProxyType({level: Obligation(row[level.value]) for level in levels})


def _code_lists(cell: str) -> tuple[str, ...]:
    """`gbt4754_2017_section + _division` stands for two lists with a common beginning."""
    names = cell.replace("format crosswalk", "format_crosswalk").split(_SECOND_LIST)
    if len(names) > 1:
        stem = names[0].rpartition("_")[0]
        names = [names[0], *(stem + name for name in names[1:])]
    return tuple(name for name in names if name in codelist_names())
