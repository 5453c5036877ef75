"""The records that harvest jobs refused: one row each, bounded in number and in time.

A source keeps the rows of two jobs: those of its last job that refused anything, and those of the
one before, so that a job that dies early takes no list away. What `retention` finds too old goes,
too. An unchanged night therefore replaces rows and adds none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestJob
from sqlalchemy.dialects.postgresql import insert

from ckanext.cn_govdata.store.tables import WITHDRAWN, now, record_table
from ckanext.cn_govdata.store.tables import error_table as _error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

MOST = 10_000  # rows a job; more are counted in its report alone
EXAMPLES = 5
GROUPS = 50  # shown of a job
COLUMNS = ("kind", "source_id", "field", "value", "reason")

_VALUE, _REASON, _ID = 200, 1000, 500  # characters
_PAGE = 1000
_job: sa.Table = HarvestJob.__table__


@dataclass(frozen=True, slots=True)
class Error:
    """One refused record. `kind` is a short stable code such as refused, detail, field, database."""

    source_id: str
    reason: str
    kind: str
    field: str | None = None
    value: str | None = None

    def row(self) -> dict[str, str | None]:
        """The columns, cut to what is kept."""
        return {
            "kind": _kept(self.kind, _ID),
            "source_id": _kept(self.source_id, _ID),
            "field": _kept(self.field, _ID),
            "value": _kept(self.value, _VALUE),
            "reason": _kept(self.reason, _REASON),
        }


def save(harvest_job_id: str, errors: Sequence[Error]) -> int:
    """Keep errors of a job, at most `MOST` in all; the number of rows given up. No commit.

    A record that stands there for the same kind already is left as it is: a job that is continued
    by another worker may meet it again. Nothing is kept of a job that is gone.
    """
    if not errors:
        return 0
    of_source = sa.select(_job.c.source_id).where(_job.c.id == harvest_job_id)
    harvest_source_id = model.Session.execute(of_source).scalar()
    if harvest_source_id is None:
        return len(errors)
    there = count(harvest_job_id)
    if there == 0:
        _forget_older(harvest_job_id, harvest_source_id)
    common = {
        "harvest_job_id": harvest_job_id,
        "harvest_source_id": harvest_source_id,
        "at": now(),
    }
    kept = errors[: max(MOST - there, 0)]
    if kept:
        rows = [{**common, **error.row()} for error in kept]
        model.Session.execute(insert(_error).on_conflict_do_nothing(), rows)
    return len(errors) - len(kept)


def count(harvest_job_id: str) -> int:
    """The number of rows of a job."""
    statement = sa.select(sa.func.count()).where(_error.c.harvest_job_id == harvest_job_id)
    return model.Session.execute(statement).scalar_one()


def groups(harvest_job_id: str) -> list[dict[str, Any]]:
    """The errors of a job by kind, reason and field, the commonest first.

    Each with `count` and up to five `examples`: the record's id, its value, and the dataset on this
    site that an earlier job made of it, if there is one.
    """
    by = (_error.c.kind, _error.c.reason, _error.c.field)
    number = sa.func.count()
    # As one array: the first of each group, in the order of the key.
    ids = sa.func.array_agg(
        sa.dialects.postgresql.aggregate_order_by(_error.c.source_id, "source_id")
    )
    statement = (
        sa.select(*by, number.label("count"), ids[1:EXAMPLES].label("ids"))
        .where(_error.c.harvest_job_id == harvest_job_id)
        .group_by(*by)
        .order_by(number.desc(), *by)
        .limit(GROUPS)
    )
    found = [dict(row) for row in model.Session.execute(statement).mappings()]
    examples = _examples(harvest_job_id, {one for group in found for one in group["ids"]})
    for group in found:
        group["examples"] = [examples[group["kind"], one] for one in group.pop("ids")]
    return found


def rows(harvest_job_id: str) -> Iterator[dict[str, str]]:
    """All errors of a job, a page at a time, so that memory stays flat."""
    key = sa.tuple_(_error.c.kind, _error.c.source_id)
    statement = (
        sa.select(*(_error.c[name] for name in COLUMNS))
        .where(_error.c.harvest_job_id == harvest_job_id)
        .order_by(_error.c.kind, _error.c.source_id)
        .limit(_PAGE)
    )
    page = model.Session.execute(statement).mappings().all()
    while page:
        for row in page:
            yield {name: row[name] or "" for name in COLUMNS}
        last = (page[-1]["kind"], page[-1]["source_id"])
        page = model.Session.execute(statement.where(key > last)).mappings().all()


def _examples(harvest_job_id: str, ids: Iterable[str]) -> dict[tuple[str, str], dict[str, Any]]:
    wanted = list(ids)
    if not wanted:
        return {}
    there = sa.and_(
        record_table.c.harvest_source_id == _error.c.harvest_source_id,
        record_table.c.source_id == _error.c.source_id,
        record_table.c.state != WITHDRAWN,
    )
    statement = (
        sa.select(_error.c.kind, _error.c.source_id, _error.c.value, record_table.c.package_id)
        .outerjoin(record_table, there)
        .where(_error.c.harvest_job_id == harvest_job_id, _error.c.source_id.in_(wanted))
    )
    return {
        (row.kind, row.source_id): {
            "source_id": row.source_id,
            "value": row.value,
            "package_id": row.package_id,
        }
        for row in model.Session.execute(statement)
    }


def _forget_older(harvest_job_id: str, harvest_source_id: str) -> None:
    """Delete the errors of a source's jobs, except those of the last one that had any."""
    others = (_error.c.harvest_source_id == harvest_source_id) & (
        _error.c.harvest_job_id != harvest_job_id
    )
    last = sa.select(_error.c.harvest_job_id).where(others).order_by(_error.c.at.desc()).limit(1)
    before = model.Session.execute(last).scalar()
    if before is not None:
        model.Session.execute(sa.delete(_error).where(others, _error.c.harvest_job_id != before))


def _kept(text: str | None, most: int) -> str | None:
    """The beginning of a text, without what PostgreSQL cannot hold."""
    if text is None:
        return None
    return text.encode("utf-8", "replace").decode().replace("\0", "")[:most]
