"""A dataset of a workbook as the package dict of CKAN's actions, and whether it differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.workbook import rows
from ckanext.cn_govdata.workbook.convert import datasets
from ckanext.cn_govdata.workbook.header import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ckanext.cn_govdata.workbook.columns import Column
    from ckanext.cn_govdata.workbook.entry import Entry

Package = dict[str, Any]


def new(entry: Entry, owner_org: str, division_code: str | None) -> Package:
    """The package of a dataset that is not there yet; its place is the organisation's own."""
    package: Package = {"type": DATASET_TYPE, "owner_org": owner_org, "state": "active"}
    if division_code:
        package["division_code"] = division_code
    _set(package, {name: value for name, value in entry.fields.items() if value is not None})
    for part, members in entry.parts.items():
        package[part] = [dict(member) for member in members]
    return package


def changed(entry: Entry, stored: Mapping[str, Any], order: Sequence[Column]) -> Package | None:
    """The stored dataset with what the workbook says otherwise; None when it says the same.

    A field without a column stays; an empty cell empties its field. Compared is what the stored
    dataset would look like in a workbook of the columns `order`, so that an import of an export
    changes nothing.
    """
    seen = as_read(stored, order)
    fields = {
        name: value
        for name, value in entry.fields.items()
        if value != seen.fields.get(name) and not (name == "issued" and value is None)
    }
    if entry.fields.get("identifier") is None:
        fields.pop("identifier", None)
    parts = [part for part in entry.parts if not _covers(entry, part, seen)]
    if not fields and not parts:
        return None
    package = dict(stored)
    # Handed back, CKAN would take it for the time of this change.
    package.pop("metadata_modified", None)
    _set(package, fields)
    for part in parts:
        package[part] = _members(entry, part, stored)
    return package


def as_read(stored: Mapping[str, Any], order: Sequence[Column]) -> Entry:
    """A stored dataset as it would be read from its own export of these columns."""
    cells = enumerate(rows.of(stored, order).values(len(order)))
    table = Table("", -1, dict(enumerate(order)), iter(list(cells)))
    return next(datasets(table))


def _set(package: Package, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        if name == "tags":
            kept = [tag for tag in package.get("tags") or () if tag.get("vocabulary_id")]
            package["tags"] = [*kept, *({"name": word} for word in value or ())]
        elif value is None:
            package.pop(name, None)
        else:
            package[name] = value


def _covers(entry: Entry, part: str, seen: Entry) -> bool:
    names = _names(entry, part)
    there = [{name: row[name] for name in names if name in row} for row in seen.parts[part]]
    return entry.parts[part] == [row for row in there if row]


def _members(entry: Entry, part: str, stored: Mapping[str, Any]) -> list[Package]:
    """The rows of a part; what the workbook has no column for stays with the member it belongs to."""
    key = "url" if part == "resources" else "name_zh" if part == "data_items" else "name"
    names = _names(entry, part)
    left = {member.get(key): member for member in reversed(stored.get(part) or ())}
    members = []
    for row in entry.parts[part]:
        before = left.pop(row.get(key), {})
        kept = {name: value for name, value in before.items() if name not in names}
        members.append({**kept, **row})
    return members


def _names(entry: Entry, part: str) -> set[str]:
    return {column.field for _, column in entry.columns.values() if column.part == part}
