"""What `cn-govdata crawl --state` remembers between two runs: fingerprints, in a SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl.messages import Fingerprints

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

FORMAT = 2
_WITHOUT_VALIDATOR = 1  # an earlier format, carried over
_TABLE = """
CREATE TABLE IF NOT EXISTS record (
    portal_id TEXT NOT NULL,
    source_id TEXT NOT NULL,
    seen INTEGER NOT NULL,
    list_hash TEXT,
    raw_hash TEXT NOT NULL,
    record_hash TEXT NOT NULL,
    mapping_version TEXT NOT NULL,
    detail_read_on TEXT,
    validator TEXT,
    PRIMARY KEY (portal_id, source_id)
) WITHOUT ROWID
"""
_COLUMNS = "list_hash, raw_hash, record_hash, mapping_version, detail_read_on, validator"


class StateError(ValueError):
    """The file is not a state of ours."""


class State:
    """The remembered records of one portal, as `Known`; one transaction from open to `commit`.

    A run that dies leaves the file as it was, so that nothing is taken for written that was not.
    """

    def __init__(self, path: Path | None, portal_id: str) -> None:
        self._portal_id = portal_id
        self._database = sqlite3.connect(":memory:" if path is None else path, isolation_level=None)
        try:
            self._prepare(path)
        except sqlite3.Error as error:
            self._database.close()
            raise StateError(f"{path}: {error}") from error

    def _prepare(self, path: Path | None) -> None:
        found = self._database.execute("PRAGMA user_version").fetchone()[0]
        tables = self._database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if found not in (FORMAT, _WITHOUT_VALIDATOR) and (found or tables):
            self._database.close()
            raise StateError(f"{path}: not a state of this version of cn-govdata")
        self._database.execute("BEGIN IMMEDIATE")
        self._database.execute(_TABLE)
        if found == _WITHOUT_VALIDATOR:
            self._database.execute("ALTER TABLE record ADD COLUMN validator TEXT")
        self._database.execute(f"PRAGMA user_version = {FORMAT}")
        last = self._one("SELECT max(seen) FROM record WHERE portal_id = ?", self._portal_id)
        self._run = ((last[0] if last else None) or 0) + 1

    def __enter__(self) -> State:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._database.close()

    def get(self, source_id: str) -> Fingerprints | None:
        """Return what is remembered of a record."""
        row = self._one(
            f"SELECT {_COLUMNS} FROM record WHERE portal_id = ? AND source_id = ?",  # noqa: S608
            self._portal_id,
            source_id,
        )
        return Fingerprints(*row) if row else None

    def remember(self, source_id: str, fingerprints: Fingerprints) -> None:
        """Remember a record, seen in this run."""
        self._database.execute(
            f"INSERT OR REPLACE INTO record (portal_id, source_id, seen, {_COLUMNS})"  # noqa: S608
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                self._portal_id,
                source_id,
                self._run,
                fingerprints.list_hash,
                fingerprints.raw_hash,
                fingerprints.record_hash,
                fingerprints.mapping_version,
                fingerprints.detail_read_on,
                fingerprints.validator,
            ),
        )

    def forget(self, source_id: str) -> bool:
        """Forget a record; whether it was known."""
        cursor = self._database.execute(
            "DELETE FROM record WHERE portal_id = ? AND source_id = ?", (self._portal_id, source_id)
        )
        return cursor.rowcount > 0

    def unseen(self) -> Iterator[str]:
        """Yield the ids of remembered records that this run has not seen."""
        with closing(
            self._database.execute(
                "SELECT source_id FROM record WHERE portal_id = ? AND seen <> ? ORDER BY source_id",
                (self._portal_id, self._run),
            )
        ) as cursor:
            ids = [row[0] for row in cursor]
        yield from ids

    def commit(self) -> None:
        """Keep what this run has remembered and forgotten."""
        self._database.execute("COMMIT")

    def _one(self, sql: str, *values: str) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._database.execute(sql, values).fetchone()
        return row
