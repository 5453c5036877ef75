"""Withdrawal of what a portal no longer lists.

Only a complete listing can withdraw, only after days of grace, and never more than a share of the
source without a person's word: a portal that loses half its list has a fault more often than a
purge.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata.store import catalogued, outbox, ownership, removal
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.tables import (
    ACTIVE,
    MISSING,
    WITHDRAWN,
    ceded_table,
    now,
    record_table,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ckanext.cn_govdata.store.known import KnownRecords

BATCH = 500
Guard = Callable[[], None]


def _unguarded() -> None:
    """Whoever calls holds no lease."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A dataset that would be withdrawn."""

    package_id: str
    source_id: str
    missing_since: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """What a complete listing came to. `waiting` is not empty when the guard held it back."""

    withdrawn: int = 0
    missing: int = 0  # within the days of grace
    returned: int = 0  # had been missing
    waiting: tuple[Waiting, ...] = ()


def after_complete_listing(
    known: KnownRecords,
    seen: Collection[str],
    *,
    grace_days: float,
    max_share: float,
    guard: Guard = _unguarded,
) -> Decision:
    """Compare what a complete listing showed with what is known of the portal; commits.

    `seen` holds every source id that was listed. A record missing for `grace_days` is withdrawn,
    unless those due are more than `max_share` of the portal's records: then none is, and the
    decision names them. Writes nothing when nothing is missing and nothing returned. `guard` is
    called before each commit and may raise.
    """
    at = now()
    states = _states(known.portal_id)
    returned = [row for row in states if row.state == MISSING and row.source_id in seen]
    absent = [row for row in states if row.source_id not in seen]
    fresh = [row for row in absent if row.state == ACTIVE]
    _mark(returned, ACTIVE, None)
    _mark(fresh, MISSING, at)
    since = {row.package_id: at for row in fresh}
    limit = at - timedelta(days=grace_days)
    over = [row for row in absent if since.get(row.package_id, row.missing_since) <= limit]
    due = tuple(
        Waiting(row.package_id, row.source_id, since.get(row.package_id, row.missing_since))
        for row in over
        if row.holds
    )
    held = len(due) > max_share * sum(row.holds for row in states)
    # A record whose dataset another portal owns takes no dataset with it.
    withdraw([row.package_id for row in over if not row.holds])
    guard()
    model.Session.commit()
    withdrawn = 0 if held else _withdraw_and_index([each.package_id for each in due], guard)
    outbox.try_index(ownership.settle_portal(known.portal_id, guard))
    return Decision(
        withdrawn=withdrawn,
        missing=len(absent) - len(over),
        returned=len(returned),
        waiting=due if held else (),
    )


def waiting(portal_id: str, *, grace_days: float) -> tuple[Waiting, ...]:
    """The records of a portal that are missing for longer than the days of grace."""
    limit = now() - timedelta(days=grace_days)
    return tuple(
        Waiting(row.package_id, row.source_id, row.missing_since)
        for row in _states(portal_id)
        if row.holds and row.state == MISSING and row.missing_since <= limit
    )


def confirm(portal_id: str, *, grace_days: float) -> int:
    """A person's word: withdraw what waits, however much it is; the number. Commits."""
    return _withdraw_and_index(
        [each.package_id for each in waiting(portal_id, grace_days=grace_days)]
    )


def withdraw(package_ids: Iterable[str]) -> int:
    """Withdraw datasets at once; the number that were not withdrawn before. Does not commit.

    As `package_delete` does. The index learns it from the outbox. A withdrawn record is not known
    any more, so its return is a change; nor are those that ceded to it, so that the next of their
    harvests makes one of them the owner.
    """
    statement = sa.select(record_table.c.package_id).where(
        any_of(record_table.c.package_id, package_ids), record_table.c.state != WITHDRAWN
    )
    ids = model.Session.execute(statement).scalars().all()
    if not ids:
        return 0
    at = now()
    removal.delete(ids)
    model.Session.execute(
        sa.delete(ceded_table).where(
            sa.or_(any_of(ceded_table.c.package_id, ids), any_of(ceded_table.c.owner_id, ids))
        )
    )
    model.Session.execute(
        sa.update(record_table)
        .where(any_of(record_table.c.package_id, ids))
        .values(state=WITHDRAWN, missing_since=None, changed_at=at)
    )
    return len(ids)


def _withdraw_and_index(ids: list[str], guard: Guard = _unguarded) -> int:
    done = 0
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        done += withdraw(part)
        guard()
        model.Session.commit()
        outbox.try_index(part)
    return done


def _states(portal_id: str) -> list[Any]:
    """The records of a portal that the catalogue has."""
    columns = ("package_id", "source_id", "state", "missing_since")
    statement = (
        sa.select(*(record_table.c[name] for name in columns), catalogued.holds().label("holds"))
        .select_from(catalogued.source())
        .where(record_table.c.portal_id == portal_id, catalogued.known())
    )
    return model.Session.execute(statement).all()


def _mark(rows: list[Any], state: str, since: datetime | None) -> None:
    if rows:
        model.Session.execute(
            sa.update(record_table)
            .where(any_of(record_table.c.package_id, [row.package_id for row in rows]))
            .values(state=state, missing_since=since)
        )
