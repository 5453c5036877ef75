"""The queue of harvest jobs that wait for a worker, or run in one.

In PostgreSQL, so that a job is never lost between the database and a broker: its row stands here
from the moment it is sent until it has ended, whoever dies meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestJob
from sqlalchemy.dialects.postgresql import insert

from ckanext.cn_govdata.store import leases
from ckanext.cn_govdata.store.tables import lease_table as _lease
from ckanext.cn_govdata.store.tables import queue_table as _queue

if TYPE_CHECKING:
    from ckanext.cn_govdata.store.leases import Lease

_job: sa.Table = HarvestJob.__table__

# Jobs that are looked at before a worker gives up for now.
_CANDIDATES = 50


class Place(NamedTuple):
    """What a job will harvest: the name of its lease and the host that is asked."""

    name: str
    host: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A job that this process runs now, and the lease under which it does."""

    job_id: str
    lease: Lease
    manual: bool
    attempt: int  # 1 at first; more when workers died over it or handed it back


def put(job_id: str, source_id: str, place: Place, *, manual: bool) -> None:
    """Have a job wait for a worker; does not commit. `manual` jobs go before scheduled ones."""
    statement = insert(_queue).values(
        harvest_job_id=job_id,
        harvest_source_id=source_id,
        name=place.name,
        host=place.host,
        manual=manual,
    )
    manual_now = sa.or_(_queue.c.manual, statement.excluded.manual)
    model.Session.execute(
        statement.on_conflict_do_update(
            index_elements=["harvest_job_id"], set_={"manual": manual_now}
        )
    )


def take(seconds: float, *, manual_only: bool = False) -> Taken | None:
    """Take the next job that can run, with a lease for so many seconds. Commits.

    A scheduled job waits while its host is asked by another; None when no job can be taken.
    """
    for job_id, place, manual in _candidates(manual_only=manual_only):
        lease = leases.take(place.name, place.host, seconds)
        if lease is None:
            continue
        # Another process may have finished it between the two statements.
        statement = (
            sa.update(_queue)
            .where(_queue.c.harvest_job_id == job_id)
            .values(attempts=_queue.c.attempts + 1)
            .returning(_queue.c.attempts)
        )
        attempt = model.Session.execute(statement).scalar()
        model.Session.commit()
        if attempt is not None:
            return Taken(job_id, lease, manual, attempt)
        leases.release(lease)
    return None


def remove(job_id: str) -> None:
    """Forget a job that has ended; does not commit."""
    model.Session.execute(sa.delete(_queue).where(_queue.c.harvest_job_id == job_id))


def remove_ended() -> int:
    """Forget jobs that ended elsewhere, by a person or a deleted source; the number. Commits."""
    going_on = sa.select(_job.c.id).where(_job.c.status.in_(("New", "Running")))
    statement = sa.delete(_queue).where(_queue.c.harvest_job_id.not_in(going_on))
    number = model.Session.execute(statement).rowcount
    model.Session.commit()
    return number


def waiting() -> list[dict[str, Any]]:
    """Every job that waits or runs, in the order of the queue; `holder` of those that run."""
    names = ("harvest_job_id", "harvest_source_id", "host", "manual", "attempts", "queued_at")
    statement = (
        sa.select(*(_queue.c[name] for name in names), _lease.c.holder)
        .outerjoin(_lease, sa.and_(_lease.c.name == _queue.c.name, leases.is_held()))
        .order_by(_queue.c.manual.desc(), _queue.c.queued_at)
    )
    return [dict(row) for row in model.Session.execute(statement).mappings()]


def length() -> int:
    """The number of jobs that wait or run."""
    return model.Session.execute(sa.select(sa.func.count()).select_from(_queue)).scalar_one()


def _candidates(*, manual_only: bool) -> list[tuple[str, Place, bool]]:
    """Jobs that nobody runs, those of people first; of the schedule only one a host."""
    held_names = sa.select(_lease.c.name).where(leases.is_held())
    held_hosts = sa.select(_lease.c.host).where(leases.is_held())
    free = sa.or_(_queue.c.manual, _queue.c.host.not_in(held_hosts))
    statement = (
        sa.select(_queue.c.harvest_job_id, _queue.c.name, _queue.c.host, _queue.c.manual)
        .where(_queue.c.name.not_in(held_names), free)
        .order_by(_queue.c.manual.desc(), _queue.c.queued_at, _queue.c.harvest_job_id)
        .limit(_CANDIDATES)
    )
    if manual_only:
        statement = statement.where(_queue.c.manual)
    rows = model.Session.execute(statement).all()
    model.Session.rollback()
    return [(row[0], Place(row[1], row[2]), row[3]) for row in rows]
