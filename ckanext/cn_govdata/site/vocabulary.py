"""Code lists as pages show them: labels, sources, further columns, and how many datasets use them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import codes
from ckanext.cn_govdata.schema.facets import FACETS
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.site import counts
from ckanext.cn_govdata.site.titles import title
from ckanext.cn_govdata.standards.codelists import codelist, codelist_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ckanext.cn_govdata.standards.codelists import Concept

# Lists that the search has a facet for; others are counted by the field that takes their codes.
_FACET_OF = {
    "admin_level": f"{FACETS}level",
    "format_crosswalk": f"{FACETS}format",
    "gbt4754_2017_section": f"{FACETS}industry",
    "open_attribute": f"{FACETS}open",
    "open_domain_22": f"{FACETS}domain",
    "update_frequency": f"{FACETS}frequency",
}
# A field of several codes is indexed as words of the whole dataset only.
_SEVERAL_CODES = "cn_codes"


def all_lists() -> list[dict[str, Any]]:
    """All code lists with name, title, number of concepts and the fields that take their codes."""
    return [_heading(name) for name in codelist_names()]


def described(context: dict[str, Any], name: str) -> dict[str, Any]:
    """A code list with its concepts and the number of datasets that use each.

    `datasets` is None where no dataset field that can be searched takes the list's codes. Raises
    KeyError for an unknown list.
    """
    concepts = facts(name)
    used = _usage(context, name)
    for each in concepts["concepts"]:
        each["datasets"] = used.get(each["key"], 0) if used is not None else None
    return {**concepts, "search_field": search_field(name)}


def facts(name: str) -> dict[str, Any]:
    """A code list and its concepts, without a look into the catalogue."""
    listed = codelist(name)
    concepts = [_concept(name, key, entry) for key, entry in listed.items()]
    columns = list(concepts[0]["extra"]) if concepts else []
    return {**_heading(name), "columns": columns, "concepts": concepts}


def concept(context: dict[str, Any], name: str, key: str) -> dict[str, Any]:
    """One concept with the number of datasets that use it. Raises KeyError when there is none."""
    entry = codelist(name)[key]
    used = _usage(context, name)
    return {
        **_concept(name, key, entry),
        "vocabulary": _heading(name),
        "datasets": used.get(key, 0) if used is not None else None,
        "search_field": search_field(name),
    }


def search_field(name: str) -> str | None:
    """The indexed field by which datasets of a code of the list are searched, if there is one."""
    if name in _FACET_OF:
        return _FACET_OF[name]
    fields = tk.h.scheming_get_dataset_schema(DATASET_TYPE)["dataset_fields"]
    single = (field for field in fields if field.get("preset") != _SEVERAL_CODES)
    return next((field["field_name"] for field in single if _takes(field, name)), None)


def _usage(context: dict[str, Any], name: str) -> dict[str, int] | None:
    field = search_field(name)
    return counts.by_value(context, field) if field else None


def _heading(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "title": title(name),
        "size": len(codelist(name)),
        "fields": [
            {"name": field["field_name"], "label": codes.in_reader_language(field["label"])}
            for field in _all_fields()
            if _takes(field, name)
        ],
    }


def _concept(name: str, key: str, entry: Concept) -> dict[str, Any]:
    return {
        "key": key,
        "code": entry.code,
        "label": _label(name, key, entry),
        "label_zh": entry.label_zh,
        "label_en": entry.label_en,
        "source": entry.source,
        "extra": dict(entry.extra),
    }


def _label(name: str, key: str, entry: Concept) -> str:
    """Some entries have Chinese labels alone; others are not offered in forms (townships)."""
    own = {codes.SIMPLIFIED: entry.label_zh, codes.ENGLISH: entry.label_en}
    return codes.in_reader_language(codes.labels(name).get(key, own)) or entry.label_zh


def _takes(field: Mapping[str, Any], name: str) -> bool:
    return name in field.get("code_list", "").split()


def _all_fields() -> Iterator[Mapping[str, Any]]:
    schema = tk.h.scheming_get_dataset_schema(DATASET_TYPE)
    for part in ("dataset_fields", "resource_fields"):
        yield from _with_subfields(schema[part])


def _with_subfields(fields: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for field in fields:
        yield field
        yield from field.get("repeating_subfields", ())
