"""What is kept of past harvests, and for how long.

Of the sources of one type, everything older than `keep_days` goes: harvest objects, jobs with their
messages, what jobs came to, and refused records. What always stays: the harvest object of each
record, which keeps the raw record; objects that ckanext-harvest calls current; jobs that have not
ended; the last job of each source, and what the next run must know of earlier ones. Sources of
other types are not touched. Each source is dealt with in short transactions of its own, so that
nobody waits long.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from datetime import timedelta
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import (
    HarvestGatherError,
    HarvestJob,
    HarvestObject,
    HarvestObjectError,
    HarvestObjectExtra,
    HarvestSource,
)

from ckanext.cn_govdata.crawl.messages import Outcome
from ckanext.cn_govdata.store import lock
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.tables import error_table as _error
from ckanext.cn_govdata.store.tables import job_table as _came_to
from ckanext.cn_govdata.store.tables import now
from ckanext.cn_govdata.store.tables import record_table as _record

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

BATCH = 5_000  # objects a transaction

_source: sa.Table = HarvestSource.__table__
_job: sa.Table = HarvestJob.__table__
_object: sa.Table = HarvestObject.__table__
_ended = sa.func.coalesce(_job.c.finished, _job.c.created)


@dataclass(slots=True)
class Pruned:
    """Numbers of rows that went."""

    objects: int = 0
    jobs: int = 0
    messages: int = 0  # of jobs, as ckanext-harvest keeps them
    results: int = 0  # of `cn_govdata_job`
    errors: int = 0  # refused records

    def add(self, other: Pruned) -> None:
        """Count another in."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    def as_dict(self) -> dict[str, int]:
        """The numbers by name."""
        return asdict(self)


def prune(source_type: str, keep_days: int, *, dry_run: bool = False) -> Pruned:
    """Delete what is too old of all sources of a type; commits. `dry_run` only counts.

    Raises `lock.Locked` when another process is at it.
    """
    reason = tk._("Another process prunes the harvests of this site")
    with lock.held("retention", reason):
        total = Pruned()
        before = now() - timedelta(days=keep_days)
        for jobs in _jobs_of_sources(source_type, before):
            part = _Part(jobs, before)
            total.add(part.count() if dry_run else part.delete())
            model.Session.rollback()  # what only read holds no snapshot
        return total


@dataclass(slots=True)
class _Jobs:
    """The jobs of a source that may go, and its last one, which stays."""

    source_id: str
    last: str | None = None
    old: list[str] = field(default_factory=list)


def _jobs_of_sources(source_type: str, before: datetime) -> list[_Jobs]:
    """All sources of a type, by one statement: the table of jobs has no index by source."""
    newest = sa.func.row_number().over(
        partition_by=_job.c.source_id, order_by=_job.c.created.desc()
    )
    is_old = sa.and_(_job.c.status == "Finished", _ended < before)
    ranked = sa.select(
        _job.c.id, _job.c.source_id, newest.label("rank"), is_old.label("is_old")
    ).subquery()
    wanted = sa.or_(ranked.c.rank == 1, ranked.c.is_old)
    statement = (
        sa.select(_source.c.id, ranked.c.id, ranked.c.rank)
        .outerjoin(ranked, sa.and_(ranked.c.source_id == _source.c.id, wanted))
        .where(_source.c.type == source_type)
        .order_by(_source.c.id)
    )
    found: dict[str, _Jobs] = {}
    for source_id, job_id, rank in model.Session.execute(statement):
        jobs = found.setdefault(source_id, _Jobs(source_id))
        if rank == 1:
            jobs.last = job_id
        elif job_id is not None:
            jobs.old.append(job_id)
    return list(found.values())


class _Part:
    """What is too old of one source."""

    def __init__(self, jobs: _Jobs, before: datetime) -> None:
        self._old = jobs.old
        self._objects = sa.and_(
            _object.c.harvest_source_id == jobs.source_id,
            sa.func.coalesce(_object.c.import_finished, _object.c.gathered) < before,
            sa.not_(_kept_objects(jobs.source_id)),
            # Of a job that may not go, nothing goes.
            sa.or_(_object.c.harvest_job_id.is_(None), any_of(_object.c.harvest_job_id, jobs.old)),
        )
        self._results = sa.and_(
            _came_to.c.harvest_source_id == jobs.source_id,
            _came_to.c.ended < before,
            _came_to.c.harvest_job_id.not_in(_remembered(jobs.source_id)),
        )
        self._errors = sa.and_(
            _error.c.harvest_source_id == jobs.source_id,
            _error.c.at < before,
            _error.c.harvest_job_id.is_distinct_from(jobs.last),
        )

    def count(self) -> Pruned:
        """How much would go."""
        return Pruned(
            objects=_count(_object, self._objects),
            jobs=len(self._old),
            messages=_count(_message, any_of(_message.c.harvest_job_id, self._old)),
            results=_count(_came_to, self._results),
            errors=_count(_error, self._errors),
        )

    def delete(self) -> Pruned:
        """Delete it, batch by batch."""
        done = Pruned()
        while ids := _ids(_object, self._objects):
            for table in (HarvestObjectExtra.__table__, HarvestObjectError.__table__):
                model.Session.execute(
                    sa.delete(table).where(any_of(table.c.harvest_object_id, ids))
                )
            done.objects += _delete(_object, ids, also=self._objects)
            model.Session.commit()
        if self._old:
            done.messages, done.jobs = _delete_jobs(self._old), len(self._old)
            model.Session.commit()
        for table, condition, name in (
            (_came_to, self._results, "results"),
            (_error, self._errors, "errors"),
        ):
            setattr(done, name, model.Session.execute(sa.delete(table).where(condition)).rowcount)
        model.Session.commit()
        return done


_message: sa.Table = HarvestGatherError.__table__


def _delete_jobs(ids: Sequence[str]) -> int:
    """Delete jobs and their messages; the number of messages.

    A dataset that has not changed for long keeps its object, which then belongs to no job, as
    those do that were made by mapping anew.
    """
    model.Session.execute(
        sa.update(_object).where(any_of(_object.c.harvest_job_id, ids)).values(harvest_job_id=None)
    )
    gone = sa.delete(_message).where(any_of(_message.c.harvest_job_id, ids))
    messages = model.Session.execute(gone).rowcount
    model.Session.execute(sa.delete(_job).where(any_of(_job.c.id, ids)))
    return messages


def _kept_objects(source_id: str) -> sa.sql.ColumnElement:
    """An object that a record of the source needs, or that counts as current."""
    of_records = sa.select(_record.c.harvest_object_id).where(
        _record.c.harvest_source_id == source_id, _record.c.harvest_object_id.is_not(None)
    )
    return sa.or_(_object.c.current.is_(True), _object.c.id.in_(of_records))


def _remembered(source_id: str) -> sa.sql.CompoundSelect:
    """The jobs that a next run asks about (`remembered`): last, last complete, last newest."""
    conditions = (
        sa.true(),
        _came_to.c.outcome == Outcome.COMPLETE.value,
        _came_to.c.counters["newest"].astext.is_not(None),
    )
    jobs = [
        sa.select(_came_to.c.harvest_job_id.label("id"))
        .where(_came_to.c.harvest_source_id == source_id, condition)
        .order_by(_came_to.c.ended.desc())
        .limit(1)
        .subquery()
        for condition in conditions
    ]
    return sa.union_all(*(sa.select(job.c.id) for job in jobs))


def _ids(table: sa.Table, condition: sa.sql.ColumnElement) -> list[str]:
    return (
        model.Session.execute(sa.select(table.c.id).where(condition).limit(BATCH)).scalars().all()
    )


def _delete(table: sa.Table, ids: Sequence[str], *, also: sa.sql.ColumnElement) -> int:
    """Delete rows by id that still are what they were when they were looked for."""
    return model.Session.execute(sa.delete(table).where(any_of(table.c.id, ids), also)).rowcount


def _count(table: sa.Table, condition: sa.sql.ColumnElement) -> int:
    statement = sa.select(sa.func.count()).select_from(table).where(condition)
    return model.Session.execute(statement).scalar_one()
