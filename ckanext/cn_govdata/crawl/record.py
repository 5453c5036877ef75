"""The neutral record: one dataset as any portal describes it, in the names of the national set.

Field names are those of the suite's dataset schema (`schemas/dataset.yaml`), so that a record,
a line of `cn-govdata crawl` and a CKAN package speak of the same things. An empty value is
``None`` or ``()``: a field that the portal does not fill is absent from `Record.as_dict`.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class DataItem:
    """One column of the data (信息项)."""

    name_zh: str | None = None
    name_en: str | None = None
    data_type: str | None = None
    length: int | None = None
    description: str | None = None
    sensitivity: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """The office to ask. Never a person, never a mobile number."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """One file, table, interface, link or map of a dataset."""

    name: str | None = None
    url: str | None = None
    download_url: str | None = None
    format: str | None = None
    kind: str | None = None
    size: int | None = None
    issued: str | None = None
    modified: str | None = None
    login_required: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """One dataset of one portal, cleaned and coded. Dates are ISO 8601 text."""

    title: str
    name: str
    identifier: str
    portal_id: str
    source_id: str
    notes: str | None = None
    tags: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    resource_code: str | None = None
    registration_code: str | None = None
    provider_name: str | None = None
    provider_unit: str | None = None
    provider_uscc: str | None = None
    division_code: str | None = None
    admin_level: str | None = None
    functional_zone: str | None = None
    catalog_class: str | None = None
    catalog_item: str | None = None
    catalog_path: str | None = None
    domain: str | None = None
    domain_text: str | None = None
    industry: str | None = None
    industry_text: str | None = None
    open_attribute: str | None = None
    open_condition: str | None = None
    share_type: str | None = None
    share_condition: str | None = None
    share_mode_category: str | None = None
    share_mode_type: str | None = None
    frequency: str | None = None
    frequency_text: str | None = None
    issued: str | None = None
    modified: str | None = None
    related_codes: tuple[str, ...] = ()
    format_category: str | None = None
    data_items: tuple[DataItem, ...] = ()
    record_count: int | None = None
    data_volume: int | None = None
    data_region_scope: str | None = None
    temporal_start: str | None = None
    temporal_end: str | None = None
    data_processing: str | None = None
    data_grade: str | None = None
    provide_channel: str | None = None
    application_scene: tuple[str, ...] = ()
    catalog_tags: tuple[str, ...] = ()
    guiding_department: str | None = None
    reporting_domain: str | None = None
    electronic_certificate: bool | None = None
    contact: tuple[Contact, ...] = ()
    license_id: str | None = None
    terms_url: str | None = None
    url: str | None = None
    source_modified: str | None = None
    source_views: int | None = None
    source_downloads: int | None = None
    source_extra: dict[str, Any] = field(default_factory=dict)
    resources: tuple[Resource, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The record as plain JSON values, empty fields left out."""
        values: dict[str, Any] = _plain(self)
        return values


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON values of any shape
    names = _NAMES.get(type(value))
    if names is None:
        return [_plain(part) for part in value] if isinstance(value, tuple) else value
    found = {}
    for name in names:
        part = getattr(value, name)
        if part is not None:
            plain = _plain(part) if type(part) is tuple else part
            if plain not in _EMPTY:
                found[name] = plain
    return found


_EMPTY: tuple[Any, ...] = ("", [], {})
_NAMES: dict[type, tuple[str, ...]] = {
    each: tuple(one.name for one in fields(each)) for each in (Record, DataItem, Contact, Resource)
}
