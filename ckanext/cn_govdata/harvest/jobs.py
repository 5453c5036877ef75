"""The rows of ckanext-harvest around one run: its job, its errors, the state of its source."""

from __future__ import annotations

import logging

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestGatherError, HarvestJob, HarvestSource

from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.store import outbox, pages_read, progress, queue
from ckanext.cn_govdata.store.tables import now

log = logging.getLogger(__name__)

NEW = "New"
RUNNING = "Running"
FINISHED = "Finished"


def find_source(name_or_id: str) -> HarvestSource:
    """The harvest source of an id or of its dataset's name.

    Raises `ObjectNotFound` when there is none.
    """
    package = model.Package.get(name_or_id)
    source = HarvestSource.get(package.id) if package else None
    if source is None:
        raise tk.ObjectNotFound(tk._("No harvest source {0}").format(name_or_id))
    return source


def portal_sources() -> list[HarvestSource]:
    """All active sources of the type `cn_portal`."""
    query = model.Session.query(HarvestSource).filter_by(type=SOURCE_TYPE, active=True)
    return query.order_by(HarvestSource.title).all()


def create(source: HarvestSource) -> HarvestJob:
    """A new job of a source that is not put on the gather queue."""
    job = HarvestJob(source=source)
    job.save()
    return job


def start(job_id: str) -> bool:
    """Mark a job as running, if nobody has ended or deleted it; whether that was so. Commits."""
    table = HarvestJob.__table__
    statement = (
        sa.update(table)
        .where(table.c.id == job_id, table.c.status.in_((NEW, RUNNING)))
        .values(status=RUNNING, gather_started=now())
    )
    number = model.Session.execute(statement).rowcount
    model.Session.commit()
    return number == 1


def hand_back(job_id: str) -> None:
    """Have a job of the queue wait again, as it did before a worker took it. Commits."""
    job = HarvestJob.get(job_id)
    if job is not None and job.status == RUNNING:
        job.status, job.gather_started = NEW, None
    model.Session.commit()


def end(job: HarvestJob, message: str) -> None:
    """End a job that no process runs, with a message for its page; does not commit."""
    add_errors(job, [message])
    _close(job)


def orphaned() -> str:
    """What the page of a job says whose process is gone."""
    return tk._("The worker of this job ended before the job did")


def aborted() -> str:
    """What the page of a job says that a person has stopped."""
    return tk._("The job was stopped by a person")


def deadly(times: int) -> str:
    """What the page of a job says over which workers died again and again."""
    return tk._("{0} workers ended before this job did: it is not tried again").format(times)


def end_dead(source_id: str, but: str) -> int:
    """End every other running job of a source whose lock we hold: its worker is gone."""
    dead = (
        model.Session.query(HarvestJob)
        .filter_by(source_id=source_id, status=RUNNING)
        .filter(HarvestJob.id != but)
        .all()
    )
    for job in dead:
        end(job, orphaned())
    model.Session.commit()
    return len(dead)


def add_errors(job: HarvestJob, messages: list[str]) -> None:
    """Show messages on the job's page."""
    for message in messages:
        model.Session.add(HarvestGatherError(message=message, job=job))


def finish(job_id: str, messages: list[str]) -> None:
    """End a job with the messages for its page, and have its source indexed with its state."""
    model.Session.rollback()
    job = HarvestJob.get(job_id)
    if job is None:
        return  # cleared meanwhile, with its source
    add_errors(job, messages)
    _close(job)
    for rows in (queue, progress, pages_read):
        rows.remove(job_id)
    outbox.enqueue([job.source_id])
    model.Session.commit()


def _close(job: HarvestJob) -> None:
    job.status = FINISHED
    job.gather_finished = job.gather_finished or now()
    job.finished = now()
