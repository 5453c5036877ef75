"""Where a dataset comes from: said by our own tables or by our own writer, never by a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

# Set in the context by the harvest's writer. A request fills data, not the context.
WRITER = "cn_govdata_harvest"
TABLE = "cn_govdata_record"
_COLUMNS = ("package_id", "first_seen", "changed_at")
_RECORDS = sa.table(TABLE, *map(sa.column, _COLUMNS))
CEDED = "cn_govdata_ceded"


@dataclass(frozen=True, slots=True)
class Fetched:
    """When the harvest read a dataset: for the first time, and last with a change. UTC."""

    first: datetime
    changed: datetime


def written_by_harvest(context: Mapping[str, Any]) -> bool:
    """Whether this very save comes from the harvest."""
    return bool(context.get(WRITER))


def is_harvested(context: Mapping[str, Any], package_id: str | None) -> bool:
    """Whether the dataset comes from a portal: being written by the harvest, or known to it."""
    if written_by_harvest(context):
        return True
    if not package_id or not _table_exists():
        return False
    query = sa.select(_RECORDS.c.package_id).where(_RECORDS.c.package_id == package_id)
    return model.Session.execute(query).first() is not None


def fetched(package_id: str) -> Fetched | None:
    """When the harvest read a dataset; None for one that it does not know."""
    if not _table_exists():
        return None
    columns = (_RECORDS.c.first_seen, _RECORDS.c.changed_at)
    row = model.Session.execute(
        sa.select(*columns).where(_RECORDS.c.package_id == package_id)
    ).first()
    return Fetched(*row) if row else None


def also_published(package_id: str) -> list[dict[str, Any]]:
    """The portals that publish a dataset besides the one that owns it.

    Of each `portal_id`, the `identifier` it would have from there, and the `url` of its page.
    """
    if not _table_exists(CEDED):
        return []
    query = sa.text(
        "SELECT r.portal_id, r.portal_id || ':' || r.source_id AS identifier, c.url"
        " FROM cn_govdata_ceded c JOIN cn_govdata_record r USING (package_id)"
        " JOIN harvest_object o ON o.id = r.harvest_object_id"
        " WHERE c.owner_id = :id ORDER BY r.portal_id, r.source_id"
    )
    return [dict(row) for row in model.Session.execute(query, {"id": package_id}).mappings()]


def show(context: Mapping[str, Any], package: dict[str, Any]) -> None:
    """Name the other portals on what the API shows; the index keeps it without them."""
    if context.get("validate", True) and not context.get("for_update"):
        others = also_published(package["id"])
        if others:
            package["also_published"] = others


def owner_of(name_or_id: str) -> str | None:
    """The name of the dataset that stands for one which another portal owns; None for others."""
    if not _table_exists(CEDED):
        return None
    query = sa.text(
        "SELECT owner.name FROM package p JOIN cn_govdata_ceded c ON c.package_id = p.id"
        " JOIN package owner ON owner.id = c.owner_id AND owner.state = 'active'"
        " WHERE (p.name = :key OR p.id = :key) AND p.state = 'deleted'"
    )
    return model.Session.execute(query, {"key": name_or_id}).scalar()


def _table_exists(name: str = TABLE) -> bool:
    # The schema works without the harvest plugin and before its migration.
    query = sa.text("SELECT to_regclass(:name) IS NOT NULL")
    return bool(model.Session.execute(query, {"name": name}).scalar())
