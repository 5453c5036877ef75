"""What a harvest ought to say of a record, computed from the portal's own cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.portals.families import jdop, renderer
from tests.portals.records import (
    DOMAIN,
    EMAIL,
    FORMATS,
    FREQUENCY,
    INDUSTRY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PHONE,
    PROVIDER,
    TAGS,
    TITLE,
    VOLUME,
)

from . import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.portals.records import Record

    from .plants import Plant

# What a family shows, but not as this field: it has to be kept in `source_extra`.
ASIDE: Mapping[tuple[str, str], str] = {
    ("jdop", "formats"): "where the data come from; the files are those that the page links to",
    ("jdop", "data_volume"): "a number without a unit",
}
ROLES = {
    "title": TITLE,
    "notes": NOTES,
    "provider_name": PROVIDER,
    "tags": TAGS,
    "domain": DOMAIN,
    "industry": INDUSTRY,
    "frequency": FREQUENCY,
    "open_attribute": OPENNESS,
    "issued": ISSUED,
    "modified": MODIFIED,
    "record_count": ("数据量", "数据条数"),
    "data_volume": VOLUME,
    "contact.phone": PHONE,
    "contact.email": EMAIL,
    "formats": FORMATS,
}


FIELDS_OF_ROLE = {
    "industry_text": "industry",
    "frequency_text": "frequency",
    "domain_text": "domain",
    "groups": "domain",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The right value of one field.

    `how` it is compared: "text" (white space apart), "begins" (a text that personal data was added
    to), "contains" (every one of these texts), "set", "within" (a set of at least these), "same".
    None as value: the field must be empty.
    """

    value: Any
    how: str = "same"


def expected(record: Record, family: str, plant: Plant | None) -> dict[str, Wanted]:
    """The right values by field. A field that is not there is not compared."""
    cells = {field: _cell(record, labels) for field, labels in ROLES.items()}
    want: dict[str, Wanted] = {}
    for field in ("title", "notes"):
        want[field] = _text(cells[field], plant, ROLES[field])
    provider = cells["provider_name"]
    want["provider_name"] = Wanted(
        rules.provider(provider) if provider is not None else None, "text"
    )
    want["tags"] = Wanted(
        rules.tags(cells["tags"])[0] if cells["tags"] is not None else set(), "set"
    )
    for field in ("issued", "modified"):
        want[field] = Wanted(rules.day(cells[field]))
    if any(label in record.cells for label in ROLES["record_count"]):
        # Else the replay server makes a number up where the family always has one.
        want["record_count"] = Wanted(rules.count(cells["record_count"]))
    want["industry_text"] = Wanted(_joined(cells["industry"]), "text")
    want["industry"] = Wanted(rules.industry(cells["industry"]))
    want.update(_coded(record, family, cells))
    want.update(_domains(record, family))
    if any(label in record.cells for label in FORMATS):
        want["formats"] = Wanted(_formats(record, family), "set")
    want.update(_contact(cells, plant))
    return {name: one for name, one in want.items() if not is_aside(record, family, name)}


def is_aside(record: Record, family: str, field: str) -> bool:
    """Whether a family shows the cell of a field, but has no member of its own for it."""
    role = FIELDS_OF_ROLE.get(field, field)
    label = next((label for label in ROLES.get(role, ()) if label in record.cells), None)
    return (family, role) in ASIDE or label in record.aside


def _cell(record: Record, labels: tuple[str, ...]) -> Any:
    """The cell that a portal shows for these labels, None where it says nothing."""
    value = record.cell(labels)
    return None if rules.blank(value) else value


def _joined(cell: Any) -> str | None:
    if cell is None:
        return None
    return rules.squeezed("、".join(map(str, cell)) if isinstance(cell, list) else cell)


def _text(cell: Any, plant: Plant | None, labels: tuple[str, ...]) -> Wanted:
    if cell is None:
        return Wanted(None)
    if plant and not plant.labels.isdisjoint(labels):
        first = str(cell).split("联系人：")[0]
        return Wanted(rules.squeezed(first), "begins")
    return Wanted(rules.squeezed(cell), "text")


def _coded(record: Record, family: str, cells: dict[str, Any]) -> dict[str, Wanted]:
    """Frequency and openness, through the family's codes where it sends such."""
    tables = getattr(renderer(family), "CODED", {})
    want: dict[str, Wanted] = {}
    cycle, openness = cells["frequency"], cells["open_attribute"]
    if "frequency" not in tables:
        want["frequency_text"] = Wanted(_joined(cycle), "text")
        want["frequency"] = Wanted(rules.frequency(cycle) if cycle else None)
    elif cycle is None or record.text(FREQUENCY) in tables["frequency"]:
        code = str(tables["frequency"].get(record.text(FREQUENCY), ""))
        uncertain = family == "guizhou-search" and code in rules.uncertain_cycles("guizhou")
        want["frequency"] = Wanted(rules.frequency(cycle) if cycle and not uncertain else None)
    if "open_attribute" not in tables or openness is None or openness in tables["open_attribute"]:
        want["open_attribute"] = Wanted(
            rules.open_attribute(str(openness).replace("条件开发", "条件开放"))
            if openness
            else None
        )
    return want


def _domains(record: Record, family: str) -> dict[str, Wanted]:
    """The theme that counts first, and the fields that the words of the theme cell name."""
    table = getattr(renderer(family), "CODED", {}).get("domain")
    label = next((label for label in DOMAIN if not rules.blank(record.cells.get(label))), "")
    words = record.words((label,))
    if table is not None:
        words = [word for word in words if word in table]
    words = [word for word in words if not rules.blank(word)]
    codes = [code for word in words for code in rules.domains(word)]
    return {
        "domain_text": Wanted([rules.squeezed(word) for word in words], "contains"),
        "groups": Wanted(set(codes), "within"),
    }


def _formats(record: Record, family: str) -> set[str]:
    words = jdop.EXTENSIONS if family == "jdop" else record.formats
    table = getattr(renderer(family), "CODED", {}).get("formats")
    if table is not None:
        words = tuple(word for word in words if word in table)
    return {rules.format_of(word) for word in words if not rules.blank(word)}


def _contact(cells: dict[str, Any], plant: Plant | None) -> dict[str, Wanted]:
    phone, email = cells["contact.phone"], cells["contact.email"]
    mailbox = rules.mailbox(email) or rules.mailbox(phone)
    return {
        "contact.phone": Wanted(rules.telephones(phone) if phone is not None else set(), "set"),
        "contact.email": Wanted(mailbox),
    }
