"""Leases: which process may harvest a portal now, on whatever machine it runs.

A lease is a row with a token that grows with every taking. Its holder prolongs it while it lives;
where it died, another takes it over: at once if the dead process was one of this machine, else when
its seconds are over. Every write of records holds the row under its token until its commit, so a
holder that only seemed dead cannot write after another has begun.
"""

from __future__ import annotations

import os
import platform
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError

from ckanext.cn_govdata.store.lock import Locked
from ckanext.cn_govdata.store.tables import lease_table as _lease
from ckanext.cn_govdata.store.tables import lease_token

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

# A lease is prolonged so many times before it would run out.
BEATS = 4


class LeaseLost(Exception):  # noqa: N818 - a state of things, not a fault
    """Another process has taken the portal over."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to harvest a portal and to write its records."""

    name: str
    token: int


def take(name: str, host: str, seconds: float) -> Lease | None:
    """Take the lease of a name for so many seconds; None while another holds it. Commits.

    `host` is the host that its holder will ask.
    """
    row = {
        "name": name,
        "host": host,
        "holder": holder_name(),
        "token": lease_token.next_value(),
        "expires": _from_now(seconds),
    }
    statement = insert(_lease).values(row)
    taken = {key: statement.excluded[key] for key in ("host", "holder", "token", "expires")}
    statement = statement.on_conflict_do_update(
        index_elements=["name"], set_=taken, where=_lease.c.expires <= sa.func.clock_timestamp()
    ).returning(_lease.c.token)
    token = model.Session.execute(statement).scalar()
    model.Session.commit()
    return None if token is None else Lease(name, token)


def renew(leases: Collection[Lease], seconds: float) -> set[Lease]:
    """Prolong leases; those that are still held. On a connection of its own: for a heartbeat."""
    if not leases:
        return set()
    statement = (
        sa.update(_lease)
        .where(_is_one_of(leases))
        .values(expires=_from_now(seconds))
        .returning(_lease.c.name, _lease.c.token)
    )
    with model.ensure_engine().begin() as connection:
        return {Lease(*row) for row in connection.execute(statement)}


def release(lease: Lease) -> None:
    """Give a lease back, if it is still held. Commits."""
    model.Session.execute(sa.delete(_lease).where(_is_one_of([lease])))
    model.Session.commit()


def check(lease: Lease) -> None:
    """Hold the lease until the transaction ends, so that nobody takes it over before.

    Raises `LeaseLost` when somebody has.
    """
    # A share of the row's key: the heartbeat, which moves no key, does not wait for it.
    statement = (
        sa.select(_lease.c.name)
        .where(_is_one_of([lease]))
        .with_for_update(read=True, key_share=True)
    )
    if model.Session.execute(statement).first() is None:
        raise LeaseLost(lease.name)


def holder_of(name: str) -> str | None:
    """Who holds the lease of a name now."""
    statement = sa.select(_lease.c.holder).where(_lease.c.name == name, is_held())
    return model.Session.execute(statement).scalar()


def is_held() -> sa.sql.ColumnElement:
    """The condition of a lease that has not run out."""
    # Not `now()`: that is when the transaction began.
    return _lease.c.expires > sa.func.clock_timestamp()


def end_dead() -> int:
    """End the leases of processes of this machine that are gone; the number. Commits."""
    statement = sa.select(_lease.c.token, _lease.c.holder).where(
        _lease.c.holder.startswith(_machine() + "|", autoescape=True)
    )
    rows = model.Session.execute(statement).all()
    dead = [row.token for row in rows if not _runs(int(row.holder.rpartition("|")[2]))]
    if dead:
        model.Session.execute(sa.delete(_lease).where(_lease.c.token.in_(dead)))
    model.Session.commit()
    return len(dead)


@contextmanager
def held(name: str, host: str, seconds: float) -> Iterator[Lease]:
    """Hold the lease of a name, prolonged by a thread. Raises `Locked` if another holds it."""
    end_dead()
    lease = take(name, host, seconds)
    if lease is None:
        raise Locked(tk._("Portal {0} is being harvested by another process").format(name))
    over = threading.Event()
    beat = threading.Thread(target=_beat, args=(lease, seconds, over), daemon=True)
    beat.start()
    try:
        yield lease
    finally:
        over.set()
        beat.join()
        model.Session.rollback()
        release(lease)


def holder_name() -> str:
    """How this process signs its leases: machine and process number."""
    return f"{_machine()}|{os.getpid()}"


def _beat(lease: Lease, seconds: float, over: threading.Event) -> None:
    while not over.wait(seconds / BEATS):
        try:
            renew([lease], seconds)
        except DBAPIError:
            continue  # the database is away, for everybody


@cache
def _machine() -> str:
    """Name the machine since its start, and its set of process numbers: containers have their own."""
    boot = Path("/proc/sys/kernel/random/boot_id")
    started = boot.read_text(encoding="ascii").strip() if boot.exists() else ""
    try:
        numbers = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        numbers = ""
    return f"{platform.node()}|{started}|{numbers}"


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _is_one_of(leases: Iterable[Lease]) -> sa.sql.ColumnElement:
    pairs = [(lease.name, lease.token) for lease in leases]
    return sa.tuple_(_lease.c.name, _lease.c.token).in_(pairs)


def _from_now(seconds: float) -> sa.sql.ColumnElement:
    return sa.func.clock_timestamp() + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
