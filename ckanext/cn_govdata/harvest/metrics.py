"""The numbers of the harvests in the text format of Prometheus."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.harvest import jobs, sources
from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.store import gauges, hooks, progress, queue, totals, workers

if TYPE_CHECKING:
    from typing import Any

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_PREFIX = "cn_govdata_"
_BEARER = "Bearer "
_ESCAPED = str.maketrans({"\\": r"\\", '"': r"\"", "\n": r"\n"})
Samples = Iterable[tuple[Mapping[str, str], float]]


def may_read(authorization: str) -> bool:
    """Whether a header `Authorization` bears the token of the setting `metrics.token`."""
    wanted = settings.metrics_token()
    if wanted is None or not authorization.startswith(_BEARER):
        return False
    given = authorization.removeprefix(_BEARER).strip()
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def text() -> str:
    """All numbers, by a dozen statements whatever the number of sources."""
    return "".join([*_harvests(), *_catalogue()])


def _harvests() -> Iterable[str]:
    states = {"New": 0, "Running": 0, "Finished": 0} | gauges.jobs(SOURCE_TYPE)
    yield _family("harvest_jobs", "gauge", "Harvest jobs by state.", _by("state", _lower(states)))
    yield from _queue(queue.waiting())
    yield _number("harvest_workers", "gauge", "Worker processes that live.", len(workers.living()))
    listed = sum(row["counters"].get("listed") or 0 for row in progress.running())
    yield _number("harvest_running_listed", "gauge", "Records listed by running jobs.", listed)
    total = totals.read()
    ended = {
        name.removeprefix(totals.OUTCOME): number
        for name, number in total.items()
        if name.startswith(totals.OUTCOME)
    }
    help_ = "Harvest jobs that ended, by outcome of the listing; failed: ended by an error."
    yield _family("harvest_jobs_ended_total", "counter", help_, _by("outcome", ended))
    results = {name: total[name] for name in totals.COUNTED if name != "requests"}
    help_ = "Records of ended jobs, by what became of them."
    yield _family("harvest_records_total", "counter", help_, _by("result", results))
    help_ = "Requests of ended jobs to portals."
    yield _number("harvest_requests_total", "counter", help_, total["requests"])
    portals = {row.id: sources.portal_id(row) for row in jobs.portal_sources()}
    seconds = gauges.last_successes(SOURCE_TYPE)
    help_ = "Seconds since a source was last harvested well; since it was made, where never."
    samples = {portals[key]: age for key, age in sorted(seconds.items()) if key in portals}
    yield _family("harvest_seconds_since_success", "gauge", help_, _by("portal_id", samples))
    slow = bool(hooks.not_honoured(DATASET_TYPE))
    help_ = "1 where a plugin of the site makes it write datasets one by one."
    yield _number("harvest_slow_path", "gauge", help_, slow)


def _queue(rows: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    waiting = [row for row in rows if row["holder"] is None]
    manual = sum(row["manual"] for row in waiting)
    kinds = {"manual": manual, "scheduled": len(waiting) - manual}
    help_ = "Harvest jobs that wait for a worker."
    yield _family("harvest_queue_length", "gauge", help_, _by("kind", kinds))
    present = datetime.now(UTC)
    ages = [(present - row["queued_at"]).total_seconds() for row in waiting]
    help_ = "Age of the harvest job that waits longest."
    yield _number("harvest_queue_oldest_seconds", "gauge", help_, max(ages, default=0.0))


def _catalogue() -> Iterable[str]:
    help_ = "Datasets whose search document is older than their row; failed: refused by Solr."
    yield _family("index_outbox", "gauge", help_, _by("state", gauges.outbox()))
    states = dict.fromkeys(("active", "missing", "withdrawn"), 0) | gauges.datasets()
    yield _family("datasets", "gauge", "Harvested datasets by state.", _by("state", states))
    help_ = "Datasets that wait for a person's word before they are withdrawn."
    waiting = gauges.withdrawals_waiting(SOURCE_TYPE)
    yield _number("withdrawals_waiting", "gauge", help_, waiting)


def _lower(counts: Mapping[str, int]) -> dict[str, int]:
    return {name.lower(): number for name, number in counts.items()}


def _by(label: str, values: Mapping[str, float]) -> Samples:
    return [({label: name}, number) for name, number in values.items()]


def _number(name: str, kind: str, help_: str, value: float) -> str:
    return _family(name, kind, help_, [({}, value)])


def _family(name: str, kind: str, help_: str, samples: Samples) -> str:
    lines = [f"# HELP {_PREFIX}{name} {help_}", f"# TYPE {_PREFIX}{name} {kind}"]
    for labels, value in samples:
        shown = ",".join(f'{key}="{text_.translate(_ESCAPED)}"' for key, text_ in labels.items())
        number = f"{value:.3f}" if isinstance(value, float) else str(int(value))
        lines.append(
            f"{_PREFIX}{name}{{{shown}}} {number}" if shown else f"{_PREFIX}{name} {number}"
        )
    return "\n".join(lines) + "\n"
