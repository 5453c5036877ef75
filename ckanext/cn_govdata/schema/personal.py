"""No personal mobile or identity number in any text of a dataset that people write."""

# ruff: noqa: ANN401 - JSON values of any shape

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import codes
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.schema.violation import Violation
from ckanext.cn_govdata.text.personal import scrub, scrub_text
from ckanext.cn_govdata.text.personal.digits import ID_NUMBER, MOBILE

Data = Mapping[str, Any]
Path = tuple[Any, ...]

# Fields that hold no text: ids, codes and addresses, in which a row of digits means something else.
_NO_TEXT = frozenset(
    {"id", "name", "type", "state", "owner_org", "creator_user_id", "package_id", "revision_id"}
    | {
        "identifier",
        "portal_id",
        "source_id",
        "resource_code",
        "registration_code",
        "related_codes",
    }
    | {"provider_uscc", "division_code", "hash", "metadata_created", "metadata_modified"}
    | {"groups", "organization", "relationships_as_subject", "relationships_as_object"}
)
# Text as it is saved, an object as it is shown: judged as a whole, as the harvest judges it.
_JSON_OBJECT = "source_extra"
# A resource's name is a text; that of a dataset is its address.
_TEXT_OF_RESOURCE = frozenset({"name"})


def violations(data: Data) -> list[Violation]:
    """Each text of a dataset that holds such a number: an error, draft or not.

    `data` has the shape of `package_show`. Messages name the field and the place, not the number.
    """
    found = {}
    for path, text in _texts({**data, "extras": _free_extras(data)}, ()):
        kinds = [kind for kind in _kinds(path, text) if kind in (MOBILE, ID_NUMBER)]
        if kinds:
            # The form shows errors of tags at its one field of all tags.
            place = ("tag_string",) if path[0] == "tags" else path
            found.setdefault(place, Violation(place, "M", _message(place, kinds[0]), kinds[0]))
    return list(found.values())


def _kinds(path: Path, text: Any) -> list[str]:
    """What a text holds; a member of a JSON object also by what its name says."""
    if path[0] == _JSON_OBJECT:
        return [kind for _, kind in scrub(text).removed]
    return list(scrub_text(text)[1])


def _free_extras(data: Data) -> list[Mapping[str, Any] | None]:
    """The extras that are no fields of the schema, each in its place."""
    return [
        None if extra.get("key") in data or extra.get("key") in _NO_TEXT else extra
        for extra in data.get("extras") or ()
    ]


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, str) or path == (_JSON_OBJECT,):
        yield path, value
    elif isinstance(value, Mapping):
        skipped = _NO_TEXT - _TEXT_OF_RESOURCE if path else _NO_TEXT
        for name, part in value.items():
            if name not in skipped:
                yield from _texts(part, (*path, name))
    elif isinstance(value, (list, tuple)):
        for index, part in enumerate(value):
            yield from _texts(part, (*path, index))


def _message(path: Path, kind: str) -> str:
    text = (
        tk._("{place} holds a personal mobile number (Personal Information Protection Law)")
        if kind == MOBILE
        else tk._("{place} holds an identity number (Personal Information Protection Law)")
    )
    return text.format(place=_place(path))


def _place(path: Path) -> str:
    """The labels on the way to a value, with the numbers of rows: `Data items 2, Description`."""
    schema = tk.h.scheming_get_dataset_schema(DATASET_TYPE)
    fields: Any = [*schema["dataset_fields"]]
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts[-1] += f" {step + 1}"
            continue
        field = next((f for f in fields if step in (f["field_name"], f.get("record_field"))), None)
        parts.append(_label(field, str(step)))
        fields = schema["resource_fields"] if step == "resources" else ()
        fields = (field or {}).get("repeating_subfields") or fields
    return ", ".join(parts)


def _label(field: Mapping[str, Any] | None, name: str) -> str:
    if field is not None:
        return codes.in_reader_language(field["label"])
    return tk._("Resource") if name == "resources" else name
