"""Threads that bring documents to Solr while the next batch is validated.

A batch is committed before its documents come here, and its rows stay in the outbox until Solr has
answered: a thread holds them locked meanwhile, on a connection of its own, as `outbox.index`
does. A dataset that somebody changed after its document was made has another number in the outbox
by then; its document is not sent and its row is left for the next `outbox.drain`. So is everything
when Solr does not answer or the process dies.
"""

from __future__ import annotations

import logging
import os
import threading
from dataclasses import dataclass
from queue import Queue
from typing import TYPE_CHECKING

import pysolr
import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata.store import solr_update
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.documents import Documents
from ckanext.cn_govdata.store.tables import outbox_table as _outbox

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

SENDERS = 2  # requests at a time: Solr works on each with one core
# Milliseconds until a search sees the documents. Each commit makes Solr open its index anew, which
# while thousands come takes it half its time; whoever ends a job commits.
COMMIT_WITHIN = 10_000
WAITING = 4  # lots of documents that wait for Solr; whoever makes more waits, too


@dataclass(frozen=True, slots=True)
class Lot:
    """Documents, and the number in the outbox of each dataset before they were made."""

    made: Documents
    numbers: Mapping[str, int]
    connection: pysolr.Solr
    site_id: str
    errors: list[Exception]  # gets what went wrong, for whoever wants to know


class _Threads:
    """The threads of a process, whoever writes in it; begun when the first lot comes."""

    def __init__(self) -> None:
        self._begin = threading.Lock()
        self._pid = 0
        self._lots: Queue[Lot] = Queue(WAITING)

    def put(self, lot: Lot) -> None:
        with self._begin:
            if self._pid != os.getpid():  # a child process has no threads of its parent
                self._pid, self._lots = os.getpid(), Queue(WAITING)
                for _ in range(SENDERS):
                    threading.Thread(target=self._run, name="cn-govdata-index", daemon=True).start()
        self._lots.put(lot)

    def wait(self) -> None:
        if self._pid == os.getpid():
            self._lots.join()

    def _run(self) -> None:
        lots = self._lots
        while True:
            lot = lots.get()
            try:
                _bring(lot)
            except pysolr.SolrError as error:
                lot.errors.append(error)
                log.warning("%d datasets wait in the outbox: %s", len(lot.made.ids()), error)
            except Exception as error:
                lot.errors.append(error)
                log.exception("%d datasets wait in the outbox", len(lot.made.ids()))
            finally:
                lots.task_done()


_threads = _Threads()


def put(lot: Lot) -> None:
    """Have documents brought to Solr; waits while `WAITING` lots are on their way."""
    _threads.put(lot)


def wait() -> None:
    """Wait until everything that was put has been answered, or left in the outbox."""
    _threads.wait()


def _bring(lot: Lot) -> None:
    statement = (
        sa.select(_outbox.c.object_id, _outbox.c.seq)
        .where(_outbox.c.kind == solr_update.PACKAGE, any_of(_outbox.c.object_id, lot.made.ids()))
        .order_by(_outbox.c.object_id)
        .with_for_update(skip_locked=True)
    )
    with model.ensure_engine().begin() as database:
        rows = database.execute(statement).all()
        ids = {row.object_id for row in rows if lot.numbers[row.object_id] == row.seq}
        if not ids:
            return
        made = Documents(
            add=[each for each in lot.made.add if each["id"] in ids],
            delete=[each for each in lot.made.delete if each in ids],
            failed={key: value for key, value in lot.made.failed.items() if key in ids},
        )
        solr_update.send(made, lot.connection, lot.site_id, COMMIT_WITHIN)
        solr_update.clear(database.execute, ids, made.failed)
