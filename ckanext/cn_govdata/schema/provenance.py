"""Whether a dataset is harvested: said by our own table or by our own writer, never by a request."""

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


def _table_exists() -> bool:
    # The schema works without the harvest plugin and before its migration.
    query = sa.text("SELECT to_regclass(:name) IS NOT NULL")
    return bool(model.Session.execute(query, {"name": TABLE}).scalar())
