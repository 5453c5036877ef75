"""From harvest jobs to the queue of the workers, and what cron sees to."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestJob, HarvestSource

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.harvest import jobs, sources
from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.store import leases, queue
from ckanext.cn_govdata.store.tables import lease_table as _lease
from ckanext.cn_govdata.store.tables import queue_table as _queue

if TYPE_CHECKING:
    from collections.abc import Iterator

_by_schedule: ContextVar[bool] = ContextVar("cn_govdata_by_schedule", default=False)


@contextmanager
def scheduled() -> Iterator[None]:
    """Jobs that are sent in this context are the schedule's, not a person's."""
    token = _by_schedule.set(True)
    try:
        yield
    finally:
        _by_schedule.reset(token)


def is_ours(job_id: str) -> bool:
    """Whether a job is one that the workers do."""
    if settings.harvest_runner() != settings.WORKER:
        return False
    job = HarvestJob.get(job_id)
    return job is not None and job.source is not None and job.source.type == SOURCE_TYPE


def send(job_id: str) -> HarvestJob:
    """Have a job wait for a worker. Commits. Raises `ValidationError` for an inactive source."""
    job = HarvestJob.get(job_id)
    if not job.source.active:
        raise tk.ValidationError({"source": [tk._("Source is not active")]})
    place = sources.place(job.source)
    queue.put(job_id, job.source_id, place, manual=not _by_schedule.get())
    model.Session.commit()
    return job


def lease_name(job: HarvestJob) -> str:
    """The name of the lease under which a job runs."""
    return sources.place(job.source).name


def tidy() -> None:
    """No job runs without a process that runs it. Commits.

    A job of the queue whose worker is gone waits again; another is ended.
    """
    leases.end_dead()
    queue.remove_ended()
    job, source = HarvestJob.__table__, HarvestSource.__table__
    held = sa.select(_lease.c.name).where(leases.is_held())
    orphans = (
        model.Session.query(HarvestJob)
        .join(HarvestSource, source.c.id == job.c.source_id)
        .outerjoin(_queue, _queue.c.harvest_job_id == job.c.id)
        .filter(
            source.c.type == SOURCE_TYPE,
            job.c.status == jobs.RUNNING,
            job.c.gather_started.is_not(None),
            sa.or_(_queue.c.name.is_(None), _queue.c.name.not_in(held)),
        )
    )
    queued = set(model.Session.execute(sa.select(_queue.c.harvest_job_id)).scalars())
    for each in orphans.all():
        if each.id in queued:
            jobs.hand_back(each.id)
        elif leases.holder_of(lease_name(each)) is None:
            jobs.end(each, jobs.orphaned())
    model.Session.commit()
