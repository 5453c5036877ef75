"""JSON Schema (draft 2020-12) of what an administrative level asks of a new entry.

Made of the same data as the form and `obligations`: an instance that fits is accepted as far as
single fields, obligations and their conditions go. What needs more than the entry itself (dates
that follow each other, divisions of their time, check characters, personal numbers) is checked by
the API alone.
"""

from __future__ import annotations

import mimetypes
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import codes, consistency, describe, json_values
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.standards.codelists import codelist

JSON = dict[str, Any]
Field = Mapping[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_FILLED = {"$ref": "#/$defs/filled"}
_CORE_REQUIRED = "not_empty"


def json_schema(type_: str, level: str) -> JSON:
    """The JSON Schema of `package_create`, `organization_create` or `group_create` at a level.

    Titles are in the reader's language. `required` are the fields that are mandatory at the level
    and that the schema does not fill itself.
    """
    schema = describe.loaded(type_)
    made = _object(describe.dataset_fields(schema), level)
    rules = made.pop("allOf", [])
    if type_ == DATASET_TYPE:
        resource = _object(schema.get("resource_fields", ()), level)
        resources = {"title": tk._("Resources"), "type": "array", "items": resource}
        made["properties"]["resources"] = resources
        rules.append(_not_shared_is_not_open())
    return {
        "$schema": DIALECT,
        "title": f"{type_} ({codes.label('admin_level', level)})",
        "$comment": schema.get("about", ""),
        **made,
        **({"allOf": rules} if rules else {}),
        "$defs": {"filled": {"not": {"enum": json_values.EMPTY}}},
    }


def _object(fields: Iterable[Field], level: str) -> JSON:
    """The JSON Schema of an entry, a resource or a row of a repeating part."""
    properties, required, rules = {}, [], []
    for field in fields:
        name = describe.api_name(field)
        must = _must(field, level)
        always = must and not field.get("applies_when") and not field.get("filled")
        properties[name] = _property(field, level, may_be_empty=not always)
        if always:
            required.append(name)
        elif must and (rule := _rule(field, name)):
            rules.append(rule)
    made: JSON = {"type": "object", "properties": properties, "required": required}
    return {**made, "allOf": rules} if rules else made


def _must(field: Field, level: str) -> bool:
    """Whether an entry without the field is refused, at least under a condition."""
    if "derived_from" in field:
        return False
    if field.get("required") or _CORE_REQUIRED in field.get("validators", "").split():
        return True
    obligation = field.get("obligation", {}).get(level)
    # What is conditional without a condition on fields is the harvest's: the provenance.
    return obligation == "M" or (obligation == "C" and "applies_when" in field)


def _property(field: Field, level: str, *, may_be_empty: bool) -> JSON:
    subfields = field.get("repeating_subfields")
    if subfields:
        stated: JSON = {"type": "array", "items": _object(subfields, level)}
    else:
        stated = json_values.value(field)
    with_emptiness = json_values.may_be_empty if may_be_empty else json_values.not_empty
    annotations = _annotations(field)
    if "description" in stated:
        texts = (annotations.get("description"), stated.pop("description"))
        annotations["description"] = " ".join(filter(None, texts))
    return {**annotations, **with_emptiness(stated)}


def _annotations(field: Field) -> JSON:
    """Title, help and source for those who show the JSON Schema to people."""
    names = describe.in_all_languages
    found = {"title": codes.in_reader_language(names(field.get("label", field["field_name"])))}
    if field.get("help_text"):
        found["description"] = codes.in_reader_language(names(field["help_text"]))
    if field.get("standard"):
        found["$comment"] = field["standard"]
    return {**found, "readOnly": True} if "derived_from" in field else found


def _rule(field: Field, name: str) -> JSON | None:
    """Where a field must be stated that need not always be; None where the schema fills it."""
    conditions: list[JSON] = []
    if field.get("applies_when"):
        when = {other: {"enum": list(values)} for other, values in field["applies_when"].items()}
        conditions.append({"properties": when, "required": list(when)})
    if field.get("filled") in _FILLED_WHERE:
        conditions.append({"not": _FILLED_WHERE[field["filled"]]()})
    if not conditions:
        return None
    then: JSON = {"required": [name], "properties": {name: _FILLED}}
    return {"if": conditions[0] if len(conditions) == 1 else {"allOf": conditions}, "then": then}


def _is_upload() -> JSON:
    return {"properties": {"url_type": {"const": "upload"}}, "required": ["url_type"]}


@cache
def _has_extension() -> JSON:
    """An address from whose end CKAN tells the format."""
    names = sorted(map(re.escape, codelist("format_crosswalk")))
    known = [name for name in names if mimetypes.guess_type(f"a.{name}")[0]]
    endings = "|".join((*known, *map(str.upper, known)))
    address = {"type": "string", "pattern": rf"[^/]/[^?#]*\.({endings})$"}
    return {"properties": {"url": address}, "required": ["url"]}


_FILLED_WHERE = {"upload": _is_upload, "url": _has_extension}


def _not_shared_is_not_open() -> JSON:
    not_shared = {"properties": {"share_type": {"const": consistency.NOT_SHARED}}}
    not_open = {"enum": [consistency.NOT_OPEN, None, ""]}
    return {
        "if": {**not_shared, "required": ["share_type"]},
        "then": {"properties": {"open_attribute": not_open}},
    }
