"""Numbers over all jobs that ever ended. They only grow, so that a monitor can take rates of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert

from ckanext.cn_govdata.store.tables import job_table as _job
from ckanext.cn_govdata.store.tables import total_table as _total

if TYPE_CHECKING:
    from collections.abc import Mapping

# Counters of a job that are added up.
COUNTED = ("added", "changed", "unchanged", "withdrawn", "ceded", "refused", "requests")
OUTCOME = "jobs_"  # before the outcome: the number of jobs that ended so
FAILED = "failed"  # the outcome, here, of a job that an error ended


def add(harvest_job_id: str, counters: Mapping[str, Any]) -> None:
    """Add what a job came to, less what was added for the same job before. No commit."""
    statement = sa.select(_job.c.counters).where(_job.c.harvest_job_id == harvest_job_id)
    before = _numbers(model.Session.execute(statement).scalar() or {})
    wanted = _numbers(counters)
    differences = {
        name: wanted.get(name, 0) - before.get(name, 0) for name in wanted.keys() | before.keys()
    }
    # In one order, so that two jobs that end together do not wait for each other.
    rows = [
        {"name": name, "value": number} for name, number in sorted(differences.items()) if number
    ]
    if rows:
        insertion = insert(_total).values(rows)
        model.Session.execute(
            insertion.on_conflict_do_update(
                index_elements=["name"], set_={"value": _total.c.value + insertion.excluded.value}
            )
        )


def read() -> dict[str, int]:
    """All totals by name; those of `COUNTED` are always there."""
    statement = sa.select(_total.c.name, _total.c.value)
    found = {row.name: row.value for row in model.Session.execute(statement)}
    return {**dict.fromkeys(COUNTED, 0), **found}


def _numbers(counters: Mapping[str, Any]) -> dict[str, int]:
    if not counters:
        return {}
    outcome = FAILED if counters.get("error") else counters["outcome"]
    return {name: int(counters.get(name) or 0) for name in COUNTED} | {OUTCOME + outcome: 1}
