"""One reading of one portal: what it finds, what of it is written, what is withdrawn.

Crawling and writing are apart: `items` asks the portal and touches no database, `take` writes and
asks nothing. One thread may do both in turns, or each have its own.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.journal import PageRead, PagesRead
from ckanext.cn_govdata.crawl.messages import Item, ItemStatus, Outcome
from ckanext.cn_govdata.harvest import sources
from ckanext.cn_govdata.harvest.canary import Canary
from ckanext.cn_govdata.store import pages_read, progress, records, remembered, withdrawal
from ckanext.cn_govdata.store.known import KnownRecords
from ckanext.cn_govdata.store.writer import BatchWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from ckanext.harvest.model import HarvestSource

    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.harvest.report import JobReport

# The first batch holds at least so many records, so that a changed shape shows before any write.
FIRST_BATCH = 50
CHECKPOINT_SECONDS = 5.0

Thing = Item | PageRead
Watch = "Callable[[JobReport], None]"


@dataclass(frozen=True, slots=True)
class Options:
    """What a person asks of one run."""

    full: bool = False  # a complete listing, whether or not it is due
    only: frozenset[str] | None = None  # just these records
    accept_shape: bool = False  # fields that are empty now are meant to be


class Run:
    """The state of one reading. `guard` is called before each commit and may raise."""

    def __init__(
        self,
        row: HarvestSource,
        source: Source,
        report: JobReport,
        options: Options,
        guard: Callable[[], None],
    ) -> None:
        self.source = source
        self.report = report
        self.over = False  # the portal has changed its shape: nothing more is written
        self._source_row_id = row.id
        self._guard = guard
        self._writer = BatchWriter(
            harvest_source_id=row.id,
            portal_id=source.portal_id,
            owner_org=sources.owner_org(row),
            job_id=report.job_id,
            guard=guard,
            index_beside=True,
        )
        self._last = next(iter(remembered.last_jobs(row.id)), None)
        self._accept_shape = options.accept_shape or source.details == "never"
        self._known = KnownRecords(source.portal_id, {})
        self._canary = Canary(source, self._known, {})
        self._done = PagesRead(())
        self._written: dict[str, str] = {}  # by an earlier part of this job
        self._seen: set[str] = set()
        self._noted: deque[PageRead] = deque()  # by the crawl, not handed on yet
        self._pages: list[PageRead] = []  # written, not kept yet
        self._kept_at = time.monotonic()

    def remaps(self, *, everything: bool = False) -> Iterator[list[Item]]:
        """Stored raw records of another mapping, mapped by today's without a request: batches."""
        known = KnownRecords.load(self.source.portal_id)
        version = "" if everything else flow.mapping_version(self.source.profile)
        batch: list[Item] = []
        for raw, prints in known.stale(version):
            batch.append(flow.remap(self.source, raw, prints))
            if len(batch) >= settings.harvest_batch_size():
                yield batch
                batch = []
        if batch:
            yield batch

    def take_remapped(self, batch: Sequence[Item]) -> None:
        """Write what was mapped again."""
        self.report.remapped += len(batch)
        self._write(batch)

    def open(self) -> None:
        """Read what is known of the portal and how far an interrupted listing came."""
        self._known = KnownRecords.load(self.source.portal_id)
        self._canary = Canary(self.source, self._known, self._counters().get("lost") or {})
        if self.report.job_id is None or self.source.only is not None:
            return
        kept = progress.of_job(self.report.job_id)
        if kept:
            self._go_on(self.report.job_id, kept["counters"])

    def _go_on(self, job_id: str, counters: dict[str, Any]) -> None:
        """Go on where another process left the job."""
        self._done = pages_read.of_job(job_id)
        self._seen |= self._done.source_ids()
        self._written = records.written_by(job_id)
        statuses = Counter(self._written.values())
        written = {"added": statuses[records.ADDED], "changed": statuses[records.UPDATED]}
        # Where no page is done with, the listing begins anew, and so do its counters.
        listed = counters if len(self._done) else self.report.counters()
        self.report.go_on_from({**listed, **written})

    def items(self, fetch: flow.Fetch) -> Iterator[Thing]:
        """List the portal: what needs a write, and the pages that are done with. No database."""
        listing = flow.crawl(self.source, fetch, self._known, self)
        listing.report.requests = self.report.listing.requests
        self.report.listing = listing.report
        for item in listing:
            yield from self._handed_on()
            if item.status is not ItemStatus.WITHDRAWN:
                self._seen.add(item.source_id)
            if item.status is not ItemStatus.UNCHANGED:
                yield item
                continue
            self.report.unchanged += item.source_id not in self._written
            if self._read_anew(item):
                yield item
        yield from self._handed_on()

    def get(self, list_key: str, number: int) -> PageRead | None:
        """See `crawl.journal.Journal`."""
        return self._done.get(list_key, number)

    def note(self, page: PageRead) -> None:
        """See `crawl.journal.Journal`."""
        self._noted.append(page)

    def _handed_on(self) -> Iterator[PageRead]:
        while self._noted:
            yield self._noted.popleft()

    def _read_anew(self, item: Item) -> bool:
        """Whether a detail that was due was read: its date decides when it is due again."""
        if self.source.details != "changed" or item.fingerprints is None:
            return False
        before = self._known.get(item.source_id)
        return before is not None and before.detail_read_on != item.fingerprints.detail_read_on

    def take(self, things: Iterable[Thing]) -> None:
        """Write what `items` gave, in its order. Commits. Does nothing once `over`.

        Raises what the guard raises, and `OperationalError` when the database is gone; the same
        things can then be given again.
        """
        if self.over:
            return
        pages = [thing for thing in things if isinstance(thing, PageRead)]
        items = [thing for thing in things if isinstance(thing, Item)]
        refused = [item for item in items if item.status is ItemStatus.REFUSED]
        changes = [item for item in items if item.status is not ItemStatus.REFUSED]
        for item in refused:
            self._canary.note_refused(item)
        if changes and self._has_another_shape(changes):
            return
        if changes:
            self._write(changes)
        for item in refused:
            reason = item.reason or tk._("unknown")
            kind = "detail" if reason.startswith("detail: ") else "refused"
            self.report.refusals.add(item.source_id, reason, kind=kind)
        self._pages += pages
        self.checkpoint()

    def checkpoint(self, *, now: bool = False) -> None:
        """Keep how far the job has come, every few seconds. Commits."""
        due = time.monotonic() - self._kept_at >= CHECKPOINT_SECONDS
        if self.report.job_id is None or not (now or due):
            return
        self._guard()
        pages_read.add(self.report.job_id, self._pages)
        self.report.save_errors()
        progress.keep(self.report.job_id, self._source_row_id, self.report.counters())
        model.Session.commit()
        self._pages = []
        self.report.errors_are_saved()
        self._kept_at = time.monotonic()

    def conclude(self) -> None:
        """After the last item: withdraw what a complete listing misses. Commits."""
        self._writer.flush()
        if self.over or self._has_another_shape([]):
            return
        outcome = self.report.listing.outcome
        if outcome is Outcome.COMPLETE:
            self._withdraw()
        elif outcome is Outcome.EMPTY and len(self._known):
            # A portal that lists nothing twice in a row means it.
            if self._counters().get("outcome") == Outcome.EMPTY.value:
                self._withdraw()
            else:
                self.report.unconfirmed_empty = len(self._known)

    def close(self) -> None:
        """Wait until the index has answered for everything that was written."""
        self._writer.close()

    def _has_another_shape(self, batch: Sequence[Item]) -> bool:
        """Whether the portal has changed its shape; then the listing is broken."""
        if self._accept_shape:
            return False
        reason = self._canary.check(batch)
        self.report.lost = self._canary.carried
        if reason is None:
            return False
        self.over = True
        listing = self.report.listing
        listing.outcome, listing.reason, listing.evidence = Outcome.BROKEN, reason, None
        listing.newest = None
        return True

    def _counters(self) -> dict[str, Any]:
        """What the source's last job came to."""
        return self._last["counters"] if self._last else {}

    def _write(self, batch: Sequence[Item]) -> None:
        result = self._writer.write(batch)
        self.report.added += result.added
        self.report.changed += result.changed
        self.report.same_record += result.same_record
        self.report.withdrawn += result.withdrawn
        self.report.findings.update(result.findings)
        self.report.ceded += result.ceded
        for each in result.refused:
            self.report.refusals.add(
                each.source_id,
                each.reason,
                kind="field" if each.field else "database",
                field=each.field or None,
                value=each.value or None,
            )

    def _withdraw(self) -> None:
        decision = withdrawal.after_complete_listing(
            self._known,
            self._seen,
            grace_days=self.source.withdraw_after_days,
            max_share=self.source.max_withdraw_share,
            guard=self._guard,
        )
        self.report.withdrawn += decision.withdrawn
        self.report.waiting = len(decision.waiting)
