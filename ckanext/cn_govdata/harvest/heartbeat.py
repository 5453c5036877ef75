"""The sign of life of a worker: prolongs its leases and notices what others decide meanwhile."""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestJob
from sqlalchemy.exc import DBAPIError

from ckanext.cn_govdata.harvest.jobs import RUNNING
from ckanext.cn_govdata.store import leases, workers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ckanext.cn_govdata.store.leases import Lease

log = logging.getLogger(__name__)

SECONDS = 2.0
_job: sa.Table = HarvestJob.__table__


class Heartbeat:
    """A thread that beats until `stop`, on a connection of its own.

    `numbers` gives what the worker has done so far.
    """

    def __init__(self, lease_seconds: float, numbers: Callable[[], Mapping[str, Any]]) -> None:
        self._lease_seconds = lease_seconds
        self._numbers = numbers
        self._leases: dict[str, Lease] = {}
        self._aborted: set[str] = set()
        self._lost: set[str] = set()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._renewed = 0.0
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin to beat."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread."""
        self._over.set()
        self._thread.join()

    def watch(self, job_id: str, lease: Lease) -> None:
        """Prolong a lease from now on, and see whether its job goes on."""
        with self._lock:
            self._leases[job_id] = lease

    def forget(self, job_id: str) -> None:
        """Leave a job's lease alone."""
        with self._lock:
            self._leases.pop(job_id, None)
            self._aborted.discard(job_id)
            self._lost.discard(job_id)

    def aborted(self) -> set[str]:
        """Jobs that somebody has ended."""
        with self._lock:
            return set(self._aborted)

    def lost(self) -> set[str]:
        """Jobs whose lease another process has taken over."""
        with self._lock:
            return set(self._lost)

    def _run(self) -> None:
        while True:
            try:
                self._beat()
            except DBAPIError as error:
                log.warning("The worker cannot say that it lives: %s", str(error).split("\n")[0])
            if self._over.wait(SECONDS):
                return

    def _beat(self) -> None:
        with self._lock:
            watched = dict(self._leases)
        with model.ensure_engine().begin() as connection:
            workers.beat(connection, self._numbers())
            going_on = sa.select(_job.c.id).where(
                _job.c.id.in_(list(watched)), _job.c.status == RUNNING
            )
            running = set(connection.execute(going_on).scalars())
        held = None
        if time.monotonic() - self._renewed >= self._lease_seconds / leases.BEATS:
            held = leases.renew(watched.values(), self._lease_seconds)
            self._renewed = time.monotonic()
        with self._lock:
            for job_id, lease in watched.items():
                if self._leases.get(job_id) != lease:
                    continue
                if job_id not in running:
                    self._aborted.add(job_id)
                if held is not None and lease not in held:
                    self._lost.add(job_id)
