"""To whom the mail that sums up the harvests went last, and what jobs came to since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.cn_govdata.store.tables import digest_table as _digest
from ckanext.cn_govdata.store.tables import job_table as _job
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def sent() -> dict[str, datetime]:
    """When each recipient, by user name, got the last one."""
    return {
        row.recipient: row.sent
        for row in model.Session.execute(sa.select(_digest.c.recipient, _digest.c.sent))
    }


def note(recipient: str) -> None:
    """Note that a recipient has got one now; commits."""
    statement = insert(_digest).values(recipient=recipient, sent=now())
    statement = statement.on_conflict_do_update(
        index_elements=["recipient"], set_={"sent": statement.excluded.sent}
    )
    model.Session.execute(statement)
    model.Session.commit()


def jobs_since(since: datetime) -> dict[str, list[Mapping[str, Any]]]:
    """What jobs came to by source: the last one before `since`, if any, then those after it."""
    before = (
        sa.select(_job)
        .distinct(_job.c.harvest_source_id)
        .where(_job.c.ended <= since)
        .order_by(_job.c.harvest_source_id, _job.c.ended.desc())
    ).subquery()
    after = sa.select(_job).where(_job.c.ended > since)
    found: dict[str, list[Mapping[str, Any]]] = {}
    for statement in (sa.select(before), after.order_by(_job.c.ended)):
        for row in model.Session.execute(statement).mappings():
            found.setdefault(row["harvest_source_id"], []).append(row)
    return found
