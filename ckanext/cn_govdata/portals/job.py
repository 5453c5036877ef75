"""One run of `cn-govdata crawl`: records to JSON lines, fingerprints to the state."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TextIO

import orjson

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.messages import ItemStatus, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.cn_govdata.crawl.messages import Item, Report
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.portals.state import State


class Job:
    """Reads a source and writes what changed since the state was kept."""

    def __init__(self, source: Source, fetch: flow.Fetch, state: State, out: TextIO) -> None:
        self._listing = flow.crawl(source, fetch, state)
        self._state = state
        self._out = out
        self.counts: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()  # of refusals
        self.findings: Counter[str] = Counter()  # by field

    @property
    def report(self) -> Report:
        """How the listing stands."""
        return self._listing.report

    def run(self) -> Iterator[None]:
        """Read and write; yields after every record, for whoever shows progress."""
        for item in self._listing:
            self._take(item)
            yield
        if self.report.outcome is Outcome.COMPLETE:
            for source_id in self._state.unseen():
                self._withdraw(source_id)

    def _take(self, item: Item) -> None:
        if item.status is ItemStatus.WITHDRAWN:
            self._withdraw(item.source_id)
            return
        if item.fingerprints is not None:
            self._state.remember(item.source_id, item.fingerprints)
        if item.status is ItemStatus.CHANGED and item.record is not None:
            self._write(item.record.as_dict())
        if item.status is ItemStatus.REFUSED:
            self.reasons[item.reason or "unknown"] += 1
        self.counts[item.status.value] += 1
        self.findings.update(finding.field for finding in item.findings)

    def _withdraw(self, source_id: str) -> None:
        if self._state.forget(source_id):
            self._write({"source_id": source_id, "withdrawn": True})
            self.counts[ItemStatus.WITHDRAWN.value] += 1

    def _write(self, line: dict[str, Any]) -> None:
        self._out.write(orjson.dumps(line).decode() + "\n")
