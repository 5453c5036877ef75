"""A site's own dataset schema together with ours: its file, plus the fields that it lacks.

A field that both have keeps the site's definition. CKAN's own columns then only take over what
ours says beside the definition (obligation, standard, section). For any other field the same name
must mean the same, or it is a clash, which a person decides: nothing is overwritten.
"""

# ruff: noqa: ANN401 - a schema file holds values of any shape

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

Schema = dict[str, Any]
Field = Mapping[str, Any]

PARTS = ("dataset_fields", "resource_fields")
# Columns of CKAN: their meaning is CKAN's, whatever a schema says of how they are shown.
_COLUMNS = {
    "dataset_fields": frozenset(
        {"title", "name", "notes", "owner_org", "tag_string", "url", "license_id", "private"}
    ),
    "resource_fields": frozenset({"url", "name", "format", "size"}),
}
_BESIDE = ("obligation", "applies_when", "filled", "derived_from", "standard", "section", "kind")
# What decides how a value is checked and stored.
_MEANING = ("preset", "validators", "output_validators", "code_list", "choices", "choices_helper")
_VALIDATORS = ("before_validators", "after_validators")


class NotASchema(ValueError):  # noqa: N818 - named after what the file is
    """The file holds no dataset schema of ckanext-scheming."""


@dataclass(frozen=True, slots=True)
class Clash:
    """A field of one name and two meanings."""

    part: str
    field_name: str
    own: Mapping[str, Any]
    ours: Mapping[str, Any]


def read(text: str) -> Schema:
    """A dataset schema from YAML or JSON. Raises `NotASchema` with the reason."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise NotASchema(f"neither YAML nor JSON: {error}") from error
    if not isinstance(found, dict) or "dataset_fields" not in found:
        raise NotASchema("no dataset_fields")
    for part in PARTS:
        for number, field in enumerate(found.get(part) or ()):
            if not isinstance(field, dict) or "field_name" not in field:
                raise NotASchema(f"{part}[{number}] has no field_name")
    return found


@cache
def ours() -> Schema:
    """The dataset schema of the suite."""
    path = files("ckanext.cn_govdata").joinpath("schemas", "dataset.yaml")
    return read(path.read_text(encoding="utf-8"))


def merge(own: Schema) -> tuple[Schema, list[Clash]]:
    """The site's schema with our fields, and the clashes, in which the site's field stays."""
    merged, clashes = dict(own), []
    for part in PARTS:
        merged[part], found = _fields(part, own.get(part) or (), ours()[part])
        clashes += found
    known = {section["id"] for section in own.get("sections") or ()}
    added = [section for section in ours()["sections"] if section["id"] not in known]
    merged["sections"] = [*(own.get("sections") or ()), *added]
    for name in _VALIDATORS:
        words = [*str(own.get(name) or "").split(), *ours()[name].split()]
        merged[name] = " ".join(dict.fromkeys(words))
    merged.setdefault("dataset_type", ours()["dataset_type"])
    # Repeating subfields need the second version of the format.
    merged["scheming_version"] = ours()["scheming_version"]
    return merged, clashes


def as_yaml(schema: Schema) -> str:
    """A schema as the file that scheming loads."""
    return yaml.safe_dump(schema, allow_unicode=True, sort_keys=False, width=100)


def _fields(part: str, own: Any, added: Any) -> tuple[list[Field], list[Clash]]:
    by_name = {field["field_name"]: field for field in added}
    fields: list[Field] = []
    clashes: list[Clash] = []
    for field in own:
        name = field["field_name"]
        counterpart = by_name.get(name)
        if counterpart is None:
            fields.append(field)
            continue
        same = name in _COLUMNS[part] or _meaning(field) == _meaning(counterpart)
        if not same:
            clashes.append(Clash(part, name, _meaning(field), _meaning(counterpart)))
        beside = {key: counterpart[key] for key in _BESIDE if key in counterpart} if same else {}
        fields.append({**beside, **field})
    names = {field["field_name"] for field in own}
    return [*fields, *(field for field in added if field["field_name"] not in names)], clashes


def _meaning(field: Field) -> dict[str, Any]:
    """What of a field decides how its value is checked and stored."""
    found = {key: field[key] for key in _MEANING if field.get(key)}
    subfields = field.get("repeating_subfields")
    if subfields:
        found["repeating_subfields"] = {each["field_name"]: _meaning(each) for each in subfields}
    return found
