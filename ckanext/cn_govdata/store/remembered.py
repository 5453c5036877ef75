"""What harvest jobs came to, kept for status pages and commands."""

from __future__ import annotations

from datetime import UTC, date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestJob

from ckanext.cn_govdata.crawl.messages import Outcome
from ckanext.cn_govdata.store import bulk, totals
from ckanext.cn_govdata.store.tables import job_table, now
from ckanext.cn_govdata.text import dates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def job(harvest_job_id: str, counters: Mapping[str, Any]) -> None:
    """Keep the counters of a job that has ended; commits.

    `portal_id`, `outcome`, `reason` and `evidence` are among them and get columns of their own;
    an `error` is the reason of a job that failed. A job that was deleted meanwhile is not kept.
    """
    harvest_job = HarvestJob.get(harvest_job_id)
    if harvest_job is None:
        return
    row = {
        "harvest_job_id": harvest_job_id,
        "harvest_source_id": harvest_job.source_id,
        "portal_id": counters["portal_id"],
        "outcome": counters["outcome"],
        "reason": counters.get("error") or counters.get("reason"),
        "evidence": counters.get("evidence"),
        "counters": dict(counters),
        "started": harvest_job.gather_started,
        "ended": now(),
    }
    totals.add(harvest_job_id, counters)
    bulk.upsert(job_table, [row], key="harvest_job_id")
    model.Session.commit()


def of_job(harvest_job_id: str) -> dict[str, Any] | None:
    """What one job came to as plain values, or ``None`` if it is not known."""
    statement = sa.select(job_table).where(job_table.c.harvest_job_id == harvest_job_id)
    row = model.Session.execute(statement).mappings().first()
    return None if row is None else dict(row)


def last_complete(harvest_source_id: str) -> date | None:
    """The day of the last complete listing of a source."""
    ended = sa.select(sa.func.max(job_table.c.ended)).where(
        job_table.c.harvest_source_id == harvest_source_id,
        job_table.c.outcome == Outcome.COMPLETE.value,
    )
    moment: datetime | None = model.Session.execute(ended).scalar_one()
    return None if moment is None else _day(moment)


def newest_update(harvest_source_id: str) -> tuple[date | None, date | None]:
    """The latest update up to which a source was last read without a gap, and when that was."""
    newest = job_table.c.counters["newest"].astext
    statement = (
        sa.select(newest, job_table.c.ended)
        .where(job_table.c.harvest_source_id == harvest_source_id, newest.is_not(None))
        .order_by(job_table.c.ended.desc())
        .limit(1)
    )
    row = model.Session.execute(statement).first()
    return (None, None) if row is None else (date.fromisoformat(row[0]), _day(row[1]))


def _day(moment: datetime) -> date:
    """The day in China of a moment in UTC."""
    return moment.replace(tzinfo=UTC).astimezone(dates.CHINA).date()


def last_jobs(harvest_source_id: str | None = None) -> list[dict[str, Any]]:
    """The last job of every source, or of one, as plain values; the latest first."""
    # Of each source the newest row alone is read, however many jobs there were.
    sources = sa.select(job_table.c.harvest_source_id).distinct()
    if harvest_source_id is not None:
        sources = sources.where(job_table.c.harvest_source_id == harvest_source_id)
    source = sources.subquery()
    newest = (
        sa.select(job_table)
        .where(job_table.c.harvest_source_id == source.c.harvest_source_id)
        .order_by(job_table.c.ended.desc())
        .limit(1)
        .correlate(source)
        .lateral("newest")
    )
    statement = sa.select(*newest.c).select_from(source.join(newest, sa.true()))
    rows = model.Session.execute(statement).mappings().all()
    return sorted((dict(row) for row in rows), key=lambda row: row["ended"], reverse=True)
