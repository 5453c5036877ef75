"""A harvest job from its start to its end, and the harvest of one source in this process."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import pysolr
from ckanext.harvest.model import HarvestJob, HarvestSource

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.crawl import refresh
from ckanext.cn_govdata.crawl.client import Client
from ckanext.cn_govdata.crawl.messages import Outcome
from ckanext.cn_govdata.harvest import jobs, logs, pacing, sources
from ckanext.cn_govdata.harvest.report import JobReport
from ckanext.cn_govdata.harvest.run import FIRST_BATCH, Options, Run
from ckanext.cn_govdata.portals.source import ConfigError
from ckanext.cn_govdata.store import leases, outbox, remembered
from ckanext.cn_govdata.store.lock import Locked

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.client import ClientSettings
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.harvest.run import Thing
    from ckanext.cn_govdata.store.leases import Lease

log = logging.getLogger(__name__)

Watch = Callable[[JobReport], None]


class Job:
    """One job of a source: `begin`, read and write with `run`, and `end` whatever happens."""

    run: Run  # from `begin` on, as are the settings of its client
    client_settings: ClientSettings

    def __init__(self, job_id: str, options: Options | None = None) -> None:
        row = HarvestJob.get(job_id).source
        self.job_id = job_id
        self.source_id = row.id
        self.place = sources.place(row)
        self.report = JobReport(
            source=row.title or row.url, portal_id=sources.portal_id(row), job_id=job_id
        )
        self._options = options or Options()
        self._started = time.monotonic()

    def begin(self, lease: Lease) -> None:
        """Make ready for reading, under the lease of the portal. Raises `ConfigError`."""
        row = HarvestSource.get(self.source_id)
        if not row.active:
            raise ConfigError(tk._("Source is not active"))
        source, self.client_settings = sources.resolve(row)
        source = _planned(row, source, self._options)
        jobs.end_dead(row.id, but=self.job_id)
        self.run = Run(row, source, self.report, self._options, lambda: leases.check(lease))

    def end(self, error: str | None = None) -> None:
        """End the job with what it came to. Commits."""
        if error is not None:
            self.report.error = error
        self.report.seconds += time.monotonic() - self._started
        self.report.unindexed = outbox.left(self.report.portal_id)
        self.report.save_errors()
        remembered.job(self.job_id, self.report.counters())
        self.report.errors_are_saved()
        jobs.finish(self.job_id, self.report.problems())
        log.info("Harvest of %s ended: %s", self.report.portal_id, self.report.counters())


def run(job_id: str, watch: Watch | None = None, options: Options | None = None) -> JobReport:
    """Harvest the source of a job in this process and end the job, whatever happens.

    `watch` is called after every batch with the report as it stands. The report says what went
    wrong; only a `KeyboardInterrupt` and errors of the database itself are raised, after the job
    has been ended with their message.
    """
    job = Job(job_id, options)
    error = None
    try:
        with (
            logs.about(source=job.report.portal_id, job=job_id),
            leases.held(*job.place, settings.harvest_lease_seconds()) as lease,
        ):
            jobs.start(job_id)
            job.report.reindexed = index_what_waits()
            job.begin(lease)
            _read(job, watch or (lambda _: None))
            index_what_waits()
    except (ConfigError, Locked, leases.LeaseLost) as failure:
        error = str(failure)
    except BaseException as failure:
        error = f"{type(failure).__name__}: {failure}"
        raise
    finally:
        job.end(error)
        index_what_waits()
        outbox.try_commit()
    return job.report


def remap(row: HarvestSource, watch: Watch | None = None, *, everything: bool = False) -> JobReport:
    """Map the stored raw records of a source again, without a request and without a job.

    Those that another version of the mapping made into records, or `everything`. Raises
    `ConfigError` and `Locked`.
    """
    report = JobReport(row.title or row.url, sources.portal_id(row), job_id=None)
    report.listing.outcome = Outcome.PARTIAL  # nothing is listed, by design
    source, _ = sources.resolve(row)
    started = time.monotonic()
    with leases.held(*sources.place(row), settings.harvest_lease_seconds()) as lease:
        report.reindexed = index_what_waits()
        run_ = Run(row, source, report, Options(), lambda: leases.check(lease))
        _remap(run_, watch or (lambda _: None), everything=everything)
        run_.close()
        index_what_waits()
    report.unindexed = outbox.left(report.portal_id)
    report.seconds = time.monotonic() - started
    return report


def _remap(run_: Run, watch: Watch, *, everything: bool = False) -> None:
    for batch in run_.remaps(everything=everything):
        run_.take_remapped(batch)
        watch(run_.report)


def _read(job: Job, watch: Watch) -> None:
    run_ = job.run
    try:
        _remap(run_, watch)
        run_.open()
        with Client(job.client_settings, pacer=pacing.pacer()) as client:
            try:
                for batch in _batches(run_.items(client.fetch), settings.harvest_batch_size()):
                    run_.take(batch)
                    watch(job.report)
                    if run_.over:
                        break
            finally:
                job.report.warnings = list(client.warnings)
        run_.conclude()
    finally:
        run_.close()


def _planned(row: HarvestSource, source: Source, options: Options) -> Source:
    """Decide how much of the portal this run reads.

    A complete listing is due on the portal's own night of the cycle, or when that was missed.
    """
    if options.only is not None:
        return replace(source, only=options.only)
    every = settings.harvest_full_listing_days()
    last = remembered.last_complete(row.id)
    full = options.full or refresh.due(source.portal_id, last, source.today, every)
    newest, on = remembered.newest_update(row.id)
    return replace(source, full=full, newest_known=newest, newest_known_on=on)


def index_what_waits() -> int:
    """Index what the outbox holds; a Solr that is away costs nothing but time."""
    try:
        return outbox.drain()
    except pysolr.SolrError as error:
        log.warning("The search index cannot be reached: %s", error)
        return 0


def _batches(items: Iterator[Thing], size: int) -> Iterator[list[Thing]]:
    """Cut into batches of `size`; the first is not smaller than the canary needs."""
    batch = list(islice(items, max(size, FIRST_BATCH)))
    while batch:
        yield batch
        batch = list(islice(items, size))
