"""When a source is harvested: its own slot in the night, the same every time.

ckanext-harvest sets `next_run` to now + 1 day when it starts a job, so a source comes later by each
delay of cron, and all sources of a site run at the same hour. Here each portal has a slot, made from
its id; whoever sets `next_run` of a source of ours, the slot is what is written.
"""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckanext.harvest.model import HarvestSource
from sqlalchemy import event

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.text.dates import CHINA

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.orm import Mapper

FREQUENCIES = ("MANUAL", "MONTHLY", "WEEKLY", "BIWEEKLY", "DAILY", "ALWAYS")

_DAYS = {"DAILY": 1, "WEEKLY": 7, "BIWEEKLY": 14}
_SHORTEST_MONTH = 28
_MINUTES_A_DAY = 24 * 60
_LONGEST_WAIT = 62  # days


def listen() -> None:
    """From now on every source of ours that is saved gets its slot."""
    for name, listener in (("before_insert", _on_insert), ("before_update", _on_update)):
        if not event.contains(HarvestSource, name, listener):
            event.listen(HarvestSource, name, listener)


def next_run(frequency: str, portal_id: str, after: datetime) -> datetime | None:
    """The first slot of a portal after a time, both UTC without a zone.

    None for a source that is harvested by hand or always.
    """
    if frequency not in _DAYS and frequency != "MONTHLY":
        return None
    key = _hash(portal_id)
    first, length = settings.harvest_night()
    minute = first + key % length
    start = after.replace(tzinfo=UTC).astimezone(CHINA)
    # A slot after midnight belongs to the night that began the day before.
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    for offset in range(_LONGEST_WAIT):
        night = midnight + timedelta(days=offset)
        slot = night + timedelta(minutes=minute)
        if slot > start and _is_its_night(frequency, key // _MINUTES_A_DAY, night):
            return slot.astimezone(UTC).replace(tzinfo=None)
    raise AssertionError(frequency)


def _is_its_night(frequency: str, key: int, night: datetime) -> bool:
    if frequency == "MONTHLY":
        return night.day == 1 + key % _SHORTEST_MONTH
    days = _DAYS[frequency]
    return night.toordinal() % days == key % days


def _hash(portal_id: str) -> int:
    return int.from_bytes(hashlib.blake2b(portal_id.encode(), digest_size=6).digest(), "big")


def _portal_id(row: HarvestSource) -> str:
    try:
        config = json.loads(row.config or "{}")
    except ValueError:
        config = {}
    return config.get("portal_id") or row.id or row.url


def _on_insert(mapper: Mapper[Any], connection: Connection, row: HarvestSource) -> None:  # noqa: ARG001
    if row.type == SOURCE_TYPE and row.next_run is None:
        row.next_run = _slot(row)


def _on_update(mapper: Mapper[Any], connection: Connection, row: HarvestSource) -> None:  # noqa: ARG001
    if row.type != SOURCE_TYPE:
        return
    state = sa.inspect(row)
    moved = (state.attrs[name].history.has_changes() for name in ("next_run", "frequency"))
    if any(moved) and row.frequency != "ALWAYS":
        row.next_run = _slot(row)


def _slot(row: HarvestSource) -> datetime | None:
    present = datetime.now(UTC).replace(tzinfo=None)
    return next_run(row.frequency or "MANUAL", _portal_id(row), present)
