"""One run: a harvest under misfortune, a harvest in peace, and the judgement."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from .cases import WORKERS

if TYPE_CHECKING:
    from .cases import Case
    from .world import World

_SHORTER = 0.75
_SETTLED = 15.0  # seconds until what waits for the index must be there


@dataclass
class Run:
    """What became of one run."""

    case: str
    seed: int
    said: str = ""
    seconds: float = 0.0  # from the sending of the struck jobs to their end
    done_before: int = 0  # jobs that had ended when the blow had fallen
    peace: float = 0.0  # seconds that a harvest takes now if nothing happens
    problems: list[str] = field(default_factory=list)

    @property
    def survived(self) -> bool:
        """Whether nothing was wrong after the next run."""
        return not self.problems


def calibrate(world: World) -> float:
    """Harvest in peace, first all that is new, then a generation; the seconds of the latter."""
    for _ in range(2):
        jobs = world.send()
        world.begun(jobs)
        begin = time.monotonic()
        if not world.ended(jobs):
            raise RuntimeError("The portals could not be harvested in peace")
        span = time.monotonic() - begin
        if problems := judged(world):
            raise RuntimeError(f"Not well though nothing happened: {problems}")
        world.turn()
    return span


def once(world: World, case: Case, seed: int, span: float) -> Run:
    """Strike a harvest, harvest again, and judge."""
    run = Run(case.name, seed, peace=span)
    dice = Random(f"{case.name} {seed}")
    world.turn()
    case.prepare(world, dice)
    jobs = world.send()
    begin = time.monotonic()
    world.begun(jobs)
    run.said = case.strike(world, dice, span)
    run.done_before = world.finished(jobs)
    if not world.ended(jobs):
        run.problems.append(f"{world.finished(jobs)} of {len(jobs)} struck jobs ended in time")
    run.seconds = time.monotonic() - begin
    if run.done_before == len(jobs):
        run.peace = span * _SHORTER  # the blow came too late: the machine has become quicker
    case.mend(world)
    again = world.send()
    if not world.ended(again):
        run.problems.append(f"{world.finished(again)} of {len(again)} later jobs ended in time")
    run.problems += judged(world)
    if run.problems:
        world.mend()  # so that the next run is judged for itself
    if world.workers.dead():
        world.workers.stop()
        world.workers.start(WORKERS)
    return run


def judged(world: World) -> list[str]:
    end = time.monotonic() + _SETTLED
    while (problems := world.problems()) and time.monotonic() < end:
        time.sleep(1)
    return problems
