"""What goes wrong at portals, one case a line of the table, and what each must come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl.messages import Outcome
from tests.portals.faults import Refusal
from tests.portals.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE = 60
GONE = frozenset({"r0000", "r0007"})


@dataclass(frozen=True)
class Case:
    """One fault: what comes in, how the portal is made to do it, the outcome it must have.

    The portal has been read whole before; this is the second run. `says` are words that reason or
    evidence must hold; `read` the number of records that are read or known to be unchanged.
    """

    what: str
    outcome: Outcome
    fault: Mapping[str, Any] = field(default_factory=dict)
    says: str = ""
    read: int | None = None
    waits: tuple[float, ...] | None = None  # seconds told to wait; None: not looked at
    family: str = "guizhou-search"
    details: str = "changed"
    allowed: tuple[str, ...] = ("127.0.0.0/8",)
    robots: str | None = None
    change: Mapping[str, Any] | None = None  # cells of the first record
    withdrawn_rows: bool = False  # the portal has no records any more
    findings: str = ""


WELL = Outcome.COMPLETE
CASES = (
    Case("challenge page, HTTP 412", Outcome.BLOCKED, {"challenge": "412"}, "HTTP 412", 0),
    Case("a script in place of the answer", Outcome.BLOCKED, {"challenge": "script"}, "", 0),
    Case("HTML where JSON was due", Outcome.BLOCKED, {"challenge": "html"}, "HTML where JSON", 0),
    Case("log-in redirect", Outcome.BLOCKED, {"login_redirect": True}, "log-in", 0),
    Case(
        "challenge after the first page of the list",
        Outcome.BLOCKED,
        {"challenge": "412", "challenge_after": 2},
        "page 2",
        12,
    ),
    Case(
        "robots.txt closes the list",
        Outcome.BLOCKED,
        robots="User-agent: *\nDisallow: /api/",
        says="robots.txt",
        read=0,
    ),
    Case(
        "the same page again, whatever number is asked for",
        Outcome.INCOMPLETE,
        {"silent_first_page": True},
        "ignores the page number",
        12,
    ),
    Case(
        "one page shows the page before it",
        Outcome.INCOMPLETE,
        {"repeated_page": 3},
        "48 distinct records of 60",
        48,
    ),
    Case(
        "a total that shrinks while reading",
        Outcome.INCOMPLETE,
        {"shrinking_total": 2},
        "fell from 60 to 58",
    ),
    Case(
        "a list that ends early",
        Outcome.INCOMPLETE,
        {"ends_after": 3},
        "36 distinct records of 60",
        36,
    ),
    Case(
        "one page of the list answers 500",
        Outcome.INCOMPLETE,
        {"missing_pages": frozenset({3})},
        "1 pages could not be read",
        48,
    ),
    Case(
        "records change places between two pages",
        Outcome.INCOMPLETE,
        {"shuffle": 0.3},
        "distinct records of 60",
    ),
    Case(
        "a record arrives on top while the list is read",
        Outcome.COMPLETE,
        {"arrivals": {3: Record("new", {"资源名称": "新目录"})}},
    ),
    Case(
        "429 with Retry-After in seconds",
        WELL,
        {"refusal": Refusal(429, after=2, times=2, retry_after="7")},
        read=60,
        waits=(7, 7),
    ),
    Case(
        "503 with Retry-After as a date gone by",
        WELL,
        {"refusal": Refusal(503, after=1, retry_after="Sun, 06 Nov 1994 08:49:37 GMT")},
        read=60,
        waits=(),
    ),
    Case(
        "503 without end",
        Outcome.INCOMPLETE,
        {"refusal": Refusal(503, times=99, retry_after=None)},
        "answered 503",
        0,
    ),
    Case("connections reset twice, then well", WELL, {"reset_after": 2, "resets": 2}, read=60),
    Case(
        "every connection is reset",
        Outcome.INCOMPLETE,
        {"reset_after": 0, "resets": 99},
        "the first page",
        0,
    ),
    Case("no answer in time", Outcome.INCOMPLETE, {"latency": 0.6}, "no answer in time", 0),
    Case(
        "a few details answer 500",
        WELL,
        {"broken_details": GONE},
        read=58,
        details="all",
    ),
    Case(
        "a fifth and more of the details answer 500",
        Outcome.INCOMPLETE,
        {"broken_details": frozenset(f"r{n:04}" for n in range(0, SIZE, 3))},
        "details failed, above the limit of 20%",
        details="all",
    ),
    Case("GB18030 without a charset", WELL, {"encoding": "gb18030"}, read=60),
    Case(
        "GB18030 without a charset, HTML",
        WELL,
        {"encoding": "gb18030"},
        read=60,
        family="inspur-oportal",
    ),
    Case(
        "redirect into a private network",
        Outcome.INCOMPLETE,
        {"redirect_to": "http://169.254.169.254/latest/meta-data/"},
        "not a public address",
        0,
    ),
    Case(
        "the portal's own address is private and not allowed",
        Outcome.INCOMPLETE,
        says="not a public address",
        read=0,
        allowed=(),
    ),
    Case("compression bomb", Outcome.INCOMPLETE, {"body": "bomb"}, "more than 2,000,000 bytes", 0),
    Case("endless body", Outcome.INCOMPLETE, {"body": "endless"}, "more than 2,000,000 bytes", 0),
    Case("entity bomb where JSON was due", Outcome.BLOCKED, {"body": "entities"}, "", 0),
    Case(
        "entity bomb where HTML was due",
        Outcome.BROKEN,
        {"body": "entities"},
        "nothing is found",
        0,
        family="inspur-oportal",
    ),
    Case(
        "a PDF in place of the list",
        Outcome.BROKEN,
        {"body": "file"},
        "nothing is found",
        0,
        family="inspur-oportal",
    ),
    Case(
        "30,000 tags in one record",
        WELL,
        read=60,
        family="jdop",
        details="all",
        change={"标签": "、".join(f"标签{n}" for n in range(30_000))},
        findings="tags",
    ),
    Case(
        "8,000 files in one record",
        WELL,
        read=60,
        family="inspur-oportal",
        details="all",
        change={"数据格式": str(["csv"] * 8_000)},
        findings="resources",
    ),
    Case(
        "the list is empty, total 0", Outcome.EMPTY, says="no records", withdrawn_rows=True, read=0
    ),
)
