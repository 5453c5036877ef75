"""What the database should hold of a dataset: the rows of a validated package dictionary.

The rows are those that `package_create` makes: `from_dict` of CKAN's domain objects, without the
objects.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan import model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

PackageDict = dict[str, Any]
Row = dict[str, Any]

# Plain texts: SQLAlchemy's own names of columns are no keys for orjson.
PACKAGE_COLUMNS = tuple(
    str(column.name)
    for column in model.package_table.c
    if column.name not in ("extras", "plugin_data")
)
RESOURCE_COLUMNS = tuple(str(column.name) for column in model.resource_table.c)
# Columns of a resource that CKAN leaves at an empty text when nothing is given.
_EMPTY_TEXT = {"url": "", "format": "", "hash": ""}
_NOT_STORED = ("extras", "revision_timestamp", "tracking_summary")

FreeOrVocabularyTag = tuple[str, "str | None"]


@dataclass(slots=True)
class Target:
    """The rows of one dataset as they should be."""

    package: Row
    extras: dict[str, str]
    resources: list[Row]
    tags: list[FreeOrVocabularyTag]
    groups: list[str]  # ids


def of(
    data: PackageDict, *, groups: Mapping[str, str], user_id: str | None, at: datetime
) -> Target:
    """The rows of a validated package dictionary. `groups` leads from name or id to id."""
    return Target(
        package=_package(data, user_id, at),
        extras={
            e["key"]: str(e["value"]) for e in data.get("extras", ()) if e["value"] is not None
        },
        resources=[
            _resource(each, data["id"], position, at)
            for position, each in enumerate(data.get("resources") or ())
        ],
        tags=list(
            dict.fromkeys((t["name"], t.get("vocabulary_id")) for t in data.get("tags") or ())
        ),
        groups=_group_ids(data, groups),
    )


def resource_ids(package: PackageDict) -> None:
    """Give each resource an id that stays the same in every harvest.

    Made from the dataset's id and the resource's address, with its name where an address repeats
    (a landing page for several files), with a number where both do.
    """
    namespace = uuid.UUID(package["id"])
    resources = package.get("resources") or []
    addresses = [each.get("url") or each.get("download_url") or "" for each in resources]
    used: dict[str, int] = {}
    for address, resource in zip(addresses, resources, strict=True):
        key = address
        if not address or addresses.count(address) > 1:
            key = f"{address}\n{resource.get('name') or ''}"
        used[key] = used.get(key, 0) + 1
        if used[key] > 1:
            key = f"{key}\n{used[key]}"
        resource["id"] = str(uuid.uuid5(namespace, key))


def is_ours(resource_id: str) -> bool:
    """Whether `resource_ids` gave an id; CKAN's own are of UUID version 4."""
    try:
        return uuid.UUID(resource_id).version == 5  # noqa: PLR2004 - as `resource_ids` makes them
    except ValueError:
        return False


def _package(data: PackageDict, user_id: str | None, at: datetime) -> Row:
    row = {name: data.get(name) for name in PACKAGE_COLUMNS}
    row["state"] = data.get("state") or "active"
    row["private"] = bool(data.get("private"))
    row["creator_user_id"] = user_id
    row["metadata_created"] = row["metadata_modified"] = at
    return row


def _resource(data: Mapping[str, Any], package_id: str, position: int, at: datetime) -> Row:
    given = {key: value for key, value in data.items() if key not in _NOT_STORED}
    row: Row = {name: given.pop(name, _EMPTY_TEXT.get(name)) for name in RESOURCE_COLUMNS}
    row["package_id"] = package_id
    row["position"] = position
    row["state"] = "active"
    row["created"] = row["created"] or at
    row["metadata_modified"] = at
    row["extras"] = given
    return row


def stored_extras(extras: Mapping[str, Any] | None) -> str | None:
    """Extras of a resource in the form of CKAN's column type: JSON text, NULL when empty."""
    return json.dumps(extras, ensure_ascii=False, default=str) if extras else None


def _group_ids(data: PackageDict, groups: Mapping[str, str]) -> list[str]:
    named = (each.get("id") or each.get("name") for each in data.get("groups") or ())
    return list(dict.fromkeys(groups[name] for name in named if name in groups))
