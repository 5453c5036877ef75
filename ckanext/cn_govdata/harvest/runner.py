"""One harvest of one source, from its job to its report. The only way a portal is harvested."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import pysolr
from ckanext.harvest.model import HarvestJob, HarvestSource

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.client import Client
from ckanext.cn_govdata.crawl.messages import Item, ItemStatus, Outcome
from ckanext.cn_govdata.harvest import jobs, sources
from ckanext.cn_govdata.harvest.report import JobReport
from ckanext.cn_govdata.portals.source import ConfigError
from ckanext.cn_govdata.store import lock, outbox, remembered, withdrawal
from ckanext.cn_govdata.store.known import KnownRecords
from ckanext.cn_govdata.store.writer import BatchWriter

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.source import Source

log = logging.getLogger(__name__)

Watch = Callable[[JobReport], None]


def run(job_id: str, watch: Watch | None = None) -> JobReport:
    """Harvest the source of a job and end the job, whatever happens.

    `watch` is called after every batch with the report as it stands. The report says what went
    wrong; only a `KeyboardInterrupt` and errors of the database itself are raised, after the job
    has been ended with their message.
    """
    job = HarvestJob.get(job_id)
    source_row = job.source
    report = JobReport(
        source=source_row.title or source_row.url,
        portal_id=sources.portal_id(source_row),
        job_id=job_id,
    )
    started = time.monotonic()
    jobs.start(job)
    try:
        _run_source(source_row, report, watch or (lambda _: None))
    except (ConfigError, lock.Locked) as error:
        report.error = str(error)
    except BaseException as error:
        report.error = f"{type(error).__name__}: {error}"
        raise
    finally:
        report.seconds = time.monotonic() - started
        jobs.finish(job_id, report.problems())
        remembered.job(job_id, report.counters())
        log.info("Harvest of %s ended: %s", report.portal_id, report.counters())
    return report


def _run_source(row: HarvestSource, report: JobReport, watch: Watch) -> None:
    source, client_settings = sources.resolve(row)
    with lock.portal(source.portal_id), Client(client_settings) as client:
        jobs.end_dead(row.id, but=report.job_id)
        report.reindexed = _index_what_waits()
        run = _Run(row, source, report, watch)
        run.remap()
        run.harvest(client)
        _index_what_waits()
        report.unindexed = outbox.pending()


def _index_what_waits() -> int:
    """Index what the outbox holds; a Solr that is away costs nothing but time."""
    try:
        return outbox.drain()
    except pysolr.SolrError as error:
        log.warning("The search index cannot be reached: %s", error)
        return 0


class _Run:
    """The state of one run: what is known, the writer, the report."""

    def __init__(self, row: HarvestSource, source: Source, report: JobReport, watch: Watch) -> None:
        self.source = source
        self.report = report
        self.watch = watch
        self.writer = BatchWriter(
            harvest_source_id=row.id,
            portal_id=source.portal_id,
            owner_org=sources.owner_org(row),
            job_id=report.job_id,
        )
        self.batch_size = settings.harvest_batch_size()

    def remap(self) -> None:
        """Map stored raw records again whose mapping version is not today's, without a request."""
        known = KnownRecords.load(self.source.portal_id)
        stale = known.stale(flow.mapping_version(self.source.profile))
        items = (flow.remap(self.source, raw, known) for raw, known in stale)
        for batch in _batches(items, self.batch_size):
            self.report.remapped += len(batch)
            self._write(batch)

    def harvest(self, client: Client) -> None:
        """List the portal, write what differs, withdraw what a complete listing misses."""
        known = KnownRecords.load(self.source.portal_id)
        listing = flow.crawl(self.source, client.fetch, known)
        self.report.listing = listing.report
        seen: set[str] = set()
        for batch in _batches(self._changes(listing, known, seen), self.batch_size):
            self._write(batch)
        self.watch(self.report)
        if listing.report.outcome is Outcome.COMPLETE:
            self._withdraw(known, seen)

    def _changes(
        self, items: Iterable[Item], known: KnownRecords, seen: set[str]
    ) -> Iterator[Item]:
        """The items that need a write; the others are only counted."""
        for item in items:
            if item.status is not ItemStatus.WITHDRAWN:
                seen.add(item.source_id)
            if item.status is ItemStatus.UNCHANGED:
                self.report.unchanged += 1
                if self.report.unchanged % self.batch_size == 0:
                    self.watch(self.report)
                if self._read_anew(item, known):
                    yield item
            elif item.status is ItemStatus.REFUSED:
                self.report.refusals.add(item.source_id, item.reason or tk._("unknown"))
            else:
                yield item

    def _read_anew(self, item: Item, known: KnownRecords) -> bool:
        """Whether a detail that was due was read: its date decides when it is due again."""
        if self.source.details != "changed" or item.fingerprints is None:
            return False
        before = known.get(item.source_id)
        return before is not None and before.detail_read_on != item.fingerprints.detail_read_on

    def _write(self, batch: list[Item]) -> None:
        result = self.writer.write(batch)
        self.report.added += result.added
        self.report.changed += result.changed
        self.report.same_record += result.same_record
        self.report.withdrawn += result.withdrawn
        self.report.findings.update(result.findings)
        for refused in result.refused:
            self.report.refusals.add(refused.source_id, refused.reason)
        self.watch(self.report)

    def _withdraw(self, known: KnownRecords, seen: set[str]) -> None:
        decision = withdrawal.after_complete_listing(
            known,
            seen,
            grace_days=self.source.withdraw_after_days,
            max_share=self.source.max_withdraw_share,
        )
        self.report.withdrawn += decision.withdrawn
        self.report.waiting = len(decision.waiting)


def _batches(items: Iterator[Item], size: int) -> Iterator[list[Item]]:
    items = iter(items)
    while batch := list(islice(items, size)):
        yield batch
