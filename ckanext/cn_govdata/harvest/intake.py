"""What crawling threads hand to the one writer: bounded, so that memory stays flat.

Each job has a lane. The writer is given a lane's things when they make a batch, when the oldest
has waited long enough, when the lane has ended, or when all lanes together are full; lanes that
are ready are served in turn, so that no portal holds up another.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

Clock = Callable[[], float]


class Closed(Exception):  # noqa: N818 - a state of things, not a fault
    """Nobody wants the rest of this lane."""


@dataclass(slots=True)
class Batch:
    """What one lane hands over; `ended` says that it was the last, `error` why it ended badly."""

    key: Hashable
    things: list[Any]
    ended: bool = False
    error: str | None = None


@dataclass(slots=True)
class _Lane:
    things: list[Any] = field(default_factory=list)
    since: float = 0.0  # when the oldest thing came
    first: bool = True  # nothing was handed over yet
    ended: bool = False
    error: str | None = None


class Intake:
    """Lanes of `batch_size` things a batch, of which together at most `capacity` wait.

    A lane's first batch is not cut below `first_batch` by waiting, others wait at most `patience`
    seconds.
    """

    def __init__(
        self,
        *,
        batch_size: int,
        first_batch: int,
        capacity: int,
        patience: float,
        clock: Clock = time.monotonic,
    ) -> None:
        self._batch_size = batch_size
        self._first_batch = first_batch
        self._capacity = capacity
        self._patience = patience
        self._clock = clock
        self._lanes: dict[Hashable, _Lane] = {}
        self._waiting = 0
        self._changed = threading.Condition()

    def open(self, key: Hashable) -> None:
        """Open a lane."""
        with self._changed:
            self._lanes[key] = _Lane()

    def put(self, key: Hashable, thing: Any) -> None:  # noqa: ANN401
        """Hand something in; waits while all is full. Raises `Closed`."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting < self._capacity or key not in self._lanes)
            lane = self._lanes.get(key)
            if lane is None:
                raise Closed
            if not lane.things:
                lane.since = self._clock()
            lane.things.append(thing)
            self._waiting += 1
            if len(lane.things) >= self._batch_size or self._waiting >= self._capacity:
                self._changed.notify_all()

    def is_open(self, key: Hashable) -> bool:
        """Whether somebody wants what this lane brings."""
        return key in self._lanes

    def end(self, key: Hashable, error: str | None = None) -> None:
        """Say that a lane brings nothing more."""
        with self._changed:
            lane = self._lanes.get(key)
            if lane is not None:
                lane.ended, lane.error = True, error
                self._changed.notify_all()

    def get(self, timeout: float) -> Batch | None:
        """The next batch; None if there is none within so many seconds."""
        until = self._clock() + timeout
        with self._changed:
            while True:
                key, soonest = self._ready()
                if key is not None:
                    return self._cut(key)
                left = min(until, soonest) - self._clock()
                if self._clock() >= until:
                    return None
                self._changed.wait(max(left, 0.001))

    def drain(self, key: Hashable) -> list[Any]:
        """Close a lane; what it still held."""
        with self._changed:
            lane = self._lanes.pop(key, None)
            things = [] if lane is None else lane.things
            self._waiting -= len(things)
            self._changed.notify_all()
            return things

    def __len__(self) -> int:
        return self._waiting

    def _ready(self) -> tuple[Hashable | None, float]:
        """A lane whose things are to be written now; else when the next will be."""
        soonest = float("inf")
        present = self._clock()
        for key, lane in self._lanes.items():
            if lane.ended or len(lane.things) >= self._batch_size:
                return key, present
            if lane.things and not (lane.first and len(lane.things) < self._first_batch):
                soonest = min(soonest, lane.since + self._patience)
                if soonest <= present:
                    return key, present
        if self._waiting >= self._capacity:
            return max(self._lanes, key=lambda each: len(self._lanes[each].things)), present
        return None, soonest

    def _cut(self, key: Hashable) -> Batch:
        """Take a batch out of a lane, which then comes last."""
        lane = self._lanes.pop(key)
        size = max(self._batch_size, self._first_batch) if lane.first else self._batch_size
        things, lane.things = lane.things[:size], lane.things[size:]
        lane.first, lane.since = False, self._clock()
        ended = lane.ended and not lane.things
        if not ended:
            self._lanes[key] = lane
        self._waiting -= len(things)
        self._changed.notify_all()
        return Batch(key, things, ended, lane.error if ended else None)
