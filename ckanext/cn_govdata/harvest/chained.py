"""Actions of ckanext-harvest, for jobs and sources of the type `cn_portal`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.logic import auth_audit_exempt
from ckanext.harvest.logic.dictization import harvest_job_dictize
from ckanext.harvest.model import HarvestJob, HarvestSource

from ckanext.cn_govdata.harvest import jobs, queueing
from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.store import leases, outbox, queue

if TYPE_CHECKING:
    from collections.abc import Callable

    Original = Callable[[dict[str, Any], dict[str, Any]], Any]

__all__ = [
    "harvest_job_abort",
    "harvest_jobs_run",
    "harvest_send_job_to_gather_queue",
    "harvest_source_reindex",
]


@tk.chained_action
def harvest_send_job_to_gather_queue(
    original: Original, context: dict[str, Any], data_dict: dict[str, Any]
) -> Any:  # noqa: ANN401 - as the original returns
    """Have a job wait for our workers. On the stock queue a stock consumer would take it."""
    job_id = tk.get_or_bust(data_dict, "id")
    if not queueing.is_ours(job_id):
        return original(context, data_dict)
    job = HarvestJob.get(job_id)
    tk.check_access("harvest_send_job_to_gather_queue", context, {"source_id": job.source_id})
    return harvest_job_dictize(queueing.send(job_id), context)


@tk.chained_action
def harvest_jobs_run(original: Original, context: dict[str, Any], data_dict: dict[str, Any]) -> Any:  # noqa: ANN401 - as the original returns
    """What cron calls: jobs that it makes are the schedule's; no job runs without a process."""
    with queueing.scheduled():
        result = original(context, data_dict)
    queueing.tidy()
    return result


@tk.chained_action
def harvest_job_abort(
    original: Original, context: dict[str, Any], data_dict: dict[str, Any]
) -> Any:  # noqa: ANN401 - as the original returns
    """Stop a job: its worker notices within seconds; one that waits leaves the queue."""
    result = original(context, data_dict)
    if queueing.is_ours(result["id"]):
        job = HarvestJob.get(result["id"])
        queue.remove(job.id)
        if job.finished is None and leases.holder_of(queueing.lease_name(job)) is None:
            jobs.end(job, jobs.aborted())
        model.Session.commit()
    return result


@tk.chained_action
@auth_audit_exempt
def harvest_source_reindex(
    original: Original, context: dict[str, Any], data_dict: dict[str, Any]
) -> Any:  # noqa: ANN401 - as the original returns
    """Put the state of a source into the index.

    On CKAN 2.12 the original leaves out what the schema of sources makes of the row: the source's
    type and configuration are missing from then on, in its form too. Sources of ours are indexed
    by the outbox. As the original it asks no rights: the command calls it without a user.
    """
    source = HarvestSource.get(tk.get_or_bust(data_dict, "id"))
    if source is None or source.type != SOURCE_TYPE:
        return original(context, data_dict)
    outbox.enqueue([source.id])
    model.Session.commit()
    outbox.index([source.id])
    if not context.get("defer_commit"):
        outbox.commit()
    return True
