"""The writer: a batch of harvested records becomes datasets.

Validated by the site's own schema, written in one transaction, then indexed from the outbox in
one request. What differs from the stored dataset is written and nothing else.
"""

from __future__ import annotations

import gc
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ckan import model
from sqlalchemy.exc import DBAPIError, OperationalError

from ckanext.cn_govdata.crawl import identity
from ckanext.cn_govdata.crawl.messages import Finding, Item, ItemStatus
from ckanext.cn_govdata.schema import site_user
from ckanext.cn_govdata.schema.package import DATASET_TYPE, to_package
from ckanext.cn_govdata.store import (
    batch,
    hooks,
    index_thread,
    outbox,
    ownership,
    records,
    slow,
    target,
    withdrawal,
)
from ckanext.cn_govdata.store.records import Origin
from ckanext.cn_govdata.store.results import BatchResult, Sorted
from ckanext.cn_govdata.store.schemas import site_schema
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

log = logging.getLogger(__name__)

PackageDict = dict[str, Any]


class BatchWriter:
    """Writes the records of one harvest source. Not for use by several threads.

    `owner_org` is the id or name of the organisation that owns the datasets. `slow_because` holds
    the reasons why this site's datasets go through CKAN's actions, one by one; empty otherwise.

    `guard` is called inside the transaction right before every commit that writes datasets. What
    it raises rolls the transaction back and ends the write: no record is blamed for it. On the
    slow path, where CKAN's actions commit, it is called before each action.

    With `index_beside` a thread of the process waits for Solr while the next batch is validated
    and written; `flush` waits for it.
    """

    def __init__(
        self,
        *,
        harvest_source_id: str,
        portal_id: str,
        owner_org: str | None,
        job_id: str | None = None,
        guard: Callable[[], None] | None = None,
        index_beside: bool = False,
    ) -> None:
        self._guard = _Guard(guard)
        self._index = outbox.index_beside if index_beside else outbox.try_index
        self._origin = Origin(harvest_source_id, portal_id, job_id)
        self._owner_org = owner_org
        self._user_name = site_user.user()["name"]
        self._ownership = ownership.Batch(portal_id)
        self.slow_because = hooks.not_honoured(DATASET_TYPE)
        if self.slow_because:
            log.warning("Datasets are written by CKAN's actions: %s", "; ".join(self.slow_because))

    def write(self, items: Sequence[Item]) -> BatchResult:
        """Write a batch; commits. One bad record never costs the others.

        Datasets that Solr cannot take now stay in the outbox for the next `outbox.drain`.
        Raises `sqlalchemy.exc.OperationalError` when the database is gone, and what `guard` raises.
        """
        with _undisturbed():
            return self._write(items)

    def _write(self, items: Sequence[Item]) -> BatchResult:
        todo = Sorted.of(items)
        result = self._write_changed(todo.changed)
        gone = [self._package_id(source_id) for source_id in todo.withdrawn]
        result.withdrawn += withdrawal.withdraw(gone)
        records.touch([(self._package_id(item.source_id), item) for item in todo.same])
        self._commit()
        result.same_record += sum(item.status is ItemStatus.SAME_RECORD for item in todo.same)
        for item in todo.refused:
            result.refuse(item.source_id, Finding("", "", item.reason or ""))
        for item in items:
            result.find(item.findings)
        gone += self._ownership.settle(self._guard)
        self._index(result.touched + gone)
        return result

    def flush(self) -> None:
        """Wait until Solr has answered for everything that was written, or it waits in the outbox."""
        index_thread.wait()

    def close(self) -> None:
        """`flush`, and end what runs beside the writer; nothing is written after it."""
        self.flush()

    def _write_changed(self, items: Sequence[Item]) -> BatchResult:
        """Write by batch; where that fails, by halves down to the record that is to blame."""
        if not items:
            return BatchResult()
        try:
            return self._write_once(items)
        except Exception as error:
            model.Session.rollback()
            if is_lost(error) or error is self._guard.raised:
                raise
            result = BatchResult()
            if len(items) == 1:
                blamed = batch.blame(error)
                source_id = items[0].source_id
                about = {"record": source_id}
                log.warning(
                    "Record %r cannot be written: %s", source_id, blamed.reason, extra=about
                )
                result.refuse(items[0].source_id, blamed)
            else:
                middle = len(items) // 2
                result.add(self._write_changed(items[:middle]))
                result.add(self._write_changed(items[middle:]))
            return result

    def _write_once(self, items: Sequence[Item]) -> BatchResult:
        ceding = self._ownership.ceding(items)
        pairs = [(item, self._package(item)) for item in items]
        owned = [pair for pair in pairs if pair[1]["id"] not in ceding]
        user = model.User.by_name(self._user_name)
        schema = site_schema(DATASET_TYPE)
        if self.slow_because:
            result = slow.write(owned, self._origin, schema, user, self._guard)
        else:
            result = batch.write(owned, self._origin, schema, user)
        if ceding:
            self._cede([(p["id"], item) for item, p in pairs if p["id"] in ceding], ceding)
            result.ceded += len(ceding)
        self._commit()
        return result

    def _cede(self, items: Sequence[tuple[str, Item]], ceding: dict[str, str]) -> None:
        """Note the records whose datasets other portals own."""
        at = now()
        records.cede(items, self._origin, at)
        urls = {key: item.record.url for key, item in items if item.record}
        ownership.cede(ceding, urls, at)

    def _commit(self) -> None:
        try:
            self._guard()
        except BaseException:
            model.Session.rollback()
            raise
        model.Session.commit()

    def _package(self, item: Item) -> PackageDict:
        if item.record is None:
            raise ValueError("A changed item has a record")
        package = to_package(
            item.record.as_dict(),
            owner_org=self._owner_org,
            package_id=self._package_id(item.source_id),
        )
        target.resource_ids(package)
        return package

    def _package_id(self, source_id: str) -> str:
        return identity.package_id(self._origin.portal_id, source_id)


class _Guard:
    """The caller's check before a commit; remembers what it raised, to tell it from a bad record."""

    def __init__(self, check: Callable[[], None] | None) -> None:
        self._check = check
        self.raised: Exception | None = None

    def __call__(self) -> None:
        if self._check is None:
            return
        try:
            self._check()
        except Exception as error:
            self.raised = error
            raise


@contextmanager
def _undisturbed() -> Iterator[None]:
    """No search for cyclic garbage meanwhile.

    A batch makes some million objects and hardly a cycle; among the many that CKAN keeps, one
    search takes as long as the writing of a hundred records.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def is_lost(error: Exception) -> bool:
    """Whether an error says that the database is gone, which no smaller batch would help."""
    if isinstance(error, OperationalError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated
