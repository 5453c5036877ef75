"""`make survival`: kills workers and servers at random instants, and writes docs/survival.md."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

# Before anything of the stack is imported: servers of our own, beside those of this copy.
os.environ.setdefault("CN_GOVDATA_STACK", "survival")
os.environ["PGOPTIONS"] = "-csynchronous_commit=on"

from tests.faults.survival import cases, runs, world
from tests.portals.fleet import control
from tools.stack import debian, solr
from tools.stack import servers as stack
from tools.stack.paths import INSTANCE, LOG, PROJECT, TEST_INI
from tools.stack.state import State, locked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .cases import Case
    from .runs import Run

PAGE = PROJECT / "docs" / "survival.md"
LATENCY = 0.01  # seconds of each answer, so that a harvest lasts and blows fall into it
FAKETIME = debian.Need("libfaketime", lambda: _faketime() is not None, ("libfaketime",))


def main() -> int:
    """Run all cases and write the page; 1 if something did not survive."""
    options = _arguments()
    logging.disable(logging.ERROR)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started ends too
    with locked(), tempfile.TemporaryDirectory() as folder:
        try:
            found = _harvested(options, Path(folder))
        finally:
            stack.stop()
    print(_table(found))
    return 0 if all(run.survived for run in found) else 1


def _harvested(options: argparse.Namespace, folder: Path) -> list[Run]:
    _servers()
    ini = world.configuration(folder, TEST_INI)
    _tables(ini)
    fleet = control.running(world.PORTALS, world.RECORDS, folder, world.TURNOVER)
    with fleet as portals, _app(ini):
        portals.slow(LATENCY)
        workers = world.Workers(ini, LOG / "survival-workers.log")
        try:
            return _all(options, world.World(portals, workers), folder)
        finally:
            workers.stop()


def _all(options: argparse.Namespace, place: world.World, folder: Path) -> list[Run]:
    place.found()
    place.workers.start(cases.WORKERS)
    span = runs.calibrate(place)
    print(f"A harvest in peace takes {span:.1f} s", flush=True)
    found: list[Run] = []
    skipped: dict[str, str] = {}
    chosen = [case for case in cases.ordinary() if _wanted(options, case.name)]
    if _wanted(options, "clock"):
        chosen.append(_clock(folder))
    # In turn, so that no case meets only a young or an old catalogue.
    for number in range(options.runs or max((case.runs for case in chosen), default=0)):
        for case in chosen:
            if number < (options.runs or case.runs):
                span = _run(options.seed + number, place, case, span, found)
                _write(found, skipped, options)
    if _wanted(options, "disk"):
        disk = cases.Disk(solr.TEST)
        reason = disk.mount()
        if reason:
            skipped["disk"] = reason
        else:
            case = cases.Case("disk", "disk of the index full", 4, disk.fill, mend=disk.mend)
            try:
                for number in range(options.runs or case.runs):
                    span = _run(options.seed + number, place, case, span, found)
            finally:
                disk.unmount()
        _write(found, skipped, options)
    return found


def _write(found: list[Run], skipped: dict[str, str], options: argparse.Namespace) -> None:
    """Write the page as far as the runs are done, unless only some were asked for."""
    if options.cases is None:
        PAGE.write_text(_page(found, skipped), encoding="utf-8")


def _run(seed: int, place: world.World, case: Case, span: float, found: list[Run]) -> float:
    """Do one run; how long a harvest in peace takes by what was seen of it."""
    run = runs.once(place, case, seed, span)
    found.append(run)
    verdict = "survived" if run.survived else f"FAILED: {run.problems}"
    print(
        f"{time.strftime('%H:%M:%S')} {case.name} seed {run.seed}: {run.said}; "
        f"{run.done_before} jobs done then; ended after {run.seconds:.1f} s; {verdict}",
        flush=True,
    )
    return run.peace


def _wanted(options: argparse.Namespace, name: str) -> bool:
    return options.cases is None or name in options.cases.split(",")


def _clock(folder: Path) -> Case:
    debian.ensure((FAKETIME,))
    library = _faketime()
    if library is None:
        raise RuntimeError("libfaketime is not there")
    clock = cases.Clock(library, folder / "clock")
    return cases.Case("clock", "the workers' clock jumps", 6, clock.jump, clock.prepare, clock.mend)


def _faketime() -> Path | None:
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


def _servers() -> None:
    state = State()
    INSTANCE.mkdir(parents=True, exist_ok=True)
    stack.up(state)
    os.environ.update(stack.test_addresses(state))


def _tables(ini: Path) -> None:
    """Empty database, index and queues."""
    program = Path(sys.executable).with_name("ckan")
    for command in (
        ("db", "clean", "--yes"),
        ("db", "init"),
        ("db", "pending-migrations", "--apply"),
        ("search-index", "clear"),
    ):
        done = subprocess.run(
            [program, "-c", ini, *command], check=False, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise RuntimeError(f"ckan {' '.join(command)}: {done.stderr[-2000:]}")


def _app(ini: Path):
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    return make_app(load_config(str(ini)))._wsgi_app.test_request_context()


def _table(found: Sequence[Run]) -> str:
    lines = [
        "| what strikes | runs | survived | jobs ended after, median | at most |",
        "|---|---|---|---|---|",
    ]
    by_case: dict[str, list[Run]] = {}
    for run in found:
        by_case.setdefault(run.case, []).append(run)
    named = {case.name: case.what for case in cases.ordinary()}
    named |= {"clock": "the workers' clock jumps", "disk": "the index's disk is full"}
    for name, each in by_case.items():
        seconds = [run.seconds for run in each]
        lines.append(
            f"| {named[name]} | {len(each)} | {sum(run.survived for run in each)} "
            f"| {statistics.median(seconds):.1f} s | {max(seconds):.1f} s |"
        )
    lines.append(f"| all | {len(found)} | {sum(run.survived for run in found)} | | |")
    return "\n".join(lines)


def _page(found: list[Run], skipped: dict[str, str]) -> str:
    lines = [_HEAD.format(portals=world.PORTALS, records=world.RECORDS, lease=world.LEASE_SECONDS)]
    lines += [_table(found), ""]
    lines += [f"Not run here: {name} ({reason})." for name, reason in skipped.items()]
    lines += [
        "",
        "## Every run",
        "",
        "| case | seed | when and how | jobs done then | result |",
        "|---|---|---|---|---|",
    ]
    for run in found:
        result = "survived" if run.survived else "; ".join(run.problems)
        lines.append(f"| {run.case} | {run.seed} | {run.said} | {run.done_before} | {result} |")
    return "\n".join(lines) + "\n"


_HEAD = """# What a harvest survives

Written by `make survival`, never by hand. {portals} replay portals with {records} records in all
are harvested by two worker processes; before each run 40 % of the records change, 3 % are added and
2 % removed, and every answer takes 10 ms, so that blows fall into reading and writing alike. Leases
last {lease} seconds and a batch has 20 records. PostgreSQL, Solr and Redis are real, private
servers that commit to disk. The blow falls at an instant drawn from the seed; servers come back
after 0.1 to 4 seconds. Then the same sources are harvested once more, in peace.

A run counts as survived if after that

- every record that the portals show is an active dataset, once, with the content of today, and has
  one current harvest object,
- no dataset is withdrawn whose record the portal shows, and none is there that no portal ever showed,
- `index check` finds no difference, and nothing waits for the index or was refused by it,
- every job has ended in time, well or with a reason, and no queue holds one,
- no worker ended that was not killed.

`make survival ARGS='--cases worker,solr --runs 3 --seed 7'` repeats chosen ones, without writing
this page.

"""


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.survival", description=__doc__)
    parser.add_argument("--cases", help="names, comma separated; default all")
    parser.add_argument("--runs", type=int, help="of each case; default as many as the page has")
    parser.add_argument("--seed", type=int, default=1, help="of the first run of each case")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
