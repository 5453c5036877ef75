"""Politeness towards a host: how often, how many at once, and how long to leave it alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator


Begin = Callable[[], None]


class Pacer(Protocol):
    """Gives out turns. Another implementation may share them between processes."""

    def turn(self, host: str, *, interval: float, limit: int) -> AbstractContextManager[Begin]:
        """Wait for a turn and hold it while in the context.

        Turns of one host begin at least `interval` seconds apart; at most `limit` are held at
        once. What the context gives is to be called when the request really goes out: the next
        turn then counts from there, however long a busy machine took from one to the other.
        """

    def hold(self, host: str, seconds: float) -> None:
        """Begin no turn of this host for so many seconds from now."""


@dataclass(slots=True)
class _Host:
    free: threading.Condition = field(default_factory=threading.Condition)
    held: int = 0
    next_start: float = 0.0
    closed_until: float = 0.0


class HostPacer:
    """Turns for all threads of one process."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = {}

    @contextmanager
    def turn(self, host: str, *, interval: float, limit: int) -> Iterator[Begin]:
        """See `Pacer.turn`."""
        state = self._host(host)
        with state.free:
            state.free.wait_for(lambda: state.held < limit)
            state.held += 1
        try:
            self._wait_for_start(state, interval)
            yield partial(self._begin, state, interval)
        finally:
            with state.free:
                state.held -= 1
                state.free.notify()

    def hold(self, host: str, seconds: float) -> None:
        """See `Pacer.hold`."""
        state = self._host(host)
        with state.free:
            state.closed_until = max(state.closed_until, self._clock() + seconds)

    def _host(self, host: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(host, _Host())

    def _begin(self, state: _Host, interval: float) -> None:
        with state.free:
            state.next_start = max(state.next_start, self._clock() + interval)

    def _wait_for_start(self, state: _Host, interval: float) -> None:
        with state.free:
            start = max(self._clock(), state.next_start)
            state.next_start = start + interval
        # A hold may come while this thread sleeps, hence the loop.
        while (wait := max(start, state.closed_until) - self._clock()) > 0:
            self._sleep(wait)


SHARED = HostPacer()
"""The pacer of this process: clients of several sources on one host meet here."""
