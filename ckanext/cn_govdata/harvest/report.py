"""What one harvest came to: counters, refusals, and the words people read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.crawl.messages import Outcome, Report

EXAMPLES = 5
GOOD = (Outcome.COMPLETE, Outcome.PARTIAL, Outcome.EMPTY)


@dataclass(slots=True)
class Refusals:
    """Records that could not become a dataset, grouped by reason, with a few examples each."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, source_id: str, reason: str) -> None:
        """Count one refused record."""
        self.counts[reason] += 1
        known = self.examples.setdefault(reason, [])
        if len(known) < EXAMPLES:
            known.append(source_id)

    def messages(self) -> list[str]:
        """One line a reason, the commonest first."""
        return [
            tk._("{count} records refused: {reason} ({examples})").format(
                count=count, reason=reason, examples=", ".join(self.examples[reason])
            )
            for reason, count in self.counts.most_common()
        ]


@dataclass(slots=True)
class JobReport:
    """The result of one run of one source."""

    source: str
    portal_id: str
    job_id: str
    listing: Report = field(default_factory=Report)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    same_record: int = 0
    withdrawn: int = 0
    remapped: int = 0
    waiting: int = 0  # withdrawals held back for a person's decision
    reindexed: int = 0  # left over in the outbox by an earlier run
    unindexed: int = 0  # still in the outbox: the search index could not be reached
    findings: Counter[str] = field(default_factory=Counter)
    refusals: Refusals = field(default_factory=Refusals)
    error: str | None = None
    seconds: float = 0.0

    @property
    def refused(self) -> int:
        """Number of records that could not become a dataset."""
        return sum(self.refusals.counts.values())

    @property
    def went_well(self) -> bool:
        """Whether the listing ended as meant and nothing failed."""
        return self.error is None and not self.unindexed and self.listing.outcome in GOOD

    def problems(self) -> list[str]:
        """Everything that a person should read, one line each."""
        lines = [] if self.error is None else [self.error]
        if self.error is None and self.listing.outcome not in GOOD:
            lines.append(
                tk._("Listing {outcome}: {reason}").format(
                    outcome=self.listing.outcome.value, reason=self.listing.reason or ""
                )
            )
        if self.waiting:
            lines.append(
                tk._("{count} withdrawals wait for a decision: too many at once").format(
                    count=self.waiting
                )
            )
        if self.unindexed:
            lines.append(
                tk._("{count} datasets wait for the search index, which cannot be reached").format(
                    count=self.unindexed
                )
            )
        return lines + self.refusals.messages()

    def counters(self) -> dict[str, Any]:
        """Plain values for the job's row, the job page and `--json`."""
        return {
            "source": self.source,
            "portal_id": self.portal_id,
            "job_id": self.job_id,
            "outcome": self.listing.outcome.value,
            "reason": self.listing.reason,
            "evidence": self.listing.evidence,
            "total": self.listing.total,
            "listed": self.listing.listed,
            "repeated": self.listing.repeated,
            "pages": self.listing.pages,
            "requests": self.listing.requests,
            "requests_saved": self.listing.requests_saved,
            "failed_details": self.listing.failed_details,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged + self.same_record,
            "withdrawn": self.withdrawn,
            "waiting": self.waiting,
            "remapped": self.remapped,
            "refused": self.refused,
            "unindexed": self.unindexed,
            "refusals": dict(self.refusals.counts.most_common()),
            "findings": dict(self.findings.most_common()),
            "error": self.error,
            "seconds": round(self.seconds, 2),
        }
