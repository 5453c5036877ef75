"""Walking one list: page by page, record by record, each with its details."""

from __future__ import annotations

from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import details, listing, refresh
from ckanext.cn_govdata.crawl.abreast import abreast
from ckanext.cn_govdata.crawl.details import DetailReader, Withdrawn
from ckanext.cn_govdata.crawl.errors import Blocked, FetchError, HttpStatus, NotModified
from ckanext.cn_govdata.crawl.found import Found, Talk
from ckanext.cn_govdata.crawl.journal import PageRead
from ckanext.cn_govdata.crawl.messages import Fingerprints, ItemStatus, Known, Outcome, Report
from ckanext.cn_govdata.crawl.news import News
from ckanext.cn_govdata.crawl.outcome import Failures, ListEnd, Stopped
from ckanext.cn_govdata.crawl.paging import Stated
from ckanext.cn_govdata.crawl.raw import Used, scrubbed
from ckanext.cn_govdata.crawl.repeats import Repeats
from ckanext.cn_govdata.crawl.requests import Inquiry
from ckanext.cn_govdata.crawl.responses import evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.document import Document
    from ckanext.cn_govdata.crawl.journal import Journal
    from ckanext.cn_govdata.crawl.listing import Row
    from ckanext.cn_govdata.crawl.paging import Pager
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.crawl.steps import ListStep


_FAILURES_ARE_MET_AGAIN = timedelta(days=30)
_ABSENT = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class Run:
    """What all lists of one run share."""

    def __init__(
        self,
        source: Source,
        known: Known,
        report: Report,
        mapping_version: str,
        journal: Journal,
    ) -> None:
        self.source = source
        self.known = known
        self.report = report
        self.journal = journal
        self.mapping_version = mapping_version
        self.inquiry = Inquiry(source, report)
        self.failures = Failures(source.max_failed_share)
        self.taken = 0
        self.seen: set[str] = set()
        self.oldest_failed: date | None = None  # of the records whose details failed

    def new_to(self, row: Row, list_hash: str) -> bool:
        """Whether a row shows something that is not known."""
        if row.source_id in self.source.exclude:
            return False
        known = self.known.get(row.source_id)
        return known is None or known.list_hash != list_hash


def _of(step: ListStep) -> str:
    """Say which fields a row must have one of to be a record."""
    names = [name for name in ("source_id", "title") if name in step.fields]
    return "".join(f", {name} by {step.fields[name].expression}" for name in names)


def _is_absent(error: FetchError) -> bool:
    """Whether an address is not there at all."""
    return isinstance(error, HttpStatus) and error.status in _ABSENT


class ListWalk:
    """One reading of one list."""

    def __init__(
        self,
        run: Run,
        step: ListStep,
        pager: Pager,
        values: Mapping[str, Any],
        *,
        key: str,
        earlier: int,
    ) -> None:
        self._run = run
        self._key = key  # names the list in the journal
        self._step = step
        self._pager = pager
        self._values = values
        self._earlier = earlier  # the totals of the lists before this one
        self._used = Used.of(step)
        self._details = DetailReader(step, self._used, run.inquiry)
        self._has_requests = details.has_requests(step)
        self._repeats = Repeats()
        self._news = News(step, run.source)

    def read(self) -> Talk[ListEnd]:
        """Read the list to its end. Raises `Stopped` where the whole listing ends early."""
        only = self._run.source.only
        pager, early = self._pager, None
        while not pager.ended:
            if self._pass_over():
                continue
            here = (pager.index, pager.page, pager.offset)
            page = yield from self._page()
            if page is None:
                pager.skip()
                continue
            rows, stated = page
            if pager.retry_smaller(len(rows), stated.total):
                continue
            new = self._note(rows, stated)
            yield from abreast(map(self._record, new), self._run.source.concurrency)
            self._journal(here, rows, stated)
            if only is not None and only <= self._run.seen:
                raise Stopped(Outcome.PARTIAL, "the records that were asked for have been read")
            if self._news.over and not pager.ended and pager.sound:
                early = self._leave()
                break
        if early is None:
            yield from self._explain_repeats()
        return ListEnd(
            self._step.name, pager.total, pager.distinct, None if early else pager.complaint, early
        )

    @property
    def newest(self) -> date | None:
        """The latest update up to which everything in this list was read, as far as it shows."""
        newest, failed = self._news.newest, self._run.oldest_failed
        if newest is None or failed is None:
            return newest
        # A detail that never works must not make every run long for ever.
        return min(newest, max(failed, newest - _FAILURES_ARE_MET_AGAIN))

    def _pass_over(self) -> bool:
        """Go past the next page if an earlier part of this listing is done with it."""
        done = self._run.journal.get(self._key, self._pager.index)
        if done is None:
            return False
        self._pager.keep_size(done.size)
        self._count(done.ids, done.stated)
        return True

    def _journal(self, here: tuple[int, int | str, int], rows: list[Row], stated: Stated) -> None:
        """Note a page all of whose records have been handed on.

        The address of a page that another one names may not live long enough to be of use.
        """
        if rows and not self._step.paging.next:
            ids = [row.source_id for row in rows]
            size = self._pager.size
            self._run.journal.note(
                PageRead(self._key, *here, size, ids, stated.total, stated.pages)
            )

    def _leave(self) -> str:
        """Count what leaving the list here saves; the reason."""
        report, pager = self._run.report, self._pager
        report.list_requests_saved += pager.pages_left
        if self._has_requests and pager.total is not None:
            report.requests_saved += max(0, pager.total - pager.distinct)
        return f"nothing new after page {pager.index}, the newest come first"

    def _explain_repeats(self) -> Talk[None]:
        """Tell records that are really listed twice from a list that moved while it was read."""
        pager, repeats = self._pager, self._repeats
        if pager.complaint is None or not pager.ended_short:
            return
        if not repeats.may_explain(pager.total):
            return
        for index in repeats.to_read_again():
            page, offset = repeats.place(index)
            try:
                _, rows, stated = yield from self._ask(page, offset)
            except (FetchError, ValueError):
                return
            if stated.total != pager.total and stated.total is not None:
                return
            if not repeats.is_same(index, [row.source_id for row in rows]):
                return
        pager.explain(repeats.number)
        finding = "source_id: the portal lists and counts a record more than once"
        self._run.report.findings[finding] += repeats.number

    def _page(self) -> Talk[tuple[list[Row], Stated] | None]:
        """The next page, or ``None`` if it cannot be read though others can."""
        pager, step = self._pager, self._step
        try:
            document, rows, stated = yield from self._ask(pager.page, pager.offset)
        except Blocked as error:
            raise Stopped.by(error, f"page {pager.index + 1} of {step.name}") from error
        except FetchError as error:
            if not pager.index and step.optional and _is_absent(error):
                return [], Stated()
            if not pager.index:
                raise Stopped.by(error, f"the first page of {step.name}") from error
            return None
        except ValueError as error:
            if not pager.index:
                raise Stopped(Outcome.BROKEN, f"the list is not JSON: {error}") from error
            return None
        if not pager.index:
            self._judge_first(document, rows, stated)
        return rows, stated

    def _ask(self, page: int | str, offset: int) -> Talk[tuple[Document, list[Row], Stated]]:
        step = self._step
        values = {**self._values, "page": page, "offset": offset, "size": self._pager.size}
        wants_json = step.records.wants_json
        document = yield from self._run.inquiry.ask(step.request, values, wants_json=wants_json)
        return (
            document,
            listing.rows(step, document, self._used),
            listing.stated(step, document),
        )

    def _judge_first(self, document: Document, rows: list[Row], stated: Stated) -> None:
        """Tell a portal with nothing from one whose format is not the profile's."""
        step = self._step
        broken = None
        if rows:
            if "source_id" in step.fields and not any(row.has_own_id for row in rows):
                broken = f"no record has an id: {step.fields['source_id'].expression}"
        elif stated.total:
            broken = (
                f"{stated.total} records are stated, none is found by {step.records}{_of(step)}"
            )
        elif stated.total is None and stated.pages is None:
            broken = f"nothing is found, neither records by {step.records} nor a total"
            if step.paging.total:
                broken += f" by {step.paging.total}"
        if broken:
            seen = evidence(document.response, "first page")
            raise Stopped(Outcome.BROKEN, f"{step.name}: {broken}", seen)

    def _note(self, rows: list[Row], stated: Stated) -> list[Row]:
        """Count a page and return its records that were not seen before."""
        new: dict[str, Row] = {}
        for row in rows:
            if row.source_id not in self._run.seen:
                new.setdefault(row.source_id, row)
        self._watch_news(list(new.values()))
        self._count([row.source_id for row in rows], stated)
        return list(new.values())

    def _count(self, ids: list[str], stated: Stated) -> None:
        """Count a page by the ids of its records."""
        report, pager, run = self._run.report, self._pager, self._run
        in_list = self._repeats.note(ids, pager.page, pager.offset)
        new = set(ids) - run.seen
        run.seen |= new
        report.repeated += len(ids) - len(new)
        pager.read(ids, len(in_list), stated)
        report.pages += 1
        report.listed += len(new)
        if pager.total is not None:
            report.total = self._earlier + pager.total

    def _watch_news(self, rows: list[Row]) -> None:
        if self._step.paging.newest_first:
            volatile = self._run.source.profile.volatile
            new_to = self._run.new_to
            self._news.page([(row, new_to(row, row.list_hash(volatile))) for row in rows])

    def _record(self, row: Row) -> Talk[None]:
        """Read one record."""
        run = self._run
        if row.source_id in run.source.exclude:
            return
        if run.source.only is not None and row.source_id not in run.source.only:
            return
        if run.source.max_records is not None and run.taken >= run.source.max_records:
            raise Stopped(Outcome.PARTIAL, f"the limit of {run.taken} records is reached")
        run.taken += 1
        list_hash = row.list_hash(run.source.profile.volatile)
        if self._may_skip(row, list_hash, run.known.get(row.source_id)):
            run.report.requests_saved += self._has_requests
            yield Found(row.source_id, ItemStatus.UNCHANGED, list_hash=list_hash)
            return
        yield from self._read(row, list_hash)

    def _read(self, row: Row, list_hash: str) -> Talk[None]:
        run = self._run
        ask = run.source.details != "never" and self._has_requests
        values = {**self._values, **row.values}
        try:
            found = yield from self._details.read(
                row.node, values, ask=ask, validator=self._validator(row, list_hash)
            )
        except NotModified:
            run.failures.passed()
            run.report.not_modified += 1
            yield Found(row.source_id, ItemStatus.UNCHANGED, list_hash=list_hash, detail_read=True)
            return
        except Withdrawn:
            run.failures.passed()
            yield Found(row.source_id, ItemStatus.WITHDRAWN, reason="withdrawn at its source")
            return
        except FetchError as error:
            run.report.failed_details += 1
            self._note_failed(row)
            yield Found(row.source_id, ItemStatus.REFUSED, reason=f"detail: {error.reason}")
            run.failures.failed(error)
            return
        run.failures.passed()
        validator = found.pop("validator", None)
        extra = {**row.found["extra"], **found.pop("extra", {})}
        raw = {"list": row.found["list"], **scrubbed({**found, "extra": extra})}
        yield Found(
            row.source_id, raw=raw, list_hash=list_hash, detail_read=ask, validator=validator
        )

    def _validator(self, row: Row, list_hash: str) -> str | None:
        """What makes a detail's request conditional: only where all else is as it was."""
        run = self._run
        known = run.known.get(row.source_id)
        if known is None or run.source.only is not None or known.list_hash != list_hash:
            return None
        return known.validator if known.mapping_version == run.mapping_version else None

    def _may_skip(self, row: Row, list_hash: str, known: Fingerprints | None) -> bool:
        source = self._run.source
        if known is None or known.list_hash != list_hash or source.only is not None:
            return False
        if known.mapping_version != self._run.mapping_version:
            return False
        if not self._has_requests or source.details == "never":
            return True
        if source.details == "all":
            return False
        read_on = date.fromisoformat(known.detail_read_on) if known.detail_read_on else None
        return not refresh.due(row.source_id, read_on, source.today, source.detail_refresh_days)

    def _note_failed(self, row: Row) -> None:
        """An update whose detail failed must be met again by the next run that leaves early."""
        updated = self._news.date_of(row)
        oldest = self._run.oldest_failed
        if updated is not None and (oldest is None or updated < oldest):
            self._run.oldest_failed = updated
