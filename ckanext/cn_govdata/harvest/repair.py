"""What a person does after a job: read failed records again, map anew, confirm withdrawals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan import model

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.harvest import report, runner, sources
from ckanext.cn_govdata.portals.source import ConfigError
from ckanext.cn_govdata.store import leases, lock, remembered, withdrawal
from ckanext.cn_govdata.store.bulk import any_of

if TYPE_CHECKING:
    from ckanext.harvest.model import HarvestSource


@dataclass(frozen=True, slots=True)
class Retry:
    """What to read again: these records, or the whole source."""

    only: frozenset[str] | None


def to_retry(row: HarvestSource) -> Retry | None:
    """What failed in the last job of a source; ``None`` if nothing did."""
    last = next(iter(remembered.last_jobs(row.id)), None)
    if last is None:
        return Retry(None)
    counters = last["counters"]
    ids = counters.get("failed_ids") or []
    whole = counters.get("error") is not None or last["outcome"] not in report.GOOD
    if whole or counters.get("refused", 0) > len(ids):
        return Retry(None)
    return Retry(frozenset(ids)) if ids else None


def remap(row: HarvestSource, watch: runner.Watch, *, everything: bool) -> report.JobReport:
    """Map the stored records of a source again; what keeps it from that is in the report."""
    try:
        return runner.remap(row, watch, everything=everything)
    except (ConfigError, lock.Locked) as error:
        failed = report.JobReport(row.title or row.url, sources.portal_id(row), job_id=None)
        failed.error = str(error)
        return failed


def waiting(row: HarvestSource) -> list[dict[str, Any]]:
    """The datasets of a source that are missing for longer than the days of grace.

    Raises `ConfigError`.
    """
    source, _ = sources.resolve(row)
    found = withdrawal.waiting(source.portal_id, grace_days=source.withdraw_after_days)
    package = model.Package
    named = {
        one.id: one
        for one in model.Session.query(package.id, package.name, package.title).filter(
            any_of(model.package_table.c.id, [each.package_id for each in found])
        )
    }
    return [
        {
            "id": each.package_id,
            "name": named[each.package_id].name,
            "title": named[each.package_id].title,
            "source_id": each.source_id,
            "missing_since": each.missing_since,
        }
        for each in found
    ]


def withdraw(row: HarvestSource) -> int:
    """A person's word: withdraw what waits, however much it is; the number.

    Raises `ConfigError` and `lock.Locked`.
    """
    source, _ = sources.resolve(row)
    with leases.held(*sources.place(row), settings.harvest_lease_seconds()):
        return withdrawal.confirm(source.portal_id, grace_days=source.withdraw_after_days)
