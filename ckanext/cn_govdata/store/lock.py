"""PostgreSQL advisory locks: who may import a workbook, make tags.

The keys carry `ckan.site_id`, so that two sites in one database cluster do not meet.
"""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

if TYPE_CHECKING:
    from collections.abc import Iterator


class Locked(Exception):  # noqa: N818 - the state of things, not a fault
    """Another process holds the lock."""


@contextmanager
def held(name: str, reason: str) -> Iterator[None]:
    """Hold the lock of a name.

    The lock belongs to a connection of its own, so commits do not end it and the death of the
    process does. Raises `Locked` with the reason, at once, if another process holds it.
    """
    key = _key(name)
    with model.ensure_engine().connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        got = connection.execute(sa.select(sa.func.pg_try_advisory_lock(key))).scalar_one()
        if not got:
            raise Locked(reason)
        try:
            yield
        finally:
            connection.execute(sa.select(sa.func.pg_advisory_unlock(key)))


def until_commit(name: str) -> None:
    """Wait for the lock of a name and hold it until the session's transaction ends."""
    model.Session.execute(sa.select(sa.func.pg_advisory_xact_lock(_key(name))))


def _key(name: str) -> int:
    """The lock's number: 64 bits of a hash of site and name."""
    text = f"cn_govdata:{tk.config['ckan.site_id']}:{name}"
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)
