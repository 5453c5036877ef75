"""How the harvests of the site stand now: for the command, the status page and job pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.store import hooks, progress, queue, remembered, workers
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_COUNTED = ("listed", "total", "added", "changed", "unchanged", "withdrawn", "refused", "requests")


def overview(harvest_source_id: str | None = None) -> dict[str, Any]:
    """Everything an operator looks at, of all sources or of one, as plain values.

    `sources`: the last job of each. `running`: as `of_running`. `waiting`: jobs with their
    `position` in the queue. `workers`: those that live. `warnings`: what a person should do.
    `slow_path`: why datasets are written one by one; empty where they are not.
    """
    waiting = [row for row in queue.waiting() if row["holder"] is None]
    living = workers.living()
    slow = hooks.not_honoured(DATASET_TYPE)
    places = [{**_told(row), "position": place} for place, row in enumerate(waiting, start=1)]
    shown = {
        "runner": settings.harvest_runner(),
        "warnings": _warnings(len(waiting), living, slow),
        "slow_path": slow,
        "workers": [_told(row) for row in living],
        "running": [of_running(row) for row in progress.running()],
        "waiting": [{key: row[key] for key in row if key != "holder"} for row in places],
        "sources": [_told(row) for row in remembered.last_jobs(harvest_source_id)],
    }
    jobs = [*shown["running"], *shown["waiting"], *shown["sources"]]
    names = _names({row["harvest_source_id"] for row in jobs})
    for row in jobs:
        row["source"], row["title"] = names.get(row["harvest_source_id"], (None, None))
    if harvest_source_id is not None:
        for part in ("running", "waiting"):
            shown[part] = [
                row for row in shown[part] if row["harvest_source_id"] == harvest_source_id
            ]
    return shown


def of_running(row: Mapping[str, Any]) -> dict[str, Any]:
    """A running job from its row of progress: counters, records a second, when it will end.

    The end is reckoned from the records listed so far and the total that the portal states; it is
    None where that is not known.
    """
    counters = row["counters"]
    seconds = max((row["updated"] - row["started"]).total_seconds(), 0.0)
    listed, total = counters.get("listed") or 0, counters.get("total")
    rate = listed / seconds if seconds else None
    end = None
    if rate and total and total >= listed:
        end = row["updated"] + timedelta(seconds=(total - listed) / rate)
    return {
        "harvest_job_id": row["harvest_job_id"],
        "harvest_source_id": row["harvest_source_id"],
        "portal_id": row["portal_id"],
        "worker": short(row["holder"]),
        **{name: counters.get(name) for name in _COUNTED},
        "remapped": counters.get("remapped"),
        "seconds": round(seconds, 1),
        "per_second": None if rate is None else round(rate, 1),
        "started": _moment(row["started"]),
        "updated": _moment(row["updated"]),
        "estimated_end": None if end is None else _moment(end),
    }


def of_job(harvest_job_id: str) -> dict[str, Any] | None:
    """How far a job is: its counters while it runs, its place while it waits; None once ended."""
    row = progress.of_job(harvest_job_id)
    if row is not None:
        running = of_running(row)
        end = running["estimated_end"]
        return {
            "state": "running",
            **running,
            # As the reader's language and the site's time zone write it.
            "end_shown": tk.h.render_datetime(end.rstrip("Z"), with_hours=True) if end else None,
            "seconds_ago": _seconds_ago(row["updated"]),
        }
    rows = queue.waiting()
    waiting = [one["harvest_job_id"] for one in rows if one["holder"] is None]
    if harvest_job_id in waiting:
        place = waiting.index(harvest_job_id) + 1
        return {"state": "waiting", "position": place, "no_worker": not workers.living()}
    if any(one["harvest_job_id"] == harvest_job_id for one in rows):
        return {"state": "starting"}
    return None


def no_worker() -> str | None:
    """What to do where jobs go to workers and none lives; None where all is well."""
    if settings.harvest_runner() != settings.WORKER or workers.living():
        return None
    return tk._(
        "No worker lives: jobs wait until one is started with {command}. "
        "A service manager such as systemd should keep it running."
    ).format(command="ckan cn-govdata harvest worker")


def short(holder: str) -> str:
    """A holder as people read it: machine and process number."""
    parts = holder.split("|")
    return f"{parts[0]}:{parts[-1]}" if len(parts) > 1 else holder


def _warnings(waiting: int, living: list[Any], slow: list[str]) -> list[str]:
    found = []
    lacking = no_worker()
    if lacking:
        found.append(lacking)
    elif waiting and not living:
        found.append(tk._("{count} jobs wait for a worker and none lives").format(count=waiting))
    if slow:
        reasons = "; ".join(slow)
        found.append(
            tk._("Datasets are written one by one, many times slower: {reasons}").format(
                reasons=reasons
            )
        )
    return found


def _names(ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Name and title of the packages of sources."""
    package = model.package_table
    statement = sa.select(package.c.id, package.c.name, package.c.title).where(
        any_of(package.c.id, ids)
    )
    return {row.id: (row.name, row.title) for row in model.Session.execute(statement)}


def _told(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with its moments as text."""
    return {
        key: _moment(value) if isinstance(value, datetime) else value for key, value in row.items()
    }


def _moment(moment: datetime) -> str:
    """ISO 8601 in UTC."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment.isoformat(timespec="seconds") + "Z"


def _seconds_ago(moment: datetime) -> int:
    return max(round((now() - moment).total_seconds()), 0)
