"""Notice that a portal has changed its shape before what is known is overwritten.

Each batch is compared with what is stored of the same records, mapped by today's mapping. A label
that was renamed, a member that moved, a block that is gone: then a field that these records had is
empty in nearly all of them at once, which no editor does. The same record is its own measure, so
that a portal whose new records are of another kind raises no alarm.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.raw import COUNTERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ckanext.cn_govdata.crawl.messages import Item
    from ckanext.cn_govdata.crawl.profile import Profile
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.crawl.steps import Fields, ListStep
    from ckanext.cn_govdata.store.known import KnownRecords

SAMPLE = 50  # records of a batch that are compared
MOST_FROM = 5  # so many records had the field: more than half have lost it
ALL_FROM = 3  # so many records had the field: all have lost it
_IGNORED = COUNTERS | {"source_extra", "groups", "tags"}
_ALSO_NAMED = ("{}_text", "contact.{}")


class Canary:
    """Compares the batches of one run.

    `carried` is `Canary.carried` of the source's last run: where only a record or two change a
    night, the evidence of several nights counts together, as long as the mapping is the same.
    """

    def __init__(self, source: Source, known: KnownRecords, carried: Mapping[str, Any]) -> None:
        self._source = source
        self._known = known
        self._had: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._mapping = flow.mapping_version(source.profile)
        same = carried.get("mapping") == self._mapping
        self._before: dict[str, int] = carried["fields"] if same else {}
        self._refused: list[Item] = []

    def note_refused(self, item: Item) -> None:
        """Note a record that cannot be mapped any more; it counts in the next `check`."""
        if item.raw is not None and len(self._refused) < SAMPLE:
            self._refused.append(item)

    def check(self, batch: Sequence[Item]) -> str | None:
        """Compare a batch before it is written; what has changed shape, or ``None``."""
        items = [*self._refused, *(item for item in batch if item.raw is not None)]
        self._refused = []
        known = [item for item in items if item.source_id in self._known][:SAMPLE]
        stored = self._known.raw(item.source_id for item in known)
        for item in known:
            if item.source_id in stored:
                self._compare(stored[item.source_id], item)
        suspects = [name for name in self._had if self._is_suspect(name)]
        return self._reason(suspects) if suspects else None

    @property
    def carried(self) -> dict[str, Any]:
        """The fields that all compared records lost, with their number, for the next run."""
        names = {*self._before, *self._had}
        lost_by_all = [name for name in names if self._had[name] == self._lost[name]]
        fields = {name: self._before.get(name, 0) + self._lost[name] for name in lost_by_all}
        return {"mapping": self._mapping, "fields": fields} if fields else {}

    def _compare(self, stored: Mapping[str, Any], item: Item) -> None:
        before = flow.remap(self._source, stored)
        had = _filled(before, stored)
        has = _filled(item, item.raw or {})
        self._had.update(had)
        self._lost.update(had - has)

    def _is_suspect(self, name: str) -> bool:
        had, lost = self._had[name], self._lost[name]
        by_all = lost == had and had + self._before.get(name, 0) >= ALL_FROM
        return by_all or (had >= MOST_FROM and lost * 2 > had)

    def _reason(self, suspects: Sequence[str]) -> str:
        named = [(name, _expression(self._source.profile, name)) for name in sorted(suspects)]
        # A field that others are made from explains them.
        shown = [pair for pair in named if pair[1]] or named
        parts = [
            f"{name} in {self._lost[name] + self._before.get(name, 0)} of "
            f"{self._had[name] + self._before.get(name, 0)} records"
            + (f", looked for by {expression}" if expression else "")
            for name, expression in shown
        ]
        return f"fields that were filled are empty now: {'; '.join(parts)}"


def _filled(item: Item, raw: Mapping[str, Any]) -> set[str]:
    """The fields of a record that hold something, and the kinds of its rows."""
    values = item.record.as_dict() if item.record else {}
    return (set(values) - _IGNORED) | {f"each.{kind}" for kind in raw.get("each", {})}


def _expression(profile: Profile, name: str) -> str | None:
    """Where the profile looks for a field."""
    wanted = [name, *(other.format(name) for other in _ALSO_NAMED)]
    for fields in _fields(profile.lists):
        for one in wanted:
            if one in fields:
                return str(fields[one].expression)
    kind = name.removeprefix("each.")
    for step in profile.lists:
        for each in (step.each, step.detail.each if step.detail else {}):
            if kind in each:
                return " | ".join(str(rows.records) for rows in each[kind])
    return None


def _fields(lists: Sequence[ListStep]) -> Iterator[Fields]:
    for step in lists:
        if step.detail:
            yield step.detail.fields
        yield step.fields
