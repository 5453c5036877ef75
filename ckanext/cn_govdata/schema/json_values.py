"""JSON Schema of single values by the kind of their field: the form in which they are stored.

The API reads more spellings than these (`2` for `"2"`, `2023年6月16日`); a program that sends
what is described here is understood everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import codes, describe
from ckanext.cn_govdata.schema.validators import LARGEST
from ckanext.cn_govdata.standards import divisions

JSON = dict[str, Any]
Field = Mapping[str, Any]

# What counts as not stated, as `obligations` and the validator `optional` have it.
EMPTY = [None, "", [], {}]
_DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_DATE = rf"^(\d{{4}}(-(0[1-9]|1[0-2]))?|{_DAY})$"
_DATETIME = rf"^{_DAY}(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$"


def value(field: Field) -> JSON:
    """The JSON Schema of a stated value of a field that has no subfields."""
    make = VALUES.get(describe.kind(field), _text)
    return make(field)


def not_empty(stated: JSON) -> JSON:
    """A value that must be stated. Choices and patterns have no empty value anyway."""
    least = {"string": "minLength", "array": "minItems", "object": "minProperties"}
    keyword = least.get(stated.get("type", ""))
    return {**stated, keyword: 1} if keyword and "pattern" not in stated else stated


def may_be_empty(stated: JSON) -> JSON:
    """A value that may be left empty: null, or the empty text, list or object.

    One keyword and no alternative around the value, so that an error names the place inside it.
    """
    if "oneOf" in stated:
        nothing = {"enum": [None, ""], "title": tk._("Not stated")}
        return {**stated, "oneOf": [*stated["oneOf"], nothing]}
    pattern = {"pattern": f"^$|{stated['pattern']}"} if "pattern" in stated else {}
    return {**stated, **pattern, "type": [stated["type"], "null"]}


def choices(field: Field) -> list[JSON]:
    """The codes of a field, each with its label in the reader's language."""
    return [
        {"const": each["code"], "title": codes.in_reader_language(each["label"])}
        for each in describe.codes_of(field) or ()
    ]


def _text(field: Field) -> JSON:  # noqa: ARG001 - each kind is made of its field
    return {"type": "string"}


def _code(field: Field) -> JSON:
    return {"oneOf": choices(field)}


def _suggested_code(field: Field) -> JSON:
    return {"type": "string", "examples": [choice["const"] for choice in choices(field)]}


def _codes(field: Field) -> JSON:
    return {"type": "array", "items": _code(field)}


def _division(field: Field) -> JSON:  # noqa: ARG001
    note = tk._("Six digits of GB/T 2260; cn_govdata_division_autocomplete finds them by name")
    return {"type": "string", "pattern": _division_pattern(), "description": note}


@cache
def _division_pattern() -> str:
    """The nation, or a province's two digits and four more: 3,214 codes are no choice."""
    provinces = sorted(each.code[:2] for each in divisions.children(divisions.NATION))
    return rf"^({divisions.NATION}|({'|'.join(provinces)})\d{{4}})$"


def _plain(**schema: Any) -> Callable[[Field], JSON]:  # noqa: ANN401 - keywords of JSON Schema
    return lambda _: dict(schema)


VALUES: Mapping[str, Callable[[Field], JSON]] = {
    "text": _text,
    "code": _code,
    "codes": _codes,
    describe.SUGGESTED_CODE: _suggested_code,
    "division": _division,
    "organization": _text,
    "boolean": _plain(type="boolean"),
    "credit_code": _plain(type="string", pattern="^[0-9A-HJ-NP-RTUWXY]{18}$"),
    "date": _plain(type="string", pattern=_DATE),
    "datetime": _plain(type="string", pattern=_DATETIME),
    "email": _plain(type="string", format="email"),
    "integer": _plain(type="integer", minimum=0, maximum=LARGEST),
    "name": _plain(type="string", pattern="^[a-z0-9_-]{2,100}$"),
    "object": _plain(type="object"),
    "tags": _plain(
        type="array",
        items={"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    ),
    "text_list": _plain(type="array", items={"type": "string"}),
    "url": _plain(type="string", pattern=r"^([Hh][Tt][Tt][Pp][Ss]?|[Ff][Tt][Pp])://[^\s/]"),
}
