"""One replayed portal without its socket: records, faults, requests seen, one renderer."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import families
from .exchange import Request, Response, html_page, not_found
from .faults import Faults
from .records import MODIFIED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .records import Record


class BrokenAnswerError(Exception):
    """The portal fails inside: status 500."""


class HangUpError(Exception):
    """The portal hangs up without an answer."""


@dataclass(frozen=True)
class Window:
    """One page of a list as the portal shows it."""

    rows: Sequence[Record]
    total: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """Number of pages that the total makes."""
        return -(-self.total // self.size)


class Site:
    """Answers requests as one portal host of a platform family.

    `records` is a plain list: change, remove or add records between runs. `faults` may be
    replaced at any time. `max_page_size` caps what a client may ask for, `robots` is the text
    of /robots.txt (404 without); further options go to the family's renderer.
    """

    def __init__(
        self,
        family: str,
        records: Iterable[Record],
        *,
        max_page_size: int | None = None,
        robots: str | None = None,
        **options: Any,
    ) -> None:
        self.family = family
        self.records = list(records)
        self.faults = Faults()
        self.requests: list[Request] = []
        self.peak = 0
        self._max_page_size = max_page_size
        self._robots = robots
        self._lock = threading.Lock()
        self._running = 0
        self._listings = 0
        self._places: dict[str, int] = {}
        self._rendered: dict[tuple[str, str], tuple[Record, Any]] = {}
        self._renderer = families.renderer(family)(self, **options)

    def answer(self, request: Request) -> Response:
        """Answer one request, with the faults that are on.

        Raises HangUpError when the fault is to hang up. `delay` is the caller's to keep.
        """
        with self._lock:
            self.requests.append(request)
            self._running += 1
            self.peak = max(self.peak, self._running)
            self.faults.served += 1
            number = self.faults.served
        try:
            return self._answer(request, number)
        finally:
            with self._lock:
                self._running -= 1

    def _answer(self, request: Request, number: int) -> Response:
        faults = self.faults
        if faults.latency:
            threading.Event().wait(faults.latency)
        if faults.resets_now(number):
            raise HangUpError
        if request.path == "/robots.txt":
            return Response(self._robots, 200, "text/plain") if self._robots else not_found()
        if request.path == "/login":
            return html_page("统一身份认证", '<form action="/login"><input name="user"></form>')
        instead = faults.instead(number)
        if instead:
            return instead
        try:
            return self._renderer.answer(request) or not_found()
        except BrokenAnswerError:
            return html_page("500", "<h1>Internal Server Error</h1>", 500)

    def window(
        self, page: int, size: int, *, default: int, records: Sequence[Record] | None = None
    ) -> Window:
        """Cut page `page` (from 1) of the list, or of the `records` that a filter left."""
        faults = self.faults
        rows = self.records if records is None else records
        with self._lock:
            self._listings += 1
            faults.listings += 1
            if records is None and faults.listings in faults.arrivals:
                self.records.insert(0, faults.arrivals[faults.listings])
            rows = faults.reordered(rows, self._listings)
        if faults.silent_first_page:
            page, size = 1, default
        if page in faults.missing_pages:
            raise BrokenAnswerError
        size = max(1, min(size, self._max_page_size or size))
        total = max(0, len(rows) - faults.shrinking_total * (page - 1))
        shown = page - 1 if page == faults.repeated_page else page
        begin = (shown - 1) * size
        visible = not (faults.ends_after and page > faults.ends_after)
        return Window(rows[begin : begin + size] if visible else (), total, page, size)

    def newest_first(self) -> Sequence[Record]:
        """Return the records in the order of their dates of update, the latest first."""
        return sorted(self.records, key=lambda record: record.text(MODIFIED), reverse=True)

    def of_division(self, division: str) -> Sequence[Record]:
        """Return the records of one sub-site."""
        return [record for record in self.records if record.division == division]

    def find(self, record_id: str) -> Record | None:
        """Record whose detail is asked for; None when the portal has it no more."""
        if record_id in self.faults.broken_details:
            raise BrokenAnswerError
        for _ in range(2):
            place = self._places.get(record_id, -1)
            if 0 <= place < len(self.records) and self.records[place].id == record_id:
                return self.records[place]
            self._places = {record.id: place for place, record in enumerate(self.records)}
        return None

    def rendered(self, record: Record, what: str, render: Callable[[Record], Any]) -> Any:
        """Rendered form of a record, made once and again only when the record changed."""
        key = (record.id, what)
        kept = self._rendered.get(key)
        if kept is None or kept[0] is not record:
            kept = self._rendered[key] = (record, render(record))
        return kept[1]
