"""What checks of portals found, kept for commands and pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata.store import bulk
from ckanext.cn_govdata.store.tables import check_table as _check
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Mapping

KEPT = 30  # checks of a portal


def add(result: Mapping[str, Any]) -> None:
    """Keep the result of a check, a JSON value with `portal_id` and `word`; commits."""
    portal_id = result["portal_id"]
    row = {
        "portal_id": portal_id,
        "checked": now(),
        "word": result["word"],
        "result": dict(result),
    }
    bulk.insert(_check, [row])
    newest = (
        sa.select(_check.c.id)
        .where(_check.c.portal_id == portal_id)
        .order_by(_check.c.id.desc())
        .limit(KEPT)
    )
    model.Session.execute(
        sa.delete(_check).where(_check.c.portal_id == portal_id, _check.c.id.not_in(newest))
    )
    model.Session.commit()


def last(portal_id: str) -> dict[str, Any] | None:
    """The last check of a portal, or None."""
    return last_of_all(portal_id).get(portal_id)


def last_of_all(portal_id: str | None = None) -> dict[str, dict[str, Any]]:
    """The last check of every portal, or of one, by the portal's id."""
    newest = sa.select(_check.c.portal_id, _check.c.result).distinct(_check.c.portal_id)
    if portal_id is not None:
        newest = newest.where(_check.c.portal_id == portal_id)
    rows = model.Session.execute(newest.order_by(_check.c.portal_id, _check.c.id.desc()))
    return {row.portal_id: row.result for row in rows}
