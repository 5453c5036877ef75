"""What has happened to a harvest source since a time, in lines that a person reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.crawl.messages import Outcome
from ckanext.cn_govdata.harvest.report import GOOD
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ckanext.harvest.model import HarvestSource

# A source is late when its slot has passed by so much.
LATE = timedelta(hours=12)
_COUNTED = ("added", "changed", "withdrawn")


@dataclass(slots=True)
class News:
    """What is told of one source. `wrong`: a person should look; `better`: it is well again."""

    wrong: list[str] = field(default_factory=list)
    better: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    job_id: str | None = None  # the last job, to look at


def of_source(
    row: HarvestSource, jobs: Sequence[Mapping[str, Any]], since: datetime
) -> News | None:
    """The news of a source; None where there are none.

    `jobs` as `digests.jobs_since` gives them: the last one before, then those since.
    """
    news = News()
    before = [job for job in jobs if job["ended"] <= since]
    after = [job for job in jobs if job["ended"] > since]
    if row.next_run is not None and row.next_run < now() - LATE:
        planned = tk.h.render_datetime(row.next_run, with_hours=True)
        news.wrong.append(tk._("Not harvested since it was due: {time}").format(time=planned))
    if after:
        _of_jobs(news, before[-1] if before else None, after)
    return news if news.wrong or news.better or news.changed else None


def _of_jobs(
    news: News, before: Mapping[str, Any] | None, after: Sequence[Mapping[str, Any]]
) -> None:
    last = after[-1]
    news.job_id = last["harvest_job_id"]
    failed = [job for job in after if not _went_well(job)]
    if not _went_well(last):
        news.wrong.append(_ended(last))
    elif failed:
        text = tk._("{failed} of {count} jobs did not end well, the last one did")
        news.better.append(text.format(failed=len(failed), count=len(after)))
    elif before is not None and not _went_well(before):
        news.better.append(tk._("Well again"))
    news.wrong += _waits(last["counters"])
    refused = last["counters"].get("refused") or 0
    known = (before["counters"].get("refused") or 0) if before else 0
    if refused > known:
        text = tk._("{count} records were refused, {before} before")
        news.wrong.append(text.format(count=refused, before=known))
    sums = {name: sum(job["counters"].get(name) or 0 for job in after) for name in _COUNTED}
    if any(sums.values()):
        text = tk._("{added} datasets added, {changed} changed, {withdrawn} withdrawn")
        news.changed.append(text.format(**sums))


def _went_well(job: Mapping[str, Any]) -> bool:
    return job["outcome"] in GOOD and not job["counters"].get("error")


def _ended(job: Mapping[str, Any]) -> str:
    words = {
        Outcome.INCOMPLETE: tk._("Incomplete listing"),
        Outcome.BLOCKED: tk._("Blocked by the portal"),
        Outcome.BROKEN: tk._("Wire format changed"),
    }
    word = words.get(job["outcome"], tk._("The job failed"))
    reason = " ".join((job["reason"] or "").split())
    return f"{word}: {reason[:300]}" if reason else word


def _waits(counters: Mapping[str, Any]) -> list[str]:
    lines = []
    if counters.get("waiting"):
        text = tk._("{count} withdrawals wait for a decision: too many at once")
        lines.append(text.format(count=counters["waiting"]))
    if counters.get("unconfirmed_empty"):
        text = tk._(
            "The portal lists nothing, {count} datasets are known: "
            "nothing is withdrawn unless the next run says the same"
        )
        lines.append(text.format(count=counters["unconfirmed_empty"]))
    if counters.get("unindexed"):
        text = tk._("{count} datasets wait for the search index, which cannot be reached")
        lines.append(text.format(count=counters["unindexed"]))
    return lines
