"""What strikes a harvest, each at an instant drawn from the run's seed."""

from __future__ import annotations

import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from .world import World

WORKERS = 2
GONE = 60.0  # seconds without a network
_ENDED = 60  # seconds that a worker may take to end when it is told to


@dataclass(frozen=True)
class Case:
    """One kind of misfortune. `strike` waits for its instant and says what it did.

    `prepare` comes before the jobs are sent and `mend` after they have ended, before the next run.
    """

    name: str
    what: str
    runs: int
    strike: Callable[[World, Random, float], str]
    prepare: Callable[[World, Random], None] = lambda *_: None
    mend: Callable[[World], None] = lambda _: None


def instant(dice: Random, span: float) -> float:
    """Sleep until an instant of the run; the seconds."""
    seconds = dice.uniform(0, span)
    time.sleep(seconds)
    return seconds


def kill_workers(world: World, dice: Random, span: float) -> str:
    """Kill one worker or all of them."""
    at, number = instant(dice, span), dice.choice((1, 1, WORKERS))
    world.workers.kill(number)
    world.workers.start(number)
    return f"{at:.1f} s, {number} of {WORKERS} workers"


def end_workers(world: World, dice: Random, span: float) -> str:
    """End a worker as a service manager does."""
    at = instant(dice, span)
    begin = time.monotonic()
    world.workers.kill(1, signal.SIGTERM)
    took = time.monotonic() - begin
    world.workers.start(1)
    return f"{at:.1f} s; the worker ended after {took:.1f} s"


def kill_server(name: str) -> Callable[[World, Random, float], str]:
    """Kill a server, and start it again after a while."""
    from . import servers

    def strike(world: World, dice: Random, span: float) -> str:
        at, away = instant(dice, span), dice.uniform(0.1, 4)
        servers.kill(name)
        time.sleep(away)
        servers.start(name)
        return f"{at:.1f} s, away for {away:.1f} s"

    return strike


def kill_all(world: World, dice: Random, span: float) -> str:
    """Lose power: everything dies at one instant."""
    from . import servers

    at = instant(dice, span)
    for name in servers.NAMES:
        servers.kill(name)
    world.workers.kill(WORKERS)
    for name in servers.NAMES:
        servers.start(name)
    world.workers.start(WORKERS)
    return f"{at:.1f} s"


def change_portals(world: World, dice: Random, span: float) -> str:
    """Change records, add some and take some away while the portals are read, twice."""
    moments = [instant(dice, span / 2) for _ in range(2) if world.turn() is None]
    return " and ".join(f"{at:.1f} s" for at in moments)


def lose_network(*, silent: bool) -> Callable[[World, Random, float], str]:
    """Have all portals away for a minute."""

    def strike(world: World, dice: Random, span: float) -> str:
        at = instant(dice, span)
        world.fleet.vanish(GONE, silent=silent)
        time.sleep(GONE)
        return f"{at:.1f} s, for {GONE:.0f} s"

    return strike


def start_rivals(world: World, dice: Random) -> None:
    """Harvest two of the sources from the command line, each twice at once, beside the workers."""
    world.rivals = [
        world.workers.command("cn-govdata", "harvest", "run", name)
        for name in world.names[:2]
        for _ in range(2)
    ]
    time.sleep(dice.uniform(1, 6))


def await_rivals(world: World, dice: Random, span: float) -> str:
    """Wait for the commands; one of two that come upon each other says so and ends with 1."""
    codes = [process.wait(180) for process in world.rivals]
    return f"commands ended with {codes}"


class Clock:
    """A clock that the workers go by, and that jumps."""

    def __init__(self, library: Path, file: Path) -> None:
        self._library = library
        self._file = file

    def prepare(self, world: World, dice: Random) -> None:
        """Have workers that go by the clock."""
        self._set("+0")
        world.workers.stop()
        environment = {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }
        world.workers.start(WORKERS, environment)

    def jump(self, world: World, dice: Random, span: float) -> str:
        """Set the clock forward or back."""
        at, jump = instant(dice, span), dice.choice(("+2h", "-2h", "+3d", "-3d"))
        self._set(jump)
        return f"{at:.1f} s, {jump}"

    def mend(self, world: World) -> None:
        """Go by the true clock again."""
        world.workers.stop()
        world.workers.start(WORKERS)

    def _set(self, text: str) -> None:
        draft = self._file.with_suffix(".new")
        draft.write_text(text + "\n")
        draft.replace(self._file)


class Disk:
    """The disk of the index."""

    def __init__(self, core: str) -> None:
        from . import servers

        self._disk = servers.SmallDisk(core)

    def mount(self) -> str | None:
        """Give the index a small disk; the reason if that is not possible here."""
        return self._disk.mount()

    def fill(self, world: World, dice: Random, span: float) -> str:
        """Fill the disk up but for a little."""
        at, left = instant(dice, span / 2), dice.choice((0, 20_000, 200_000))
        self._disk.fill(left)
        return f"{at:.1f} s, {left // 1000} kB left"

    def mend(self, world: World) -> None:
        """Make room, and start the index anew."""
        self._disk.empty()

    def unmount(self) -> None:
        """Have the index on its usual disk again."""
        self._disk.unmount()


def ordinary() -> list[Case]:
    """Cases that every machine can run."""
    return [
        Case("worker", "kill -9 of one worker or all", 20, kill_workers),
        Case("worker-term", "SIGTERM to a worker", 4, end_workers),
        Case("postgres", "kill -9 of PostgreSQL", 14, kill_server("postgres")),
        Case("solr", "kill -9 of Solr", 14, kill_server("solr")),
        Case("redis", "kill -9 of Redis", 12, kill_server("redis")),
        Case("power", "kill -9 of workers and servers at once", 6, kill_all),
        Case("rivals", "two workers and four commands for the same sources", 3, await_rivals,
             prepare=start_rivals),
        Case("changes", "portals change while they are read", 4, change_portals),
        Case("cut", "network gone for a minute, connections cut", 1, lose_network(silent=False)),
        Case("silence", "network gone for a minute, no answer", 1, lose_network(silent=True)),
    ]  # fmt: skip
