"""What passes between the engine, the client that speaks HTTP, and whoever uses the records.

The engine does no input or output: it is a generator that yields a `Request` and is sent a
`Response`, so that a command, a harvest, a preview and a test share it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.record import Record


class Outcome(StrEnum):
    """How a listing ended. Only `COMPLETE` may withdraw what was not seen."""

    COMPLETE = "complete"
    PARTIAL = "partial"  # ended early by design: a limit, or newest first
    INCOMPLETE = "incomplete"  # ended early by misfortune
    BLOCKED = "blocked"  # a challenge, a log-in, robots.txt
    BROKEN = "broken"  # the wire format is not the one the profile describes
    EMPTY = "empty"  # the portal says that it has nothing


class ItemStatus(StrEnum):
    """What one listed record came to."""

    CHANGED = "changed"  # new, or its canonical record differs from the known one
    SAME_RECORD = "same_record"  # the raw record differs, the canonical one does not
    UNCHANGED = "unchanged"  # nothing differs: no row is written
    WITHDRAWN = "withdrawn"  # listed, but its detail says that it is gone
    REFUSED = "refused"  # cannot be a dataset; the reason says why


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a portal. `url` is absolute; `body` is encoded already."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """The answer to a `Request`. `url` is the address after redirects.

    `cookies` are those that the client would send to that address now.
    """

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes
    redirected: bool = False
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a provider could mend: the field, what stood there, and why it was not taken."""

    field: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What is remembered of a record between two runs. Hashes are hex text."""

    list_hash: str | None
    raw_hash: str
    record_hash: str
    mapping_version: str
    detail_read_on: str | None = None  # ISO date of the last reading of its detail
    validator: str | None = None  # ETag or Last-Modified that came with its detail


class Known(Protocol):
    """The records of one portal that a catalogue has already."""

    def get(self, source_id: str) -> Fingerprints | None:
        """The fingerprints of a record, or ``None`` if it is new."""


@dataclass(frozen=True, slots=True)
class Item:
    """One listed record with everything a writer needs."""

    source_id: str
    status: ItemStatus
    fingerprints: Fingerprints | None = None
    raw: Mapping[str, Any] | None = None
    record: Record | None = None
    findings: tuple[Finding, ...] = ()
    reason: str | None = None


@dataclass(slots=True)
class Report:
    """What happened in one listing; filled while it runs, whole when it has ended."""

    outcome: Outcome = Outcome.INCOMPLETE
    reason: str | None = None
    evidence: str | None = None
    total: int | None = None  # the number the portal states
    pages: int = 0
    listed: int = 0  # distinct records seen in the list
    repeated: int = 0  # records listed again
    requests: int = 0
    requests_saved: int = 0  # details not asked for: the list shows that nothing changed
    list_requests_saved: int = 0  # pages not asked for: the list is newest first
    failed_details: int = 0
    not_modified: int = 0  # details that the portal answered with 304
    # Latest update (ISO date) up to which the whole portal is known, where lists are newest first.
    newest: str | None = None
    findings: Counter[str] = field(default_factory=Counter)  # about the list as a whole
