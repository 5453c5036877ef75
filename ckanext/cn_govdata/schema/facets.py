"""The facets of the dataset search, with labels in the reader's language, never bare codes."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata.portals import registry
from ckanext.cn_govdata.schema import codes
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.schema.registry import helper
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FACETS = "vocab_cn_"
# Said better by our own: formats as codes, themes as domains.
_REPLACED = ("res_format", "groups")
_PROVINCE = f"{FACETS}province"
_LOWER = (f"{FACETS}prefecture", f"{FACETS}county")
# Their values are names of groups.
_OF_GROUPS = ("organization", "groups")


def titles(existing: OrderedDict[str, Any], package_type: str | None) -> OrderedDict[str, Any]:
    """Our facets, then those that CKAN and other plugins offer. Other dataset types keep theirs."""
    if package_type not in (None, DATASET_TYPE):
        return existing
    ours = _titles()
    # A site that names ours in `search.facets` gets the bare names as titles from CKAN.
    others = {
        name: title
        for name, title in existing.items()
        if name not in ours and name not in _REPLACED
    }
    return OrderedDict({**ours, **others})


def _titles() -> dict[str, str]:
    names = {
        "province": tk._("Province"),
        "prefecture": tk._("City"),
        "county": tk._("County"),
        "level": tk._("Level"),
        "domain": tk._("Domain"),
        "open": tk._("Openness"),
        "frequency": tk._("Update frequency"),
        "format": tk._("Format"),
        "industry": tk._("Industry"),
        "provider": tk._("Provider"),
        "portal": tk._("Source portal"),
    }
    return {f"{FACETS}{name}": title for name, title in names.items()}


@helper
def facet_shows(name: str, search_facets: Mapping[str, Any]) -> bool:
    """Whether a facet is worth a heading.

    One of ours without a value in the results is not; cities and counties only when the results lie
    in one province, or the names of the whole nation would stand in one list.
    """
    if not name.startswith(FACETS):
        return True
    if not _items(name, search_facets):
        return False
    return name not in _LOWER or len(_items(_PROVINCE, search_facets)) <= 1


@helper
def filters(facets: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The filters of a search as its page tells them, never by codes.

    `facets` is what CKAN gives its search form. Each filter has `name`, `title` and `values`, a
    list of `{value, label}`.
    """
    ours, search_facets = _titles(), facets.get("search") or {}
    found = []
    for name, values in facets["fields"].items():
        title = (facets.get("titles") or {}).get(name) or ours.get(name) or _field_title(name)
        shown = {item["name"]: item["display_name"] for item in _items(name, search_facets)}
        labels = [
            {"value": value, "label": shown.get(value) or value_label(name, value)}
            for value in values
        ]
        found.append({"name": name, "title": title, "values": labels})
    return found


def value_label(name: str, value: str) -> str:
    """The label of a value of a facet or of a field of codes; the value where it has none."""
    label = _LABELS.get(name.removeprefix(FACETS)) if name.startswith(FACETS) else None
    if label:
        return label(value)
    if name in _OF_GROUPS:
        group = model.Group.get(value)
        return group.display_name if group else value
    field = _field(name)
    return codes.label(field["code_list"], value) if field and field.get("code_list") else value


def _field_title(name: str) -> str:
    if name == f"{FACETS}division":
        name = "division_code"
    field = _field(name)
    return codes.in_reader_language(field["label"]) if field else name


def _field(name: str) -> Mapping[str, Any] | None:
    schema = tk.h.scheming_get_dataset_schema(DATASET_TYPE)
    return tk.h.scheming_field_by_name(schema["dataset_fields"], name) if schema else None


def _items(name: str, search_facets: Mapping[str, Any]) -> list[dict[str, Any]]:
    return search_facets.get(name, {}).get("items") or []


def label_results(results: dict[str, Any]) -> dict[str, Any]:
    """Search results whose facet items are named by their labels."""
    for name, facet in results.get("search_facets", {}).items():
        known = name.startswith(FACETS) or (_field(name) or {}).get("code_list")
        for item in facet["items"] if known else ():
            item["display_name"] = value_label(name, item["name"])
    return results


def division_label(code: str) -> str:
    """The name of a division in the reader's language; the code when it is unknown."""
    history = divisions.history(code)
    if not history:
        return code
    division = history[-1]
    if codes.reader_language() == codes.ENGLISH:
        return division.name_en or (division.pinyin or division.name_zh).title()
    return division.name_zh


def portal_label(portal_id: str) -> str:
    """The name of a portal of the registry; the id of any other."""
    portal = registry.get(portal_id)
    return (portal.name_zh or portal.government_zh) if portal else portal_id


def format_label(code: str) -> str:
    """The label of a known format, any other in capitals."""
    known = codes.labels("format_crosswalk")
    return codes.label("format_crosswalk", code) if code in known else code.upper()


def _labels_of(names: str) -> Callable[[str], str]:
    return lambda code: codes.label(names, code)


_LABELS: dict[str, Callable[[str], str]] = {
    "division": division_label,
    "province": division_label,
    "prefecture": division_label,
    "county": division_label,
    "level": _labels_of("admin_level"),
    "domain": _labels_of("open_domain_22"),
    "open": _labels_of("open_attribute"),
    "frequency": _labels_of("update_frequency"),
    "industry": _labels_of("gbt4754_2017_section"),
    "format": format_label,
    "portal": portal_label,
}
