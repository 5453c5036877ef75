"""How a listing ends: the reasons that stop it, the failures it bears, the word for it all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ckanext.cn_govdata.crawl.errors import Blocked, FetchError, Unfamiliar
from ckanext.cn_govdata.crawl.messages import Outcome, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

# Details in a row that are refused, or fail in any way, before the rest is given up.
_REFUSED_IN_A_ROW = 5
_FAILED_IN_A_ROW = 10
_SHARE_COUNTS_FROM = 20


class Stopped(Exception):  # noqa: N818 - an end, not always an error
    """The listing ends here."""

    def __init__(self, outcome: Outcome, reason: str, evidence: str | None = None) -> None:
        super().__init__(reason)
        self.outcome = outcome
        self.reason = reason
        self.evidence = evidence

    @classmethod
    def by(cls, error: FetchError, what: str) -> Stopped:
        """The end that a failed request brings."""
        outcome = Outcome.INCOMPLETE
        if isinstance(error, Blocked):
            outcome = Outcome.BLOCKED
        elif isinstance(error, Unfamiliar):
            outcome = Outcome.BROKEN
        return cls(outcome, f"{what}: {error.reason}", error.evidence)


class ListEnd(NamedTuple):
    """How one list ended."""

    name: str
    total: int | None
    distinct: int
    complaint: str | None
    early: str | None = None  # why the list was left before its end, by design


def conclude(report: Report, ends: Sequence[ListEnd]) -> None:
    """The outcome of lists that were read to their end."""
    complaints = [f"{end.name}: {end.complaint}" for end in ends if end.complaint]
    if complaints:
        report.outcome, report.reason = Outcome.INCOMPLETE, "; ".join(complaints)
    elif early := [f"{end.name}: {end.early}" for end in ends if end.early]:
        report.outcome, report.reason = Outcome.PARTIAL, "; ".join(early)
    elif not any(end.distinct for end in ends):
        report.outcome, report.reason = Outcome.EMPTY, "the portal states that it has no records"
    else:
        report.outcome = Outcome.COMPLETE


class Failures:
    """Details that could not be read. Raises `Stopped` when they are too many."""

    def __init__(self, max_share: float) -> None:
        self._max_share = max_share
        self._asked = 0
        self._failed = 0
        self._refused_in_a_row = 0
        self._failed_in_a_row = 0

    def passed(self) -> None:
        """A detail was read."""
        self._asked += 1
        self._refused_in_a_row = self._failed_in_a_row = 0

    def failed(self, error: FetchError) -> None:
        """A detail could not be read."""
        self._asked += 1
        self._failed += 1
        self._failed_in_a_row += 1
        self._refused_in_a_row = self._refused_in_a_row + 1 if isinstance(error, Blocked) else 0
        if self._refused_in_a_row >= _REFUSED_IN_A_ROW:
            raise Stopped.by(error, f"{self._refused_in_a_row} details in a row were refused")
        if self._failed_in_a_row >= _FAILED_IN_A_ROW:
            raise Stopped.by(error, f"{self._failed_in_a_row} details in a row failed")
        if self._asked >= _SHARE_COUNTS_FROM and self._failed > self._max_share * self._asked:
            raise Stopped.by(
                error,
                f"{self._failed} of {self._asked} details failed, above the limit of "
                f"{self._max_share:.0%}; the last",
            )
