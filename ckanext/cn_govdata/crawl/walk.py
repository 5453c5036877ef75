"""Walking one list: page by page, record by record, each with its details."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import details, listing, refresh
from ckanext.cn_govdata.crawl.details import DetailReader, Withdrawn
from ckanext.cn_govdata.crawl.errors import Blocked, FetchError, HttpStatus
from ckanext.cn_govdata.crawl.found import Found, Talk
from ckanext.cn_govdata.crawl.messages import Fingerprints, ItemStatus, Known, Outcome, Report
from ckanext.cn_govdata.crawl.outcome import Failures, Stopped
from ckanext.cn_govdata.crawl.paging import Stated
from ckanext.cn_govdata.crawl.raw import Used, scrubbed
from ckanext.cn_govdata.crawl.requests import Inquiry
from ckanext.cn_govdata.crawl.responses import evidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.document import Document
    from ckanext.cn_govdata.crawl.listing import Row
    from ckanext.cn_govdata.crawl.paging import Pager
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.crawl.steps import ListStep


_ABSENT = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})


class Run:
    """What all lists of one run share."""

    def __init__(self, source: Source, known: Known, report: Report, mapping_version: str) -> None:
        self.source = source
        self.known = known
        self.report = report
        self.mapping_version = mapping_version
        self.inquiry = Inquiry(source, report)
        self.failures = Failures(source.max_failed_share)
        self.taken = 0
        self.seen: set[str] = set()


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
        self, run: Run, step: ListStep, pager: Pager, values: Mapping[str, Any], earlier: int
    ) -> None:
        self._run = run
        self._step = step
        self._pager = pager
        self._values = values
        self._earlier = earlier  # the totals of the lists before this one
        self._used = Used.of(step)
        self._details = DetailReader(step, self._used, run.inquiry)
        self._has_requests = details.has_requests(step)
        self._seen: set[str] = set()

    def read(self) -> Talk[None]:
        """Read the list to its end. Raises `Stopped` where the whole listing ends early."""
        while not self._pager.ended:
            page = yield from self._page()
            if page is None:
                self._pager.skip()
                continue
            rows, stated = page
            if self._pager.retry_smaller(len(rows), stated.total):
                continue
            new = self._note(rows, stated)
            news = False
            for row in new:
                news |= yield from self._record(row)
            if new and not news and self._may_stop_early():
                reason = "newest first: a whole page without news"
                raise Stopped(Outcome.PARTIAL, reason)

    def _page(self) -> Talk[tuple[list[Row], Stated] | None]:
        """The next page, or ``None`` if it cannot be read though others can."""
        pager, step = self._pager, self._step
        values = {
            **self._values,
            "page": pager.page,
            "offset": pager.offset,
            "size": pager.size,
        }
        wants_json = step.records.wants_json
        try:
            document = yield from self._run.inquiry.ask(step.request, values, wants_json=wants_json)
            rows = listing.rows(step, document, self._used)
            stated = listing.stated(step, document)
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
        elif stated.total is None and not stated.pages:
            broken = f"nothing is found, neither records by {step.records} nor a total"
            if step.paging.total:
                broken += f" by {step.paging.total}"
        if broken:
            seen = evidence(document.response, "first page")
            raise Stopped(Outcome.BROKEN, f"{step.name}: {broken}", seen)

    def _note(self, rows: list[Row], stated: Stated) -> list[Row]:
        """Count a page and return its records that were not seen before."""
        report, pager = self._run.report, self._pager
        in_list = {row.source_id for row in rows} - self._seen
        self._seen |= in_list
        new = []
        for row in rows:
            if row.source_id in self._run.seen:
                report.repeated += 1
            else:
                self._run.seen.add(row.source_id)
                new.append(row)
        pager.read([row.source_id for row in rows], len(in_list), stated)
        report.pages += 1
        report.listed += len(new)
        if pager.total is not None:
            report.total = self._earlier + pager.total
        return new

    def _record(self, row: Row) -> Talk[bool]:
        """Read one record; whether it was news."""
        run = self._run
        if row.source_id in run.source.exclude:
            return False
        if run.source.max_records is not None and run.taken >= run.source.max_records:
            raise Stopped(Outcome.PARTIAL, f"the limit of {run.taken} records is reached")
        run.taken += 1
        list_hash = row.list_hash(run.source.profile.volatile)
        if self._may_skip(row, list_hash, run.known.get(row.source_id)):
            run.report.requests_saved += self._has_requests
            yield Found(row.source_id, ItemStatus.UNCHANGED, list_hash=list_hash)
            return False
        yield from self._read(row, list_hash)
        return True

    def _read(self, row: Row, list_hash: str) -> Talk[None]:
        run = self._run
        ask = run.source.details != "never" and self._has_requests
        values = {**self._values, **row.values}
        try:
            found = yield from self._details.read(row.node, values, ask=ask)
        except Withdrawn:
            run.failures.passed()
            yield Found(row.source_id, ItemStatus.WITHDRAWN, reason="withdrawn at its source")
            return
        except FetchError as error:
            run.report.failed_details += 1
            yield Found(row.source_id, ItemStatus.REFUSED, reason=f"detail: {error.reason}")
            run.failures.failed(error)
            return
        run.failures.passed()
        extra = {**row.found["extra"], **found.pop("extra", {})}
        raw = {"list": row.found["list"], **scrubbed({**found, "extra": extra})}
        yield Found(row.source_id, raw=raw, list_hash=list_hash, detail_read=ask)

    def _may_skip(self, row: Row, list_hash: str, known: Fingerprints | None) -> bool:
        source = self._run.source
        if known is None or known.list_hash != list_hash:
            return False
        if known.mapping_version != self._run.mapping_version:
            return False
        if not self._has_requests or source.details == "never":
            return True
        if source.details == "all":
            return False
        return not refresh.due(row.source_id, known, source.today, source.detail_refresh_days)

    def _may_stop_early(self) -> bool:
        return bool(self._step.paging.newest_first) and not self._run.source.full
