"""What one harvest came to: counters, refusals, and the words people read."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.crawl.messages import Outcome, Report
from ckanext.cn_govdata.store import errors
from ckanext.cn_govdata.store.errors import Error

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

EXAMPLES = 5
MOST_FAILED_IDS = 2_000
GOOD = (Outcome.COMPLETE, Outcome.PARTIAL, Outcome.EMPTY)


@dataclass(slots=True)
class Refusals:
    """Records that could not become a dataset, grouped by reason, with a few examples each."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)  # the first ones, for `harvest retry`
    unsaved: list[Error] = field(default_factory=list)  # those that have no row yet
    listed: int = 0  # those that have a row or will get one

    def add(
        self,
        source_id: str,
        reason: str,
        *,
        kind: str = "refused",
        field: str | None = None,
        value: str | None = None,
    ) -> None:
        """Count one refused record. `kind` is a short stable code, `value` what was refused."""
        self.counts[reason] += 1
        if self.listed < errors.MOST:
            self.listed += 1
            self.unsaved.append(Error(source_id, reason, kind, field, value))
            log.info("Refused (%s): %s", kind, reason, extra={"record": source_id})
        if len(self.ids) < MOST_FAILED_IDS:
            self.ids.append(source_id)
        known = self.examples.setdefault(reason, [])
        if len(known) < EXAMPLES:
            known.append(source_id)

    def messages(self) -> list[str]:
        """One line a reason, the commonest first."""
        return [
            tk._("{count} records refused: {reason} ({examples})").format(
                count=count, reason=reason, examples=", ".join(self.examples.get(reason, []))
            )
            for reason, count in self.counts.most_common()
        ]


@dataclass(slots=True)
class JobReport:
    """The result of one run of one source."""

    source: str
    portal_id: str
    job_id: str | None  # none where the portal was not asked
    listing: Report = field(default_factory=Report)
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    same_record: int = 0
    withdrawn: int = 0
    ceded: int = 0  # kept without a dataset of their own: another portal owns it
    remapped: int = 0
    waiting: int = 0  # withdrawals held back for a person's decision
    unconfirmed_empty: int = 0  # known records of a portal that lists nothing for the first time
    lost: dict[str, Any] = field(default_factory=dict)  # see `canary.Canary.carried`
    warnings: list[str] = field(default_factory=list)
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

    def save_errors(self) -> None:
        """Write a row for each refused record that has none; does not commit.

        After the commit `errors_are_saved` must be called; until then they are written again.
        """
        if self.job_id is not None:
            errors.save(self.job_id, self.refusals.unsaved)

    def errors_are_saved(self) -> None:
        """Forget what `save_errors` wrote."""
        self.refusals.unsaved.clear()

    @property
    def written(self) -> int:
        """Number of datasets that were written."""
        return self.added + self.changed + self.withdrawn

    def go_on_from(self, counters: Mapping[str, Any]) -> None:
        """Add what an earlier part of the same job came to (`counters`)."""
        for name in ("added", "changed", "unchanged", "withdrawn", "ceded", "remapped", "seconds"):
            setattr(self, name, getattr(self, name) + counters[name])
        self.listing.requests += counters["requests"]
        self.findings.update(counters["findings"])
        self.refusals.counts.update(counters["refusals"])
        self.refusals.ids.extend(counters["failed_ids"])

    @property
    def went_well(self) -> bool:
        """Whether the listing ended as meant and nothing failed."""
        if self.error is not None or self.unindexed or self.unconfirmed_empty:
            return False
        return self.listing.outcome in GOOD

    def problems(self) -> list[str]:
        """Everything that a person should read, one line each."""
        lines = [] if self.error is None else [self.error]
        if self.error is None and self.listing.outcome not in GOOD:
            lines.append(
                tk._("Listing {outcome}: {reason}").format(
                    outcome=self.listing.outcome.value, reason=self.listing.reason or ""
                )
            )
        if self.unconfirmed_empty:
            lines.append(
                tk._(
                    "The portal lists nothing, {count} datasets are known: "
                    "nothing is withdrawn unless the next run says the same"
                ).format(count=self.unconfirmed_empty)
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
        return lines + self.refusals.messages() + self.warnings

    def _all_findings(self) -> Counter[str]:
        # A copy at one stroke: the listing may be read by another thread.
        found = Counter(dict(self.listing.findings))
        found.update(self.findings)
        return found

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
            "list_requests_saved": self.listing.list_requests_saved,
            "not_modified": self.listing.not_modified,
            "newest": self.listing.newest,
            "failed_details": self.listing.failed_details,
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged + self.same_record,
            "withdrawn": self.withdrawn,
            "ceded": self.ceded,
            "waiting": self.waiting,
            "unconfirmed_empty": self.unconfirmed_empty,
            "remapped": self.remapped,
            "refused": self.refused,
            "unindexed": self.unindexed,
            "refusals": dict(self.refusals.counts.most_common()),
            "failed_ids": self.refusals.ids,
            "findings": dict(self._all_findings().most_common()),
            "lost": self.lost,
            "warnings": self.warnings,
            "error": self.error,
            "seconds": round(self.seconds, 2),
        }
