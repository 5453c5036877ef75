"""A small nation under harvest: portals, workers, and what must be true after every run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tests.portals.fleet import layout
from tests.portals.fleet.stock import Turnover, revision

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.portals.fleet.control import Control
    from tests.portals.fleet.stock import Stock

PORTALS, RECORDS = 6, 360
# Of every generation, so that each run has much to write and something to withdraw.
TURNOVER = Turnover(changed=0.4, added=0.03, removed=0.02)
LEASE_SECONDS = 5
SETTINGS = {"rate": 0, "concurrency": 2, "withdraw_after_days": 0}
_OPTIONS = f"""
ckanext.cn_govdata.harvest.batch_size = 20
ckanext.cn_govdata.harvest.lease_seconds = {LEASE_SECONDS}
ckanext.cn_govdata.http.connect_timeout = 3
ckanext.cn_govdata.http.read_timeout = 5
"""
_POLL = 0.05
_WORKER = ("cn-govdata", "harvest", "worker")


def configuration(directory: Path, base: Path) -> Path:
    """Write a configuration over another: small batches and short leases, for many deaths."""
    path = directory / "survival.ini"
    path.write_text(f"[app:main]\nuse = config:{base.resolve()}\n{_OPTIONS}", encoding="utf-8")
    return path


@dataclass
class Workers:
    """Worker processes of this machine."""

    ini: Path
    log: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, number: int = 1, environment: Mapping[str, str] | None = None) -> None:
        """Start workers."""
        for _ in range(number):
            self.processes.append(self.command(*_WORKER, environment=environment))

    def command(
        self, *arguments: str, environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a command of CKAN's; what it says goes to the log."""
        program = Path(sys.executable).with_name("ckan")
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [program, "-c", self.ini, *arguments],
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(environment or {})},
            )

    def kill(self, number: int, how: signal.Signals = signal.SIGKILL) -> None:
        """End the oldest workers."""
        for process in self.processes[:number]:
            process.send_signal(how)
        for process in self.processes[:number]:
            process.wait()
        del self.processes[:number]

    def stop(self) -> None:
        """End all of them."""
        self.kill(len(self.processes))

    def dead(self) -> int:
        """How many have ended that nobody ended."""
        return sum(process.poll() is not None for process in self.processes)


class World:
    """Portals with their sources in a CKAN of this process, and what is expected of them."""

    def __init__(
        self, fleet: Control, workers: Workers, *, portals: int = PORTALS, records: int = RECORDS
    ) -> None:
        self.fleet = fleet
        self.workers = workers
        self.generation = 0
        laid_out = layout.portals(portals, records)
        self._stocks: dict[str, Stock] = {
            portal.portal_id: portal.stock(TURNOVER) for portal in laid_out
        }
        self._ever: dict[str, set[str]] = {name: set() for name in self._stocks}
        self.names: list[str] = []
        self.rivals: list[subprocess.Popen[bytes]] = []
        self._expect()

    def found(self) -> None:
        """Make the sources."""
        from ckanext.cn_govdata.harvest import source_list
        from ckanext.cn_govdata.schema import themes

        themes.ensure()
        self.names = source_list.create(self.fleet.entries, SETTINGS)

    def turn(self) -> None:
        """Change the portals: they are of the next generation."""
        self.generation += 1
        self.fleet.turn(self.generation)
        self._expect()

    def _expect(self) -> None:
        for name, stock in self._stocks.items():
            stock.turn(self.generation)
            self._ever[name].update(stock.ids())

    def send(self) -> list[str]:
        """Start a job of every source; the ids of the jobs."""
        from ckan.plugins import toolkit as tk

        from ckanext.cn_govdata.schema.site_user import as_site_user
        from ckanext.cn_govdata.store import sources

        fresh()
        found = sources.find(self.names)
        create = tk.get_action("harvest_job_create")
        return [
            create(as_site_user(), {"source_id": found[name][0].id})["id"] for name in self.names
        ]

    def begun(self, jobs: Sequence[str], seconds: float = 240) -> None:
        """Wait until a worker has begun one of these jobs."""
        wait_for(lambda: any(row.gather_started for row in self._jobs(jobs)), seconds)

    def ended(self, jobs: Sequence[str], seconds: float = 180) -> bool:
        """Wait until all of these jobs have ended; whether they have in time."""
        try:
            wait_for(lambda: all(row.status == "Finished" for row in self._jobs(jobs)), seconds)
        except TimeoutError:
            return False
        return True

    def finished(self, jobs: Sequence[str]) -> int:
        """How many of these jobs have ended."""
        return sum(row.status == "Finished" for row in self._jobs(jobs))

    @staticmethod
    def _jobs(jobs: Sequence[str]) -> list[Any]:
        from ckan import model
        from ckanext.harvest.model import HarvestJob
        from sqlalchemy.exc import DBAPIError

        from ckanext.cn_govdata.store.bulk import any_of

        table = HarvestJob.__table__
        statement = sa.select(table).where(any_of(table.c.id, jobs))
        while True:
            fresh()
            try:
                return list(model.Session.execute(statement).all())
            except DBAPIError:
                time.sleep(_POLL)  # the database is being killed

    def problems(self) -> list[str]:
        """What is not as it must be after a run that nothing disturbed; empty if all is well."""
        fresh()
        return [*self._records(), *_objects(), *_index(), *_jobs_of_old(), *self._dead_workers()]

    def mend(self) -> None:
        """Make index and database agree."""
        from ckanext.cn_govdata.store import index_state

        fresh()
        index_state.repair(index_state.differences())

    def _dead_workers(self) -> list[str]:
        dead = self.workers.dead()
        return [f"{dead} workers ended by themselves"] if dead else []

    def _records(self) -> list[str]:
        """Every record a dataset, once, as the portal shows it today, and none withdrawn."""
        from ckan import model

        from ckanext.cn_govdata.store.tables import record_table

        package = model.package_table
        statement = sa.select(
            record_table.c.portal_id, record_table.c.source_id, package.c.state, package.c.notes
        ).join(package, package.c.id == record_table.c.package_id)
        rows = model.Session.execute(statement).all()
        wrong: Counter[str] = Counter()
        active: Counter[tuple[str, str]] = Counter()
        for portal, source_id, state, notes in rows:
            version = self._stocks[portal].ids_now.get(source_id)
            active[portal, source_id] += state == "active"
            if version is None:
                wrong["never shown by the portal"] += source_id not in self._ever[portal]
            elif state != "active":
                wrong["withdrawn though the portal shows them"] += 1
            elif version and not (notes or "").endswith(revision(version)):
                wrong["not as the portal shows them"] += 1
        wrong["twice"] = sum(number > 1 for number in active.values())
        wrong["missing"] = sum(
            (name, source_id) not in active
            for name, stock in self._stocks.items()
            for source_id in stock.ids_now
        )
        total = sa.select(sa.func.count()).where(
            package.c.type == "dataset", package.c.state == "active"
        )
        wrong["datasets without a record"] = model.Session.execute(total).scalar_one() - sum(
            active.values()
        )
        return [f"{number} records {what}" for what, number in wrong.items() if number]


def _objects() -> list[str]:
    """One current harvest object for each active dataset."""
    from ckan import model
    from ckanext.harvest.model import HarvestObject

    objects, package = HarvestObject.__table__, model.package_table
    statement = (
        sa.select(package.c.id)
        .outerjoin(objects, sa.and_(objects.c.package_id == package.c.id, objects.c.current))
        .where(package.c.type == "dataset", package.c.state == "active")
        .group_by(package.c.id)
        .having(sa.func.count(objects.c.id) != 1)
    )
    number = len(model.Session.execute(statement).all())
    return [f"{number} datasets without one current harvest object"] if number else []


def _index() -> list[str]:
    """The index holds what the database holds, and nothing waits."""
    from ckanext.cn_govdata.store import index_state, outbox

    kinds = Counter(each.kind for each in index_state.differences())
    found = [f"{number} datasets {kind} in the index" for kind, number in kinds.items()]
    if waiting := outbox.pending():
        found.append(f"{waiting} datasets wait for the index")
    if refused := outbox.failures():
        found.append(f"{len(refused)} datasets refused by the index")
    return found


def _jobs_of_old() -> list[str]:
    """All jobs have ended, and those that did not end well say why."""
    from ckan import model
    from ckanext.harvest.model import HarvestGatherError, HarvestJob

    from ckanext.cn_govdata.store import queue
    from ckanext.cn_govdata.store.tables import job_table

    job, error = HarvestJob.__table__, HarvestGatherError.__table__
    found = []
    running = sa.select(sa.func.count()).where(job.c.status != "Finished")
    if number := model.Session.execute(running).scalar_one():
        found.append(f"{number} jobs have not ended")
    told = sa.select(error.c.harvest_job_id).distinct()
    known = sa.select(job_table.c.harvest_job_id).where(
        sa.or_(
            job_table.c.outcome.in_(("complete", "partial", "empty")),
            job_table.c.reason.is_not(None),
        )
    )
    silent = sa.select(sa.func.count()).where(
        job.c.status == "Finished", job.c.id.not_in(told), job.c.id.not_in(known)
    )
    if number := model.Session.execute(silent).scalar_one():
        found.append(f"{number} jobs ended without a word")
    if number := queue.length():
        found.append(f"{number} jobs are left in the queue")
    return found


def fresh() -> None:
    """Forget what this process's session holds, and connections that a killed server left."""
    from ckan import model
    from sqlalchemy.exc import DBAPIError

    try:
        model.Session.rollback()
        model.Session.execute(sa.select(1))
    except DBAPIError:
        model.Session.remove()
        model.ensure_engine().dispose()


def wait_for(condition: Any, seconds: float) -> None:
    """Wait until something is so. Raises `TimeoutError`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(_POLL)
