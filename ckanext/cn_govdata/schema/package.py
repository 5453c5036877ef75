"""A neutral record as the package dict that `package_create` and the batch writer accept.

Pure: no CKAN, no database. A record's field names are those of `schemas/dataset.yaml`, so
only what CKAN itself shapes differently is touched: tags, groups and the row's own columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

DATASET_TYPE = "dataset"


def theme_group_name(code: str) -> str:
    """The name of the CKAN group of a national domain (list `open_domain_22`)."""
    return f"theme-{code}"


def to_package(record: Mapping[str, Any], *, owner_org: str, package_id: str) -> dict[str, Any]:
    """The package dict of one record, as the dataset schema takes it.

    `record` is `Record.as_dict()`: its `tags` are words, its `groups` codes of
    `open_domain_22`. The values are shared with `record`, not copied.
    """
    package = dict(record)
    package["id"] = package_id
    package["type"] = DATASET_TYPE
    package["owner_org"] = owner_org
    package["state"] = "active"
    package["private"] = False
    package["tags"] = [{"name": tag} for tag in record.get("tags", ())]
    package["groups"] = [{"name": theme_group_name(code)} for code in record.get("groups", ())]
    package["resources"] = [dict(resource) for resource in record.get("resources", ())]
    return package
