"""What can go wrong with a real portal, to be switched on while a test runs.

Every switch was seen at real portals: pages that ignore their number, lists that change while
one reads them, totals that shrink, web application firewalls, log-in walls, GBK without a
charset. `Faults` is mutable on purpose: a test turns a portal bad and well again.
"""

from __future__ import annotations

import gzip
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .exchange import Response, html_page, redirect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .records import Record

CHALLENGE_SCRIPT = (
    "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_')+('c')+('l')+"
    "('=')+(-~0)+'|'+(+[])+';max-age=3600;path=/';"
    "location.href=location.pathname+location.search</script>"
)


@dataclass
class Refusal:
    """`times` answers with `status` after `after` good ones; `retry_after` as the header says."""

    status: int = 429
    after: int = 0
    times: int = 1
    retry_after: str | None = "1"


@dataclass
class Faults:
    """Switches of one portal. Counts start when `Faults` is assigned to it.

    silent_first_page: every page is page 1 in the default size, without an error.
    reset_after: after so many requests, `resets` connections are reset.
    refusal: too many requests, or the service is busy.
    challenge: "412" (status with a page), "script" (200, nothing but a script) or
    "html" (200, an HTML page whatever was asked for), after `challenge_after` requests.
    login_redirect: every request is sent to a log-in page.
    encoding: codec of all text answers; other than UTF-8, none is named to the client.
    shrinking_total: the total falls by so many a page.
    repeated_page: this page shows the records of the page before.
    missing_pages: these page numbers answer 500.
    ends_after: pages above are empty though the total says more.
    shuffle: share of the records that change places at every listing request.
    latency: seconds before each answer.
    broken_details: the details of these ids answer 500.
    redirect_to: every request is sent to this address.
    body: "bomb" (a small gzip body that unfolds to 64 MB), "endless" (a body that does not end),
    "entities" (XML whose entities multiply) or "file" (a PDF), in place of every answer.
    arrivals: before so many listing requests have been answered, these records come in on top.
    """

    silent_first_page: bool = False
    reset_after: int | None = None
    resets: int = 1
    refusal: Refusal | None = None
    challenge: str | None = None
    challenge_after: int = 0
    login_redirect: bool = False
    encoding: str = "utf-8"
    shrinking_total: int = 0
    repeated_page: int | None = None
    missing_pages: frozenset[int] = frozenset()
    ends_after: int | None = None
    shuffle: float = 0.0
    latency: float = 0.0
    broken_details: frozenset[str] = frozenset()
    redirect_to: str | None = None
    body: str | None = None
    arrivals: dict[int, Record] = field(default_factory=dict)
    served: int = field(default=0, compare=False)
    listings: int = field(default=0, compare=False)

    def resets_now(self, number: int) -> bool:
        """Whether request `number` (from 1) of these faults is cut off."""
        return self.reset_after is not None and 0 < number - self.reset_after <= self.resets

    def instead(self, number: int) -> Response | None:
        """Answer that request `number` (from 1) gets in place of a real one."""
        refusal = self.refusal
        if refusal and 0 < number - refusal.after <= refusal.times:
            headers = (("Retry-After", refusal.retry_after),) if refusal.retry_after else ()
            return Response("too busy", refusal.status, "text/plain", headers)
        if self.challenge and number > self.challenge_after:
            return _challenge(self.challenge)
        if self.redirect_to:
            return redirect(self.redirect_to)
        if self.body:
            return _BODIES[self.body]()
        return redirect("/login") if self.login_redirect else None

    def reordered(self, records: Sequence[Record], seed: int) -> Sequence[Record]:
        """The list as it stands at one listing request: some records have changed places."""
        if not self.shuffle or not records:
            return records
        moved = list(records)
        dice = random.Random(seed)
        for _ in range(max(1, int(len(moved) * self.shuffle / 2))):
            one, other = dice.randrange(len(moved)), dice.randrange(len(moved))
            moved[one], moved[other] = moved[other], moved[one]
        return moved


def _bomb() -> Response:
    packed = gzip.compress(bytes(64 * 2**20))
    return Response(packed, headers=(("Content-Encoding", "gzip"),))


def _entities() -> Response:
    lines = [f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10)]
    declared = "".join(['<!ENTITY e0 "数据">', *lines])
    text = f'<?xml version="1.0"?><!DOCTYPE r [{declared}]><r>&e9;</r>'
    return Response(text, content_type="application/xml")


_BODIES = {
    "bomb": _bomb,
    "endless": lambda: Response(b"x" * 65536, endless=True),
    "entities": _entities,
    "file": lambda: Response(b"%PDF-1.4\n" + bytes(2000), content_type="application/pdf"),
}


def _challenge(kind: str) -> Response:
    if kind == "412":
        return html_page("", f'<div id="challenge"></div>{CHALLENGE_SCRIPT}', 412)
    if kind == "script":
        return Response(CHALLENGE_SCRIPT)
    return html_page("系统维护", "<p>系统维护中，请稍后访问。</p>")
