"""The numbers that a monitor asks for every few seconds, each by one statement."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestJob, HarvestSource

from ckanext.cn_govdata.crawl.messages import Outcome
from ckanext.cn_govdata.store.tables import job_table as _job
from ckanext.cn_govdata.store.tables import outbox_table as _outbox
from ckanext.cn_govdata.store.tables import record_table as _record

_source: sa.Table = HarvestSource.__table__
_harvest_job: sa.Table = HarvestJob.__table__
_GOOD = (Outcome.COMPLETE.value, Outcome.PARTIAL.value, Outcome.EMPTY.value)


def datasets() -> dict[str, int]:
    """Harvested datasets by state: active, missing, withdrawn."""
    return _counted(sa.select(_record.c.state, sa.func.count()).group_by(_record.c.state))


def jobs(source_type: str) -> dict[str, int]:
    """ckanext-harvest's jobs of the sources of a type by state: New, Running, Finished."""
    statement = (
        sa.select(_harvest_job.c.status, sa.func.count())
        .join(_source, _source.c.id == _harvest_job.c.source_id)
        .where(_source.c.type == source_type)
        .group_by(_harvest_job.c.status)
    )
    return _counted(statement)


def outbox() -> dict[str, int]:
    """Datasets whose document is older than their row: `waiting`, or `failed` when Solr refused."""
    failed = _outbox.c.failure.is_not(None)
    statement = sa.select(failed, sa.func.count()).where(_outbox.c.kind == "package")
    found = _counted(statement.group_by(failed))
    return {"waiting": found.get(False, 0), "failed": found.get(True, 0)}


def last_successes(source_type: str) -> dict[str, float]:
    """Seconds since each active source was last harvested well; since it was made, where never."""
    counters = _job.c.counters
    ended = (
        sa.select(_job.c.ended)
        .where(
            _job.c.harvest_source_id == _source.c.id,
            _job.c.outcome.in_(_GOOD),
            counters["error"].astext.is_(None),
            sa.func.coalesce(counters["unindexed"].astext, "0") == "0",
            sa.func.coalesce(counters["unconfirmed_empty"].astext, "0") == "0",
        )
        .order_by(_job.c.ended.desc())
        .limit(1)
        .scalar_subquery()
    )
    age = sa.func.timezone("UTC", sa.func.now()) - sa.func.coalesce(ended, _source.c.created)
    statement = sa.select(_source.c.id, sa.extract("epoch", age)).where(
        _source.c.type == source_type, _source.c.active
    )
    return {key: float(seconds) for key, seconds in model.Session.execute(statement)}


def withdrawals_waiting(source_type: str) -> int:
    """Datasets that the last job of each source would not withdraw without a person's word."""
    last = (
        sa.select(_job.c.counters["waiting"].astext)
        .where(_job.c.harvest_source_id == _source.c.id)
        .order_by(_job.c.ended.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = sa.select(sa.func.sum(sa.cast(last, sa.Integer))).where(
        _source.c.type == source_type, _source.c.active
    )
    return model.Session.execute(statement).scalar() or 0


def _counted(statement: sa.sql.Select) -> dict[Any, int]:
    return {row[0]: row[1] for row in model.Session.execute(statement)}
