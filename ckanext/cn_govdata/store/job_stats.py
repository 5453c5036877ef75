"""The numbers of ckanext-harvest's pages about our jobs, from what the jobs came to.

ckanext-harvest counts the harvest objects of a job each time a page names it: tens of thousands of
wide rows for the first job of a large source. Our jobs have kept their numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestGatherError, HarvestObject, HarvestObjectError

from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.tables import job_table, progress_table

if TYPE_CHECKING:
    from collections.abc import Iterable

# ckanext-harvest's names and those of `JobReport.counters`.
_NAMES = {
    "added": "added",
    "updated": "changed",
    "not modified": "unchanged",
    "deleted": "withdrawn",
}
_ERRORED = "errored"

Stats = dict[str, int]


def of_jobs(job_ids: Iterable[str]) -> dict[str, Stats]:
    """The numbers of those jobs that ran in our runner, running ones included; three statements.

    Errors are the messages that ckanext-harvest keeps of a job, which its page shows.
    """
    wanted = list(job_ids)
    counters = _counters(wanted)
    if not counters:
        return {}
    errors = _errors(list(counters))
    return {
        job_id: {
            **{name: int(found.get(ours) or 0) for name, ours in _NAMES.items()},
            _ERRORED: errors.get(job_id, 0),
        }
        for job_id, found in counters.items()
    }


def _counters(job_ids: list[str]) -> dict[str, dict[str, Any]]:
    """What jobs have come to, or have done so far; each counter as it stands in the row."""
    wanted = _NAMES.values()
    selects = [
        sa.select(
            table.c.harvest_job_id,
            *(table.c.counters[name].astext.label(name) for name in wanted),
        ).where(any_of(table.c.harvest_job_id, job_ids))
        for table in (progress_table, job_table)
    ]
    rows = model.Session.execute(sa.union_all(*selects)).mappings()
    return {row["harvest_job_id"]: dict(row) for row in rows}


def _errors(job_ids: list[str]) -> dict[str, int]:
    """Objects with an error and errors of gathering, together, by job."""
    gather, error, object_ = (
        each.__table__ for each in (HarvestGatherError, HarvestObjectError, HarvestObject)
    )
    gathering = (
        sa.select(gather.c.harvest_job_id, sa.func.count().label("errors"))
        .where(any_of(gather.c.harvest_job_id, job_ids))
        .group_by(gather.c.harvest_job_id)
    )
    failed = (
        sa.select(
            object_.c.harvest_job_id,
            sa.func.count(sa.distinct(error.c.harvest_object_id)).label("errors"),
        )
        .join(object_, object_.c.id == error.c.harvest_object_id)
        .where(any_of(object_.c.harvest_job_id, job_ids))
        .group_by(object_.c.harvest_job_id)
    )
    found: dict[str, int] = {}
    for job_id, number in model.Session.execute(sa.union_all(gathering, failed)):
        found[job_id] = found.get(job_id, 0) + number
    return found
