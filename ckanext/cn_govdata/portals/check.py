"""Whether a portal can be read today: robots.txt, the first page of its list, one detail."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.client import Client
from ckanext.cn_govdata.crawl.errors import Blocked, FetchError
from ckanext.cn_govdata.crawl.messages import ItemStatus, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.client import ClientSettings
    from ckanext.cn_govdata.crawl.messages import Item, Report, Request, Response
    from ckanext.cn_govdata.crawl.source import Source

WELL = "well"  # a listing can be complete: list page and detail were read
_TRIED = 3  # records whose detail is asked for until one is read


@dataclass(slots=True)
class Step:
    """One request of a check. `status` is None where no answer came."""

    what: str  # robots, list or detail; list includes the requests before the list
    url: str
    status: int | None
    seconds: float
    size: int = 0  # bytes, decompressed


@dataclass(slots=True)
class Check:
    """What a check found. `word` is `well` or an `Outcome` that is not a success."""

    portal_id: str
    family: str
    url: str
    checked: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    word: str = Outcome.INCOMPLETE.value
    reason: str | None = None
    evidence: str | None = None
    total: int | None = None  # datasets that the portal states
    crawl_delay: float = 0.0  # seconds, from robots.txt
    fields: list[str] = field(default_factory=list)  # filled in the record that was read
    title: str | None = None  # of that record
    steps: list[Step] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def well(self) -> bool:
        """Whether the portal can be harvested."""
        return self.word == WELL

    def as_dict(self) -> dict[str, Any]:
        """The check as plain JSON values."""
        return asdict(self)


def check(source: Source, settings: ClientSettings) -> Check:
    """Read a portal's robots.txt, first list page and one detail through the real client.

    Never raises for what a portal does: the check says it.
    """
    found = Check(source.portal_id, source.profile.family, source.base_url)
    start = time.monotonic()
    try:
        with Client(settings) as client:
            _robots(found, client)
            _read(found, replace(source, max_records=_TRIED, details="all"), client)
    except FetchError as error:
        word = Outcome.BLOCKED if isinstance(error, Blocked) else Outcome.INCOMPLETE
        found.word, found.reason, found.evidence = word.value, error.reason, error.evidence
    found.seconds = round(time.monotonic() - start, 3)
    return found


def _robots(found: Check, client: Client) -> None:
    """Read robots.txt; an address that is closed to us is met again, and told, by the list."""
    start = time.monotonic()
    status: int | None = None
    try:
        found.crawl_delay = client.robots_delay(found.url + "/")
        status = 200
    except Blocked:
        pass
    finally:
        url = f"{found.url}/robots.txt"
        found.steps.append(Step("robots", url, status, round(time.monotonic() - start, 3)))


def _read(found: Check, source: Source, client: Client) -> None:
    refused: list[str] = []
    listing: flow.Crawl | None = None

    def fetch(request: Request) -> Response:
        return _timed(found, listing.report if listing else None, client, request)

    listing = flow.crawl(source, fetch)
    for item in listing:
        if item.record is not None:
            _take(found, item, listing.report)
            return
        if item.status is ItemStatus.REFUSED:
            refused.append(item.reason or "refused")
    found.total = listing.report.total
    _judge(found, listing.report, refused)


def _take(found: Check, item: Item, report: Report) -> None:
    values = item.record.as_dict() if item.record else {}
    found.word, found.total = WELL, report.total
    found.title = values.get("title")
    found.fields = sorted(values)


def _judge(found: Check, report: Report, refused: list[str]) -> None:
    """No record could be read: say why."""
    found.word, found.reason, found.evidence = (
        report.outcome.value,
        report.reason,
        report.evidence,
    )
    if report.outcome in {Outcome.COMPLETE, Outcome.PARTIAL}:
        # Pages are there, records are not: their details cannot be read, or say nothing.
        unread = [reason for reason in refused if reason.startswith("detail: ")]
        found.word = (Outcome.INCOMPLETE if unread else Outcome.BROKEN).value
        found.reason = (unread or refused or ["the first page holds no record"])[0]


def _timed(found: Check, report: Report | None, client: Client, request: Request) -> Response:
    what = "detail" if report is not None and report.pages else "list"
    start = time.monotonic()
    status, size = None, 0
    try:
        response = client.fetch(request)
        status, size = response.status, len(response.body)
        return response
    finally:
        seconds = round(time.monotonic() - start, 3)
        found.steps.append(Step(what, request.url, status, seconds, size))


_COMPARED = ("word", "family", "url", "total", "crawl_delay")
_SLOWER = 3.0  # times
_SLOW = 2.0  # seconds below which no one need be told


def changes(before: Mapping[str, Any] | None, now: Check) -> list[dict[str, Any]]:
    """What is otherwise than at the check before: `what`, `before`, `now`; empty at the first one."""
    if before is None:
        return []
    values = now.as_dict()
    found = [
        {"what": name, "before": before.get(name), "now": values[name]}
        for name in _COMPARED
        if before.get(name) != values[name]
    ]
    if now.well and before.get("word") == WELL:
        old, new = set(before.get("fields", ())), set(now.fields)
        if old != new:
            lost, gained = sorted(old - new), sorted(new - old)
            found.append({"what": "fields", "before": lost, "now": gained})
    seconds = float(before.get("seconds") or 0)
    if now.seconds > _SLOW and seconds and now.seconds > _SLOWER * seconds:
        found.append({"what": "seconds", "before": seconds, "now": now.seconds})
    return found
