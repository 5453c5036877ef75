"""What becomes of a batch of records."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ckanext.cn_govdata.crawl.messages import Finding, Item, ItemStatus

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Refused:
    """A record that could not become a dataset."""

    source_id: str
    field: str
    value: str
    reason: str


@dataclass(slots=True)
class BatchResult:
    """Counts of one batch. `findings` counts by field and reason."""

    added: int = 0
    changed: int = 0
    same_record: int = 0  # known, and nothing to write in the dataset itself
    withdrawn: int = 0
    ceded: int = 0  # no dataset of their own: another portal's record owns it
    refused: tuple[Refused, ...] = ()
    findings: Counter[str] = field(default_factory=Counter)
    touched: list[str] = field(default_factory=list)  # ids of the datasets that were written

    def add(self, other: BatchResult) -> None:
        """Count another batch in."""
        self.added += other.added
        self.changed += other.changed
        self.same_record += other.same_record
        self.withdrawn += other.withdrawn
        self.ceded += other.ceded
        self.refused += other.refused
        self.findings.update(other.findings)
        self.touched += other.touched

    def refuse(self, source_id: str, finding: Finding) -> None:
        """Count a record that one value refuses."""
        self.refused += (Refused(source_id, finding.field, finding.value, finding.reason),)

    def find(self, findings: Sequence[Finding]) -> None:
        """Count findings."""
        self.findings.update(f"{each.field}: {each.reason}" for each in findings)


@dataclass(slots=True)
class Sorted:
    """The items of a batch by what is to be done; a record that comes twice counts once."""

    changed: list[Item] = field(default_factory=list)
    same: list[Item] = field(default_factory=list)  # new fingerprints at most
    withdrawn: list[str] = field(default_factory=list)
    refused: list[Item] = field(default_factory=list)

    @classmethod
    def of(cls, items: Sequence[Item]) -> Sorted:
        """Sort items; of two with one source id the later counts."""
        found = cls()
        for item in {each.source_id: each for each in items}.values():
            if item.status is ItemStatus.CHANGED:
                found.changed.append(item)
            elif item.status is ItemStatus.WITHDRAWN:
                found.withdrawn.append(item.source_id)
            elif item.status is ItemStatus.REFUSED:
                found.refused.append(item)
            else:
                found.same.append(item)
        return found
