"""Organisations of the division tree: `cn-<code>`, below each other as the divisions are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata.schema.site_user import as_site_user, without_creator
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Iterator


def organization_name(division_code: str) -> str:
    """The CKAN name of the organisation of a division."""
    return f"cn-{division_code}"


def ensure(division_code: str) -> str:
    """The id of the organisation of a division; it and those above it are created when missing.

    Raises `ValueError` for a code that GB/T 2260 does not know.
    """
    if not divisions.history(division_code):
        raise ValueError(f"{division_code} is not a code of GB/T 2260")
    existing = model.Group.get(organization_name(division_code))
    if existing is not None and existing.state == "active":
        return existing.id
    above = divisions.parent(division_code)
    if above is not None:
        ensure(above.code)
    return _create(division_code, existing)


def described(division_code: str) -> dict[str, Any]:
    """What `organization_create` is given for a division: name, title, code and parent."""
    above = divisions.parent(division_code)
    organization = {
        "name": organization_name(division_code),
        "title": divisions.history(division_code)[-1].name_zh,
        "type": "organization",
        "division_code": division_code,
    }
    if above is not None:
        organization["parent"] = organization_name(above.code)
    return organization


def group_extra(name: str) -> sa.ColumnElement[str]:
    """An extra of `model.Group` for a query: extras are a column since CKAN 2.12, rows before."""
    if "extras" in model.group_table.c:
        return model.group_table.c.extras[name].astext
    extra = model.GroupExtra
    return (
        sa.select(extra.value)
        .where(
            extra.group_id == model.Group.id,
            extra.key == name,
            extra.state == "active",
        )
        .scalar_subquery()
    )


def below(division_code: str) -> Iterator[str]:
    """The code of a division and of today's divisions below it, each after the one above it."""
    yield division_code
    for child in divisions.children(division_code):
        yield from below(child.code)


def _create(division_code: str, deleted: model.Group | None) -> str:
    organization = described(division_code)
    if deleted is not None:
        patch = {**organization, "id": deleted.id, "state": "active"}
        return tk.get_action("organization_patch")(as_site_user(), patch)["id"]
    created = tk.get_action("organization_create")(as_site_user(), organization)
    without_creator(created["id"])
    return created["id"]
