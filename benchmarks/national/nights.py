"""One night: all jobs sent, all jobs ended, and what they came to."""

import time
from collections import Counter

import sqlalchemy as sa

_POLL_SECONDS = 0.5
_SUMS = ("listed", "added", "changed", "unchanged", "withdrawn", "refused", "requests")
_SAVED = ("requests_saved", "list_requests_saved")
_EXAMPLES = 5


def harvest(names, workers, limit_s):
    """Send a job of every source, wait until all have ended; the figures."""
    begin = time.monotonic()
    jobs = send(names)
    sent = time.monotonic()
    wait(jobs, workers, begin + limit_s)
    end = time.monotonic()
    found = came_to(jobs)
    records = found["listed"]
    seconds = end - begin
    return {
        "seconds": round(seconds, 1),
        "sending_s": round(sent - begin, 1),
        "records_per_s": round(records / seconds, 1),
        **found,
        "rss_mb_by_quarter": workers.quarters(begin, end),
    }


def send(names):
    """Start a job of every source as the schedule does; the ids of the jobs."""
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.harvest import queueing
    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import sources

    found = sources.find(names)
    create = tk.get_action("harvest_job_create")
    with queueing.scheduled():
        return [create(as_site_user(), {"source_id": found[name][0].id})["id"] for name in names]


def wait(jobs, workers, until):
    """Wait until every job has ended."""
    from ckan import model
    from ckanext.harvest.model import HarvestJob

    while True:
        model.Session.rollback()
        left = model.Session.query(HarvestJob).filter(HarvestJob.finished.is_(None)).count()
        if not left:
            return
        if time.monotonic() > until:
            raise RuntimeError(f"{left} of {len(jobs)} jobs have not ended in time")
        workers.check()
        time.sleep(_POLL_SECONDS)


def came_to(jobs):
    """Sums of the counters of jobs, their outcomes, and the reasons of those that did not go well."""
    from ckan import model

    from ckanext.cn_govdata.store.bulk import any_of
    from ckanext.cn_govdata.store.tables import job_table

    statement = sa.select(job_table.c.portal_id, job_table.c.outcome, job_table.c.counters).where(
        any_of(job_table.c.harvest_job_id, jobs)
    )
    sums, outcomes, problems = Counter(), Counter(), []
    for portal_id, outcome, counters in model.Session.execute(statement):
        outcomes[outcome] += 1
        sums.update({name: counters[name] or 0 for name in (*_SUMS, *_SAVED)})
        reason = counters["error"] or counters["reason"] or next(iter(counters["refusals"]), None)
        if reason and (counters["error"] or counters["refused"] or outcome not in _GOOD):
            problems.append(f"{portal_id}: {outcome}: {reason}")
    return {
        **{name: sums[name] for name in (*_SUMS, *_SAVED)},
        "jobs": len(jobs),
        "jobs_reported": sum(outcomes.values()),
        "outcomes": dict(outcomes),
        "problems": len(problems),
        "problem_examples": problems[:_EXAMPLES],
    }


_GOOD = {"complete", "partial", "empty"}
