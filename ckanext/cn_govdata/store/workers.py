"""The worker processes of the site: which of them live, and what they have done."""

from __future__ import annotations

import os
import platform
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from ckanext.cn_govdata.store.leases import holder_name
from ckanext.cn_govdata.store.tables import worker_table as _worker

if TYPE_CHECKING:
    from collections.abc import Mapping

# A worker says that it lives every few seconds; its row is kept so long after the last word.
LIVING_SECONDS = 60
_FORGOTTEN_SECONDS = 24 * 3600


def beat(connection: sa.engine.Connection, numbers: Mapping[str, Any]) -> None:
    """Say that this process lives and what it has done. Does not commit."""
    row = {
        "holder": holder_name(),
        "host": platform.node(),
        "pid": os.getpid(),
        "numbers": dict(numbers),
    }
    statement = insert(_worker).values(row)
    seen = {"seen": sa.func.clock_timestamp(), "numbers": statement.excluded.numbers}
    connection.execute(statement.on_conflict_do_update(index_elements=["holder"], set_=seen))


def leave() -> None:
    """Forget this process, and those that have not been heard of for a day. Commits.

    A database that is away learns it from the silence.
    """
    old = _worker.c.seen < _ago(_FORGOTTEN_SECONDS)
    gone = sa.delete(_worker).where(sa.or_(_worker.c.holder == holder_name(), old))
    try:
        model.Session.execute(gone)
        model.Session.commit()
    except DBAPIError:
        model.Session.rollback()


def living() -> list[dict[str, Any]]:
    """The workers that have said so lately, the oldest first."""
    statement = (
        sa.select(_worker).where(_worker.c.seen > _ago(LIVING_SECONDS)).order_by(_worker.c.started)
    )
    return [dict(row) for row in model.Session.execute(statement).mappings()]


def _ago(seconds: float) -> sa.sql.ColumnElement:
    return sa.func.now() - sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
