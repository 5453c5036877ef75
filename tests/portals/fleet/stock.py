"""The records of one portal of the fleet, made from stored records when they are asked for.

Nothing is kept but a few bytes a record: a portal of 20,000 records costs 100 kB. Whoever knows
the portal's number, size and generation knows every record, in another process too.
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from tests.portals.records import MODIFIED, NOTES, TITLE, Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_STEPS = 100_000  # shares are cut at one in so many
_MOST = 10**6  # records of a portal


@dataclass(frozen=True)
class Turnover:
    """What a new generation does to a portal, as shares of its records."""

    changed: float = 0.01
    added: float = 0.001
    removed: float = 0.001


USUAL = Turnover()


@dataclass(frozen=True)
class Shape:
    """How ids of a platform family look: in digits, as a UUID, as a path, or in hexadecimal."""

    family: str

    def made(self, portal: int, place: int) -> str:
        """The id of a record."""
        if self.family in {"jdop", "athena"}:
            return str((portal + 1) * _MOST + place)
        if self.family == "gd-findpage":
            return f"{portal + 10_000:05}/{place:010}"
        noise = f"{zlib.crc32(f'{portal} {place}'.encode()):08x}"
        if self.family in {"guizhou-search", "epoint-openportal"}:
            return f"{portal:08x}-{noise[:4]}-{noise[4:]}-a000-{place:012x}"
        return f"{portal:08x}{noise}{noise[::-1]}{place:08x}"

    def place(self, portal: int, record_id: str) -> int:
        """The place of a record of this id; -1 if it is of no such portal."""
        try:
            if self.family in {"jdop", "athena"}:
                place = int(record_id) - (portal + 1) * _MOST
            elif self.family == "gd-findpage":
                place = int(record_id.partition("/")[2])
            else:
                place = int(record_id[-8:], 16)
        except ValueError:
            return -1
        in_range = 0 <= place < _MOST
        return place if in_range and self.made(portal, place) == record_id else -1


class Stock(Sequence[Record]):
    """The list of one portal as it stands at a generation, the newest arrivals on top.

    Reads like a list of records; they are made anew at each look.
    """

    def __init__(
        self,
        base: Sequence[Record],
        portal: int,
        size: int,
        *,
        name: str = "",
        division: str = "",
        family: str = "inspur-oportal",
        turnover: Turnover = USUAL,
    ) -> None:
        self._base = base
        self._portal = portal
        self._size = size
        self._name = name
        self._division = division
        self._shape = Shape(family)
        self._turnover = turnover
        # What is changed is dated as portals date it: older dates would be none that a run awaits.
        self._today = datetime.now(UTC).date().isoformat()
        self.turn(0)

    def turn(self, generation: int) -> None:
        """Show the portal as it is at this generation."""
        self.generation = generation
        arrivals = round(self._size * self._turnover.added)
        self._whole = self._size + generation * arrivals
        self._versions: dict[int, int] = {}
        gone: set[int] = set()
        for each in range(1, generation + 1):
            there = self._size + (each - 1) * arrivals
            self._versions |= dict.fromkeys(
                self._drawn("~", each, self._turnover.changed, there), each
            )
            self._versions |= dict.fromkeys(range(there, there + arrivals), each)
            gone.update(self._drawn("-", each, self._turnover.removed, there))
        present = (place for place in reversed(range(self._whole)) if place not in gone)
        self._present = array("I", present)
        self._gone = gone
        self.__dict__.pop("_newest", None)
        self.__dict__.pop("ids_now", None)

    def _drawn(self, what: str, generation: int, share: float, there: int) -> Iterable[int]:
        seed, limit = f"{what}{self._portal} {generation} ", share * _STEPS
        return [n for n in range(there) if zlib.crc32(f"{seed}{n}".encode()) % _STEPS < limit]

    def __len__(self) -> int:
        return len(self._present)

    def __getitem__(self, place: int | slice) -> Record | list[Record]:  # type: ignore[override]
        return self._shown(self._present, place)

    def __iter__(self) -> Iterator[Record]:
        return map(self._record, self._present)

    @property
    def newest_first(self) -> Sequence[Record]:
        """The same records in the order of their dates of update, the latest first."""
        return _Ordered(self._newest, self._record)

    def find(self, record_id: str) -> Record | None:
        """The record of this id, if it is there."""
        place = self._shape.place(self._portal, record_id)
        there = 0 <= place < self._whole and place not in self._gone
        return self._record(place) if there else None

    def ids(self) -> dict[str, int]:
        """The generation that each record was last touched in, by id."""
        return {
            self._shape.made(self._portal, place): self._versions.get(place, 0)
            for place in self._present
        }

    @cached_property
    def ids_now(self) -> dict[str, int]:
        """`ids`, kept until the next turn."""
        return self.ids()

    @cached_property
    def _newest(self) -> array[int]:
        days = [one.text(MODIFIED)[:10] for one in self._base]
        versions = self._versions

        def day(place: int) -> tuple[str, int]:
            touched = versions.get(place)
            return (self._today, touched) if touched else (days[place % len(days)], 0)

        return array("I", sorted(self._present, key=day, reverse=True))

    def _shown(self, order: Sequence[int], place: int | slice) -> Record | list[Record]:
        if isinstance(place, slice):
            return [self._record(each) for each in order[place]]
        return self._record(order[place])

    def _record(self, place: int) -> Record:
        base = self._base[place % len(self._base)]
        cells = dict(base.cells)
        title = _label(TITLE, cells)
        cells[title] = f"{cells.get(title) or ''}（{self._name}{place + 1}）"
        touched = self._versions.get(place)
        if touched:
            notes = _label(NOTES, cells)
            cells[_label(MODIFIED, cells)] = f"{self._today} {_clock(touched)}"
            cells[notes] = f"{cells.get(notes) or ''}{revision(touched)}"
        record_id = self._shape.made(self._portal, place)
        return replace(base, id=record_id, cells=cells, division=self._division, aside=set())


class _Ordered(Sequence[Record]):
    def __init__(self, order: Sequence[int], record: Callable[[int], Record]) -> None:
        self._order = order
        self._record = record

    def __len__(self) -> int:
        return len(self._order)

    def __getitem__(self, place: int | slice) -> Record | list[Record]:  # type: ignore[override]
        if isinstance(place, slice):
            return [self._record(each) for each in self._order[place]]
        return self._record(self._order[place])


def revision(generation: int) -> str:
    """What a record's abstract ends with since it was touched in a generation."""
    return f"（修订{generation}）"


def _clock(generation: int) -> str:
    """Generations are minutes of one day, so that lists show each."""
    return f"{generation // 60 % 24:02}:{generation % 60:02}:00"


def _label(labels: Iterable[str], cells: dict[str, object]) -> str:
    labels = tuple(labels)
    return next((label for label in labels if label in cells), labels[0])
