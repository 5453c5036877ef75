"""The facets of the dataset search, with labels in the reader's language, never bare codes."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.portals import registry
from ckanext.cn_govdata.schema import codes
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Callable

FACETS = "vocab_cn_"
# Said better by our own: formats as codes, themes as domains.
_REPLACED = ("res_format", "groups")


def titles(existing: OrderedDict[str, Any], package_type: str | None) -> OrderedDict[str, Any]:
    """Our facets, then those that CKAN and other plugins offer. Other dataset types keep theirs."""
    if package_type not in (None, DATASET_TYPE):
        return existing
    ours = {f"{FACETS}{name}": title for name, title in _titles().items()}
    others = {name: title for name, title in existing.items() if name not in _REPLACED}
    return OrderedDict({**ours, **others})


def _titles() -> dict[str, str]:
    return {
        "domain": tk._("Domain"),
        "open": tk._("Openness"),
        "province": tk._("Province"),
        "prefecture": tk._("City"),
        "county": tk._("County"),
        "level": tk._("Level"),
        "frequency": tk._("Update frequency"),
        "format": tk._("Format"),
        "industry": tk._("Industry"),
        "provider": tk._("Provider"),
        "portal": tk._("Source portal"),
    }


def label_results(results: dict[str, Any]) -> dict[str, Any]:
    """Search results whose facet items are named by their labels."""
    for name, facet in results.get("search_facets", {}).items():
        label = _LABELS.get(name.removeprefix(FACETS)) if name.startswith(FACETS) else None
        for item in facet["items"] if label else ():
            item["display_name"] = label(item["name"])
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
