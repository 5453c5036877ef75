"""Living through a restart of the database."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, TypeVar

import sqlalchemy as sa
from ckan import model
from sqlalchemy.exc import DBAPIError

from ckanext.cn_govdata.store.writer import is_lost

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable

log = logging.getLogger(__name__)

_T = TypeVar("_T")
_LONGEST_WAIT = 5.0  # seconds between two tries


class Stopped(Exception):  # noqa: N818 - a state of things, not a fault
    """The process was asked to end while the database was away."""


def survive(step: Callable[[], _T], stopping: threading.Event) -> _T:
    """Do a step that can be repeated; as often as the database goes away in it.

    Raises `Stopped` when the process is asked to end while the database is away.
    """
    while True:
        try:
            return step()
        except DBAPIError as error:
            model.Session.remove()
            if not is_lost(error):
                raise
            log.warning("The database is away: %s", str(error).split("\n")[0])
            _wait(stopping)


def _wait(stopping: threading.Event) -> None:
    pause = 0.2
    while not _answers():
        if stopping.wait(pause):
            raise Stopped
        pause = min(pause * 2, _LONGEST_WAIT)
    log.warning("The database is back")


def _answers() -> bool:
    try:
        model.Session.execute(sa.select(1))
        model.Session.rollback()
    except DBAPIError:
        model.Session.remove()
        return False
    return True
