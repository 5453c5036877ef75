"""Template helpers of the dataset page."""

# ruff: noqa: ANN401 - a field's value is of any type

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.portals import registry
from ckanext.cn_govdata.schema import codes, enforce, facets, provenance
from ckanext.cn_govdata.schema.registry import HELPERS, helper
from ckanext.cn_govdata.schema.themes import GROUP_TYPE
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from ckanext.cn_govdata.schema.violation import Violation

_CHINA = timezone(timedelta(hours=8))
# Shown elsewhere on the dataset page: heading, abstract, sidebar, tags, table of items.
_ELSEWHERE = frozenset({"title", "name", "notes", "owner_org", "tag_string", "data_items"})


@helper
def sections(schema: Mapping[str, Any], package: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The filled fields of a dataset under the headings of the schema: label and fields.

    Fields without a section of the schema (a site's own) come last, under no heading.
    """
    return grouped(schema, [f for f in schema["dataset_fields"] if _shows(f, package)])


@helper
def resource_fields(
    schema: Mapping[str, Any], resource: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """The filled fields of a resource that do not stand above them on its page."""
    above = ("name", "description", "url")
    return [
        field
        for field in schema["resource_fields"]
        if field["field_name"] not in above and _shows(field, resource)
    ]


@helper
def lacking(package: Mapping[str, Any]) -> dict[str, list[Violation]]:
    """What the level of its owner asks of a dataset still: `errors` and `findings`."""
    found = enforce.lacking(package)
    return {
        "errors": [violation for violation in found if violation.is_error],
        "findings": [violation for violation in found if not violation.is_error],
    }


@helper
def fetched(package_id: str) -> provenance.Fetched | None:
    """When the harvest first read a dataset and when it last found it changed."""
    return provenance.fetched(package_id)


@helper
def also_published(package_id: str) -> list[dict[str, Any]]:
    """The portals that publish a dataset besides its owner, by name where the registry has one."""
    found = provenance.also_published(package_id)
    for each in found:
        portal = registry.get(each["portal_id"])
        each["name"] = (portal and (portal.name_zh or portal.government_zh)) or each["portal_id"]
    return found


@helper
def words(field: Mapping[str, Any], value: Any) -> list[str]:
    """The values of a field as a reader reads them: labels for codes."""
    values = value if isinstance(value, list) else [value]
    names = field.get("code_list")
    return [codes.label(names, str(part)) if names else str(part) for part in values]


@helper
def division(code: str) -> str:
    """A division with those above it: 山东省 济南市 历下区; the code when it is unknown."""
    return " ".join(part["name"] for part in division_path(code)) or code


@helper
def portal(portal_id: str) -> str:
    """The name of a source portal."""
    return facets.portal_label(portal_id)


@helper
def portal_url(portal_id: str) -> str | None:
    """The address of a source portal, if the registry knows it."""
    portal = registry.get(portal_id)
    return portal.url if portal else None


@helper
def format_name(code: str | None) -> str:
    """The name of a resource's format."""
    return facets.format_label(code) if code else ""


@helper
def code_label(names: str, code: str) -> str:
    """The label of a code of the list `names`."""
    return codes.label(names, code)


@helper
def number(value: Any) -> str:
    """A whole number with separators of thousands."""
    return f"{value:,}" if isinstance(value, int) else str(value)


@helper
def columns(field: Mapping[str, Any], rows: list[dict[str, Any]]) -> list[Mapping[str, Any]]:
    """The subfields that at least one row fills."""
    return [
        subfield
        for subfield in field["repeating_subfields"]
        if any(row.get(subfield["field_name"]) not in (None, "") for row in rows)
    ]


@helper
def field(schema: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    """A dataset field of the schema by its name."""
    return tk.h.scheming_field_by_name(schema["dataset_fields"], name)


@tk.chained_helper
def humanize_entity_type(
    original: Callable[..., str | None], entity_type: str, object_type: str, purpose: str
) -> str | None:
    """CKAN's names of kinds of things; themes are named in the reader's language."""
    if (entity_type, object_type) != ("group", GROUP_TYPE):
        return original(entity_type, object_type, purpose)
    names = {
        **dict.fromkeys(("add link", "create label", "create title"), tk._("Add Theme")),
        "edit label": tk._("Edit Theme"),
        "my label": tk._("My Themes"),
        "no any objects": tk._("There are no themes yet"),
        "no associated label": tk._("There are no themes associated with this dataset"),
        "save label": tk._("Save Theme"),
        "search placeholder": tk._("Search themes..."),
    }
    return names.get(purpose) or tk._("Themes")


HELPERS["humanize_entity_type"] = humanize_entity_type


@tk.chained_helper
def render_datetime(
    original: Callable[..., str],
    datetime_: Any,
    date_format: str | None = None,
    with_hours: bool = False,
    with_seconds: bool = False,
) -> str:
    """Moments as Chinese readers write them; CKAN puts a Chinese month into an English pattern."""
    if date_format is None and codes.reader_language() != codes.ENGLISH:
        clock = " %H:%M:%S" if with_seconds else " %H:%M" if with_hours else ""
        date_format = f"%Y-%m-%d{clock}"
    return original(datetime_, date_format, with_hours, with_seconds)


HELPERS["render_datetime"] = render_datetime


@helper
def moment(value: str) -> str:
    """A stored moment in China's time, without the zone; midnight is left out, as portals mean it.

    A value that is no moment stays as it is.
    """
    try:
        read = datetime.fromisoformat(value)
    except ValueError:
        return value
    local = read.astimezone(_CHINA) if read.tzinfo else read
    if (local.hour, local.minute, local.second) == (0, 0, 0):
        return local.date().isoformat()
    return local.strftime("%Y-%m-%d %H:%M:%S")


@helper
def division_path(code: str) -> list[dict[str, str]]:
    """A division with those above it, the nation left out: code and name of each; empty if unknown."""
    if not divisions.history(code):
        return []
    above = [found.code for found in divisions.ancestors(code)][-2::-1]
    return [{"code": each, "name": facets.division_label(each)} for each in (*above, code)]


def _shows(field: Mapping[str, Any], package: Mapping[str, Any]) -> bool:
    name = field["field_name"]
    hidden = name in _ELSEWHERE or field.get("display_snippet", "") is None
    return not hidden and package.get(name) not in (None, "", [], {})


def grouped(schema: Mapping[str, Any], fields: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Fields under the headings of the schema: id, label and fields; those without one last."""
    headings = [*schema.get("sections", ()), {"id": None, "label": None}]
    known = {heading["id"] for heading in headings}
    found = []
    for heading in headings:
        below = [field for field in fields if _section(field, known) == heading["id"]]
        if below:
            found.append({**heading, "fields": below})
    return found


def _section(field: Mapping[str, Any], known: set[str | None]) -> str | None:
    section = field.get("section")
    return section if section in known else None
