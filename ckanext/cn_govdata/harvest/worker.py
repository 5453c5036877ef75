"""A worker: reads many portals at once and writes what they give with one writer.

Any number of workers on any number of machines share the queue. Threads ask the portals and touch
no database; this thread alone writes. What a worker has begun and cannot end, another continues.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.crawl.client import Client
from ckanext.cn_govdata.harvest import database, housekeeping, jobs, logs, pacing, queueing
from ckanext.cn_govdata.harvest.heartbeat import Heartbeat
from ckanext.cn_govdata.harvest.intake import Batch, Closed, Intake
from ckanext.cn_govdata.harvest.run import FIRST_BATCH
from ckanext.cn_govdata.harvest.runner import Job, index_what_waits
from ckanext.cn_govdata.portals.source import ConfigError
from ckanext.cn_govdata.store import leases, queue, workers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ckanext.cn_govdata.crawl.messages import Item, Request, Response
    from ckanext.cn_govdata.store.queue import Taken

log = logging.getLogger(__name__)

MANUAL_SLOTS = 8  # portals beyond the night's number for what people start
MOST_ATTEMPTS = 5  # of a job over which workers die
_BATCHES_IN_MEMORY = 2
_PATIENCE = 10.0  # seconds until what a slow portal gave is written
_LOOK = 0.5  # seconds between two looks at the queue
_CARE = 5.0  # seconds between two rounds of housekeeping


@dataclass(slots=True)
class _Running:
    """A job of this worker; `remaps` until its stored records are mapped by today's mapping."""

    job: Job
    taken: Taken
    remaps: Iterator[list[Item]] = field(default_factory=lambda: iter(()))
    is_read: bool = False  # a thread reads its portal


class Worker:
    """One process's share of the harvest. `work` in the main thread, `stop` from anywhere."""

    def __init__(self, portals: int | None = None) -> None:
        self.portals = portals or settings.harvest_portals_at_once()
        self._seconds = settings.harvest_lease_seconds()
        size = settings.harvest_batch_size()
        self._intake = Intake(
            batch_size=size,
            first_batch=FIRST_BATCH,
            capacity=_BATCHES_IN_MEMORY * max(size, FIRST_BATCH),
            patience=_PATIENCE,
        )
        self._running: dict[str, _Running] = {}
        self._preparing: deque[str] = deque()
        self._at_hand: Batch | None = None  # taken from the intake, not written yet
        self._numbers: Counter[str] = Counter()
        self._stopping = threading.Event()
        self._heart = Heartbeat(self._seconds, self.numbers)
        self._looked = self._cared = 0.0
        self._pacer = pacing.pacer()
        self._chores = (
            queueing.tidy,
            housekeeping.index_for(_CARE),
            housekeeping.IndexComparison().begin_if_due,
            housekeeping.DailyPruning().begin_if_due,
        )

    def numbers(self) -> dict[str, Any]:
        """What this worker has done since its start, and what it does now."""
        return {
            **{name: self._numbers[name] for name in ("jobs_done", "jobs_failed", "written")},
            "requests": self._numbers["requests"],
            "unchanged": self._numbers["unchanged"],
            "slots": self.portals,
            "running": len(self._running),
            "buffered": len(self._intake),
        }

    def stop(self) -> None:
        """Finish the batch at hand, hand back what is not done, and end."""
        self._stopping.set()

    def work(self, *, once: bool = False) -> None:
        """Take jobs and do them until `stop`, or, with `once`, until none can be taken."""
        self._heart.start()
        log.info("Worker %s reads up to %d portals at once", leases.holder_name(), self.portals)
        try:
            while not self._stopping.is_set():
                database.survive(self._hire, self._stopping)
                busy = self._prepare_next()
                batch = self._intake.get(0 if busy else _LOOK)
                if batch is not None:
                    self._write(batch)
                self._care()
                if once and not self._running and not database.survive(self._hire, self._stopping):
                    break
        except database.Stopped:
            log.warning("The database is away: jobs are left to others")
        finally:
            self._hand_back()
            self._heart.stop()
            workers.leave()

    def _hire(self) -> bool:
        """Begin as many jobs as there are portals to spare; whether there was one."""
        found = False
        if self._running and time.monotonic() - self._looked < _LOOK:
            return found
        self._looked = time.monotonic()
        leases.end_dead()
        while len(self._running) < self.portals + MANUAL_SLOTS and not self._stopping.is_set():
            manual_only = len(self._running) >= self.portals
            taken = queue.take(self._seconds, manual_only=manual_only)
            if taken is None:
                break
            found = True
            self._begin(taken)
        return found

    def _begin(self, taken: Taken) -> None:
        if not jobs.start(taken.job_id):
            queue.remove(taken.job_id)
            leases.release(taken.lease)
            return
        running = _Running(Job(taken.job_id), taken)
        self._running[taken.job_id] = running
        self._heart.watch(taken.job_id, taken.lease)
        if taken.attempt > MOST_ATTEMPTS:
            self._end(taken.job_id, jobs.deadly(MOST_ATTEMPTS))
        else:
            self._surely(taken.job_id, partial(self._make_ready, running))

    def _make_ready(self, running: _Running) -> None:
        running.job.begin(running.taken.lease)
        running.remaps = running.job.run.remaps()
        self._preparing.append(running.taken.job_id)

    def _prepare_next(self) -> bool:
        """Map one batch of stored records again, of the job whose turn it is; whether any."""
        while self._preparing:
            job_id = self._preparing.popleft()
            if job_id in self._running:
                self._surely(job_id, partial(self._prepare, job_id))
                return True
        return False

    def _prepare(self, job_id: str) -> None:
        running = self._running[job_id]
        batch = next(running.remaps, None)
        if batch is not None:
            running.job.run.take_remapped(batch)
            self._preparing.append(job_id)
            return
        running.job.run.open()
        model.Session.rollback()
        self._intake.open(job_id)
        running.is_read = True
        threading.Thread(target=self._read, args=(running.job,), daemon=True).start()

    def _read(self, job: Job) -> None:
        """Read a portal in a thread of its own."""
        error = None
        try:
            with (
                logs.about(source=job.report.portal_id, job=job.job_id),
                Client(job.client_settings, pacer=self._pacer) as client,
            ):
                try:
                    for thing in job.run.items(self._while_wanted(job, client.fetch)):
                        self._intake.put(job.job_id, thing)
                finally:
                    job.report.warnings = list(client.warnings)
        except Closed:
            return
        except Exception as failure:
            log.exception("Reading %s failed", job.report.portal_id)
            error = f"{type(failure).__name__}: {failure}"
        self._intake.end(job.job_id, error)

    def _while_wanted(
        self, job: Job, fetch: Callable[[Request], Response]
    ) -> Callable[[Request], Response]:
        def asked(request: Request) -> Response:
            if not self._intake.is_open(job.job_id):
                raise Closed
            return fetch(request)

        return asked

    def _write(self, batch: Batch) -> None:
        job_id = str(batch.key)
        running = self._running.get(job_id)
        if running is None:
            self._intake.drain(batch.key)
            return
        run = running.job.run
        before = running.job.report.written
        self._at_hand = batch
        self._surely(job_id, lambda: run.take(batch.things))
        self._at_hand = None
        self._numbers["written"] += running.job.report.written - before
        if job_id in self._running and (batch.ended or run.over):
            self._intake.drain(batch.key)
            self._finish(job_id, batch.error)

    def _finish(self, job_id: str, error: str | None) -> None:
        run = self._running[job_id].job.run
        if error is None:
            self._surely(job_id, run.conclude)
        if job_id in self._running:
            self._end(job_id, error)

    def _surely(self, job_id: str, step: Callable[[], None]) -> None:
        """Do a step of a job; what fails in it ends this job and no other."""
        portal_id = self._running[job_id].job.report.portal_id
        try:
            with logs.about(source=portal_id, job=job_id):
                database.survive(step, self._stopping)
        except leases.LeaseLost:
            self._drop(job_id)
        except database.Stopped:
            raise  # the job is no further: it is handed back, not ended
        except ConfigError as error:
            self._fail(job_id, str(error))
        except Exception as error:
            log.exception("Job %s failed", job_id)
            self._fail(job_id, f"{type(error).__name__}: {error}")

    def _fail(self, job_id: str, error: str) -> None:
        model.Session.rollback()
        self._intake.drain(job_id)
        self._end(job_id, error)

    def _end(self, job_id: str, error: str | None) -> None:
        running = self._running.pop(job_id)
        report = running.job.report
        database.survive(lambda: running.job.end(error), self._stopping)
        self._numbers["jobs_done" if report.went_well else "jobs_failed"] += 1
        self._numbers["unchanged"] += report.unchanged + report.same_record
        self._numbers["requests"] += report.listing.requests
        self._release(running)

    def _release(self, running: _Running) -> None:
        self._heart.forget(running.taken.job_id)
        database.survive(lambda: leases.release(running.taken.lease), self._stopping)

    def _drop(self, job_id: str) -> None:
        """Leave a job to the process that has taken it over."""
        log.warning("Job %s was taken over by another worker", job_id)
        model.Session.rollback()
        self._intake.drain(job_id)
        self._running.pop(job_id, None)
        self._heart.forget(job_id)

    def _care(self) -> None:
        """What is to be done every few seconds."""
        for job_id in self._heart.lost() & set(self._running):
            self._drop(job_id)
        for job_id in self._heart.aborted() & set(self._running):
            self._intake.drain(job_id)
            self._end(job_id, jobs.aborted())
        if time.monotonic() - self._cared < _CARE:
            return
        self._cared = time.monotonic()
        for job_id, running in list(self._running.items()):
            if self._intake.is_open(job_id):
                self._surely(job_id, running.job.run.checkpoint)
        for chore in self._chores:
            database.survive(chore, self._stopping)

    def _hand_back(self) -> None:
        """Write what is in memory and give the jobs back to the queue."""
        for job_id, running in list(self._running.items()):
            things = self._intake.drain(job_id)
            if self._at_hand is not None and self._at_hand.key == job_id:
                things = [*self._at_hand.things, *things]
            try:
                if running.is_read:
                    running.job.run.take(things)
                    running.job.run.checkpoint(now=True)
                    running.job.run.close()
                jobs.hand_back(job_id)
                leases.release(running.taken.lease)
            except (DBAPIError, leases.LeaseLost) as error:
                log.warning("Job %s could not be handed back: %s", job_id, error)
                model.Session.rollback()
            self._running.pop(job_id, None)
            self._heart.forget(job_id)
        with suppress(DBAPIError):
            index_what_waits()
