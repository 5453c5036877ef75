"""ckanext-harvest's actions that show sources and jobs, for those of the type `cn_portal`.

The same answers under the same rights, without counting harvest objects: the numbers of a job are
those that it kept, and the datasets of a source are counted by the search index.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import pysolr
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection
from ckanext.harvest.logic.dictization import harvest_job_dictize
from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.schema.once import once
from ckanext.cn_govdata.store import job_stats

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Original = Callable[[dict[str, Any], dict[str, Any]], Any]
    Job = dict[str, Any]

__all__ = ["harvest_job_list", "harvest_job_show", "harvest_source_show_status"]

log = logging.getLogger(__name__)


@tk.chained_action
@tk.side_effect_free
def harvest_job_show(original: Original, context: dict[str, Any], data_dict: dict[str, Any]) -> Job:
    """Return a job with its numbers and the summary of its errors.

    :param id: id of a harvest job
    """
    shown = original(_without_stats(context), data_dict)
    return _with_stats([shown], context)[0]


@tk.chained_action
@tk.side_effect_free
def harvest_job_list(
    original: Original, context: dict[str, Any], data_dict: dict[str, Any]
) -> list[Job]:
    """Return jobs with their numbers, the latest first.

    :param status: only jobs of this status (optional)
    :param source_id: only jobs of this source (optional)
    """
    shown = original(_without_stats(context), data_dict)
    return _with_stats(shown, context)


@tk.chained_action
@tk.side_effect_free
def harvest_source_show_status(
    original: Original, context: dict[str, Any], data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Return the last job of a source and its numbers of jobs and datasets.

    :param id: id of a harvest source
    """
    source = HarvestSource.get(data_dict.get("id"))
    if source is None or source.type != SOURCE_TYPE:
        return original(context, data_dict)
    tk.check_access("harvest_source_show_status", context, data_dict)
    jobs = model.Session.query(HarvestJob).filter_by(source_id=source.id)
    shown = {"job_count": jobs.count(), "last_job": None, "total_datasets": 0}
    if not shown["job_count"]:
        return shown
    last = jobs.order_by(HarvestJob.created.desc()).first()
    without = harvest_job_dictize(last, _without_stats(context))
    shown["last_job"] = _with_stats([without], context)[0]
    shown["total_datasets"] = _datasets(source.id, exactly=context.get("use_cache") is False)
    return shown


def _without_stats(context: dict[str, Any]) -> dict[str, Any]:
    return {**context, "return_stats": False}


def _with_stats(jobs: Sequence[Job], context: dict[str, Any]) -> list[Job]:
    """Jobs with the numbers that ckanext-harvest adds: kept ones for ours, else its own."""
    if not context.get("return_stats", True):
        return list(jobs)
    ours = job_stats.of_jobs(job["id"] for job in jobs)
    alone = {**context, "return_error_summary": False, "return_stats": True}
    return [
        {
            **job,
            "stats": ours.get(job["id"])
            or harvest_job_dictize(HarvestJob.get(job["id"]), alone)["stats"],
        }
        for job in jobs
    ]


def _datasets(source_id: str, *, exactly: bool) -> int:
    """The public datasets of a source. `exactly`: by the database, for what the index is told."""
    if not exactly:
        try:
            return once(("datasets of source", source_id), lambda: _indexed(source_id))
        except pysolr.SolrError as error:
            log.warning("The search index cannot be reached: %s", error)
    package, harvested = model.package_table, HarvestObject.__table__
    statement = (
        sa.select(sa.func.count())
        .select_from(harvested.join(package, package.c.id == harvested.c.package_id))
        .where(
            harvested.c.harvest_source_id == source_id,
            harvested.c.current == sa.true(),
            package.c.state == "active",
            package.c.private == sa.false(),
        )
    )
    return model.Session.execute(statement).scalar_one()


def _indexed(source_id: str) -> int:
    filters = [
        f'site_id:"{tk.config["ckan.site_id"]}"',
        f'harvest_source_id:"{source_id}"',
        "state:active",
        "capacity:public",
    ]
    return make_connection().search("*:*", fq=filters, rows=0).hits
