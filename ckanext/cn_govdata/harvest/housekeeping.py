"""What a worker does beside its jobs: indexing what waits, pruning what is too old."""

from __future__ import annotations

import logging
import threading
import time
from functools import partial
from typing import TYPE_CHECKING

import pysolr
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.store import index_state, outbox, retention
from ckanext.cn_govdata.store.lock import Locked, held

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

_DAY = 24 * 3600.0  # seconds


def index_for(seconds: float) -> Callable[[], None]:
    """A chore: index what waits, sources whose jobs ended or whatever Solr was away for."""
    return partial(_index, seconds)


def _index(seconds: float) -> None:
    until = time.monotonic() + seconds
    try:
        while outbox.drain_batch() and time.monotonic() < until:
            pass
    except pysolr.SolrError as error:
        log.warning("The search index cannot be reached: %s", error)


class IndexComparison:
    """Compares index and database after the start, once a day, and when Solr has been away.

    A Solr that is killed may lose what it acknowledged: with the types of CKAN's own schema it
    cannot read its log of updates again.
    """

    def __init__(self) -> None:
        self._last: float | None = None
        self._away = False

    def begin_if_due(self) -> None:
        """Begin in a thread unless there is no reason to."""
        if not outbox.answers():
            self._away = True
            return
        if not self._away and self._last is not None and time.monotonic() - self._last < _DAY:
            return
        self._away, self._last = False, time.monotonic()
        threading.Thread(target=_compare, name="index-comparison", daemon=True).start()


def _compare() -> None:
    try:
        with held("index-comparison", "another worker compares index and database"):
            mended = index_state.repair(index_state.differences())
        if mended:
            log.warning("The index had lost or kept %d datasets wrongly: mended", mended)
    except (DBAPIError, Locked, pysolr.SolrError) as error:
        log.info("Index and database were not compared: %s", str(error).split("\n")[0])
    finally:
        model.Session.remove()


class DailyPruning:
    """Prunes past harvests once a day, in a thread: it may take long and must hold up nobody."""

    def __init__(self) -> None:
        self._last: float | None = None

    def begin_if_due(self) -> None:
        """Begin unless a day has not passed since the last time."""
        if self._last is not None and time.monotonic() - self._last < _DAY:
            return
        self._last = time.monotonic()
        threading.Thread(target=_prune, name="retention", daemon=True).start()


def _prune() -> None:
    try:
        gone = retention.prune(SOURCE_TYPE, settings.harvest_keep_days())
        log.info("Past harvests were pruned: %s", gone.as_dict())
    except (DBAPIError, Locked) as error:
        log.warning("Past harvests were not pruned: %s", str(error).split("\n")[0])
    finally:
        model.Session.remove()
