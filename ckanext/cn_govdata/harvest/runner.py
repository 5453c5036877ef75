"""One harvest of one source, from its job to its report. The only way a portal is harvested."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import pysolr
from ckanext.harvest.model import HarvestJob, HarvestSource

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.crawl import flow, refresh
from ckanext.cn_govdata.crawl.client import Client
from ckanext.cn_govdata.crawl.messages import Item, ItemStatus, Outcome
from ckanext.cn_govdata.harvest import jobs, pacing, sources
from ckanext.cn_govdata.harvest.canary import Canary
from ckanext.cn_govdata.harvest.report import JobReport
from ckanext.cn_govdata.portals.source import ConfigError
from ckanext.cn_govdata.store import lock, outbox, remembered, withdrawal
from ckanext.cn_govdata.store.known import KnownRecords
from ckanext.cn_govdata.store.writer import BatchWriter

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.source import Source

log = logging.getLogger(__name__)

Watch = Callable[[JobReport], None]
# The first batch holds at least so many records, so that a changed shape shows before any write.
_FIRST_BATCH = 50


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asks of one run."""

    full: bool = False  # a complete listing, whether or not it is due
    only: frozenset[str] | None = None  # just these records
    accept_shape: bool = False  # fields that are empty now are meant to be


def run(job_id: str, watch: Watch | None = None, options: Options | None = None) -> JobReport:
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
        _run_source(source_row, report, watch or (lambda _: None), options or Options())
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


def remap(row: HarvestSource, watch: Watch | None = None, *, everything: bool = False) -> JobReport:
    """Map the stored raw records of a source again, without a request and without a job.

    Those that another version of the mapping made into records, or `everything`. Raises
    `ConfigError` and `lock.Locked`.
    """
    report = JobReport(row.title or row.url, sources.portal_id(row), job_id=None)
    report.listing.outcome = Outcome.PARTIAL  # nothing is listed, by design
    source, _ = sources.resolve(row)
    started = time.monotonic()
    with lock.portal(source.portal_id):
        report.reindexed = _index_what_waits()
        run_ = _Run(row, source, report, watch or (lambda _: None), Options())
        run_.remap(everything=everything)
        _index_what_waits()
    report.unindexed = outbox.pending()
    report.seconds = time.monotonic() - started
    return report


def _run_source(row: HarvestSource, report: JobReport, watch: Watch, options: Options) -> None:
    source, client_settings = sources.resolve(row)
    source = _planned(row, source, options)
    with lock.portal(source.portal_id), Client(client_settings, pacer=pacing.pacer()) as client:
        jobs.end_dead(row.id, but=report.job_id)
        report.reindexed = _index_what_waits()
        run_ = _Run(row, source, report, watch, options)
        run_.remap()
        try:
            run_.harvest(client)
        finally:
            report.warnings = list(client.warnings)
        _index_what_waits()
        report.unindexed = outbox.pending()


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


def _index_what_waits() -> int:
    """Index what the outbox holds; a Solr that is away costs nothing but time."""
    try:
        return outbox.drain()
    except pysolr.SolrError as error:
        log.warning("The search index cannot be reached: %s", error)
        return 0


class _Run:
    """The state of one run: what is known, the writer, the report."""

    def __init__(
        self,
        row: HarvestSource,
        source: Source,
        report: JobReport,
        watch: Watch,
        options: Options,
    ) -> None:
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
        self.last = next(iter(remembered.last_jobs(row.id)), None)
        self.accept_shape = options.accept_shape or source.details == "never"

    def remap(self, *, everything: bool = False) -> None:
        """Map stored raw records again whose mapping version is not today's, without a request."""
        known = KnownRecords.load(self.source.portal_id)
        version = "" if everything else flow.mapping_version(self.source.profile)
        items = (flow.remap(self.source, raw, known) for raw, known in known.stale(version))
        for batch in _batches(items, self.batch_size):
            self.report.remapped += len(batch)
            self._write(batch)

    def harvest(self, client: Client) -> None:
        """List the portal, write what differs, withdraw what a complete listing misses."""
        known = KnownRecords.load(self.source.portal_id)
        canary = Canary(self.source, known, self._counters().get("lost") or {})
        listing = flow.crawl(self.source, client.fetch, known)
        self.report.listing = listing.report
        seen: set[str] = set()
        items = self._changes(listing, known, seen, canary)
        for batch in _batches(items, max(self.batch_size, _FIRST_BATCH), self.batch_size):
            if self._has_another_shape(canary, batch):
                return
            self._write(batch)
        if self._has_another_shape(canary, []):
            return
        self.watch(self.report)
        self._withdraw_missing(known, seen)

    def _has_another_shape(self, canary: Canary, batch: list[Item]) -> bool:
        """Whether the portal has changed its shape; then the listing is broken."""
        if self.accept_shape:
            return False
        reason = canary.check(batch)
        self.report.lost = canary.carried
        if reason is None:
            return False
        listing = self.report.listing
        listing.outcome, listing.reason, listing.evidence = Outcome.BROKEN, reason, None
        listing.newest = None
        return True

    def _withdraw_missing(self, known: KnownRecords, seen: set[str]) -> None:
        """Withdraw after a complete listing, or after a second one in a row that was empty."""
        outcome = self.report.listing.outcome
        if outcome is Outcome.COMPLETE:
            self._withdraw(known, seen)
        elif outcome is Outcome.EMPTY and len(known):
            if self._counters().get("outcome") == Outcome.EMPTY.value:
                self._withdraw(known, seen)
            else:
                self.report.unconfirmed_empty = len(known)

    def _counters(self) -> dict[str, Any]:
        """What the source's last job came to."""
        return self.last["counters"] if self.last else {}

    def _changes(
        self, items: Iterable[Item], known: KnownRecords, seen: set[str], canary: Canary
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
                canary.note_refused(item)
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


def _batches(items: Iterator[Item], first: int, size: int | None = None) -> Iterator[list[Item]]:
    """Cut items into batches of `size`; the first may be of another size."""
    items = iter(items)
    try:
        batch = list(islice(items, first))
        while batch:
            yield batch
            batch = list(islice(items, size or first))
    finally:
        if isinstance(items, Generator):
            items.close()  # ends the listing where it stands
