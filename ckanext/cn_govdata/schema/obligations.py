"""What the element set asks of a dataset at each administrative level.

The obligations are data on the fields of `schemas/dataset.yaml`; this module only reads them.
"""

# ruff: noqa: ANN401 - a field's value is of any type

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import codes
from ckanext.cn_govdata.schema.consistency import contradictions
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.schema.violation import Violation

Data = Mapping[str, Any]
Field = Mapping[str, Any]

# A body whose level is unknown is asked what a county is asked: nobody is asked less.
LEAST = "county"


def check(data: Data, level: str | None, *, draft: bool) -> list[Violation]:
    """All that a dataset lacks at an administrative level, then what contradicts in it.

    In the order of the schema. `data` has the shape of `package_show`. A draft lacks nothing yet. Messages are in the
    reader's language.
    """
    if draft:
        return []
    schema = tk.h.scheming_get_dataset_schema(DATASET_TYPE)
    return [*_violations(data, schema, level or LEAST), *contradictions(data)]


def _violations(data: Data, schema: Mapping[str, Any], level: str) -> Iterator[Violation]:
    yield from _missing(data, schema["dataset_fields"], level)
    for index, resource in enumerate(data.get("resources") or ()):
        for found in _missing(resource, schema["resource_fields"], level):
            yield Violation(("resources", index, *found.path), found.obligation, found.message)


def _missing(data: Data, fields: Sequence[Field], level: str) -> Iterator[Violation]:
    for field in fields:
        obligation = _obligation(field, data, level)
        name = field.get("record_field", field["field_name"])
        subfields = field.get("repeating_subfields")
        rows = data.get(name)
        if subfields and rows and not isinstance(rows, str):
            for index, row in enumerate(rows):
                for found in _missing(row, subfields, level):
                    path = (name, index, *found.path)
                    yield Violation(path, found.obligation, found.message)
        elif obligation and _is_empty(rows):
            # An empty table is reported at its first cell: forms show errors of cells.
            path = (name, 0, subfields[0]["field_name"]) if subfields else (name,)
            yield Violation(path, obligation, _message(field, level, obligation))


def _obligation(field: Field, data: Data, level: str) -> str | None:
    """M, C or R where the field is asked for; None where it may be empty."""
    obligation = field.get("obligation", {}).get(level)
    condition = field.get("applies_when")
    if obligation not in ("M", "C", "R") or "derived_from" in field:
        return None
    if condition is None:
        # What is conditional without a condition on fields is the harvest's: the provenance.
        return None if obligation == "C" else obligation
    holds = all(str(data.get(name)) in values for name, values in condition.items())
    return obligation if holds else None


def _is_empty(value: Any) -> bool:
    return value is None or value is tk.missing or value in ("", [], {})


def _message(field: Field, level: str, obligation: str) -> str:
    text = (
        tk._("{label} is recommended at the level {level} ({standard})")
        if obligation == "R"
        else tk._("{label} is mandatory at the level {level} ({standard})")
    )
    return text.format(
        label=codes.in_reader_language(field["label"]),
        level=codes.label("admin_level", level),
        standard=field.get("standard") or "CKAN",
    )
