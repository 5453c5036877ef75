"""What running jobs have done so far: for people who wait, and for whoever continues the job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata.store import bulk, leases
from ckanext.cn_govdata.store.tables import now
from ckanext.cn_govdata.store.tables import progress_table as _progress

if TYPE_CHECKING:
    from collections.abc import Mapping


def keep(job_id: str, source_id: str, counters: Mapping[str, Any]) -> None:
    """Keep the counters of a running job (`JobReport.counters`); does not commit."""
    at = now()
    row = {
        "harvest_job_id": job_id,
        "harvest_source_id": source_id,
        "portal_id": counters["portal_id"],
        "holder": leases.holder_name(),
        "counters": dict(counters),
        "started": at,
        "updated": at,
    }
    bulk.upsert(_progress, [row], key="harvest_job_id", keep=("started",))


def remove(job_id: str) -> None:
    """Forget a job that has ended; does not commit."""
    model.Session.execute(sa.delete(_progress).where(_progress.c.harvest_job_id == job_id))


def of_job(job_id: str) -> dict[str, Any] | None:
    """What a running job has done so far."""
    statement = sa.select(_progress).where(_progress.c.harvest_job_id == job_id)
    row = model.Session.execute(statement).mappings().first()
    return None if row is None else dict(row)


def running() -> list[dict[str, Any]]:
    """What every running job has done so far, the longest running first."""
    statement = sa.select(_progress).order_by(_progress.c.started)
    return [dict(row) for row in model.Session.execute(statement).mappings()]
