"""The schemas as data for programs: fields, obligations, conditions and code lists.

What a site loads is described, fields of its own included: they need not have the keys that ours
have (see the head of `schemas/dataset.yaml`).
"""

# ruff: noqa: ANN401 - a label is a text or a mapping of texts

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import codes
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.schema.themes import GROUP_TYPE
from ckanext.cn_govdata.standards.divisions import Level

Field = Mapping[str, Any]

ORGANIZATION_TYPE = "organization"
TYPES = [DATASET_TYPE, ORGANIZATION_TYPE, GROUP_TYPE]
LEVELS = [level.value for level in Level]
LANGUAGES = (codes.SIMPLIFIED, codes.ENGLISH, codes.TRADITIONAL)

ROWS = "rows"
# A code of a list, but other values are stored too.
SUGGESTED_CODE = "suggested_code"
# Several field kinds are stored as codes of a list.
CODE_KINDS = ("code", "codes", SUGGESTED_CODE)


def loaded(type_: str) -> Mapping[str, Any]:
    """The schema that the site has loaded for datasets, organisations or theme groups.

    Raises `tk.ObjectNotFound` where it has none of that type.
    """
    found = {
        DATASET_TYPE: tk.h.scheming_get_dataset_schema,
        ORGANIZATION_TYPE: tk.h.scheming_get_organization_schema,
        GROUP_TYPE: tk.h.scheming_get_group_schema,
    }[type_](type_)
    if found is None:
        raise tk.ObjectNotFound(tk._("The site has no schema of this type"))
    return found


def dataset_fields(schema: Mapping[str, Any]) -> list[Field]:
    """The fields of the thing itself, whatever its schema calls them."""
    return list(schema["dataset_fields"] if "dataset_fields" in schema else schema["fields"])


def described(type_: str, level: str | None = None) -> dict[str, Any]:
    """All fields of a schema in its order; with a level each also with its own `obligation`."""
    schema = loaded(type_)
    found: dict[str, Any] = {
        "type": type_,
        "level": level,
        "levels": _codes("admin_level"),
        "sections": [
            {"id": section["id"], "label": in_all_languages(section["label"])}
            for section in schema.get("sections", ())
        ],
        "fields": [field(each, level) for each in dataset_fields(schema)],
    }
    if "resource_fields" in schema:
        found["resource_fields"] = [field(each, level) for each in schema["resource_fields"]]
    return found


def field(each: Field, level: str | None) -> dict[str, Any]:
    """One field of a schema. A key that does not apply to it is None."""
    obligations = each.get("obligation")
    subfields = each.get("repeating_subfields")
    shown_kind = kind(each)
    # The codes of a truth value are words of the form; the API has true and false.
    names = each.get("code_list", "") if shown_kind != "boolean" else ""
    found = {
        "name": api_name(each),
        "form_name": each["field_name"],
        "kind": shown_kind,
        "label": in_all_languages(each.get("label", each["field_name"])),
        "help": in_all_languages(each["help_text"]) if each.get("help_text") else None,
        "obligations": dict(obligations) if obligations else None,
        "applies_when": each.get("applies_when"),
        "filled": each.get("filled"),
        "derived_from": each.get("derived_from"),
        "code_lists": names.split() or None,
        "codes": None if shown_kind == "boolean" else codes_of(each),
        "standard": each.get("standard"),
        "section": each.get("section"),
        "subfields": [field(part, level) for part in subfields] if subfields else None,
    }
    if level:
        found["obligation"] = (obligations or {}).get(level)
    return found


def api_name(each: Field) -> str:
    """The name of a field in the API; that of the form differs for tags."""
    return each.get("record_field", each["field_name"])


def kind(each: Field) -> str:
    """What the values of a field are, the key of `json_values.VALUES`."""
    if each.get("repeating_subfields"):
        return ROWS
    return each.get("kind") or ("code" if each.get("choices") else "text")


def codes_of(each: Field) -> list[dict[str, Any]] | None:
    """The codes that a field takes, each with its labels; None for a field without a list."""
    if each.get("code_list"):
        return _codes(each["code_list"])
    if each.get("choices"):
        return [
            {"code": choice["value"], "label": in_all_languages(choice["label"])}
            for choice in each["choices"]
        ]
    return None


def in_all_languages(value: Any) -> dict[str, str]:
    """The versions of a label; a site's own label without languages stands in each."""
    return dict(value) if isinstance(value, Mapping) else dict.fromkeys(LANGUAGES, value)


def _codes(names: str) -> list[dict[str, Any]]:
    return [{"code": code, "label": dict(labels)} for code, labels in codes.labels(names).items()]
