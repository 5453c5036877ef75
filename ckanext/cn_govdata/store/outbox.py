"""The outbox of the search index: which datasets changed in the database since it saw them.

Triggers put a row here for every change, in the transaction of the change. Indexing takes rows
with their locks held until Solr has answered, so a second process passes over them, a writer of
the same dataset waits, and a process that dies leaves the rows for the next.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import pysolr
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection

from ckanext.cn_govdata.store import documents, index_thread, solr_update
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.solr_update import GROUP, PACKAGE
from ckanext.cn_govdata.store.tables import outbox_table as _outbox
from ckanext.cn_govdata.store.tables import record_table as _record

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

log = logging.getLogger(__name__)

BATCH = 500
LOT = 125  # documents a request, where requests overlap with the making of documents
_WAITS = (_outbox.c.kind == PACKAGE, _outbox.c.failure.is_(None))


def exists() -> bool:
    """Whether the table is there: a site may not have migrated yet."""
    found = sa.func.to_regclass(_outbox.name).is_not(None)
    return bool(model.Session.execute(sa.select(found)).scalar())


def pending() -> int:
    """The number of datasets whose document is older than their row."""
    return model.Session.execute(sa.select(sa.func.count()).where(*_WAITS)).scalar_one()


def left(portal_id: str) -> int:
    """The number of a portal's datasets that are pending and that no process is indexing now."""
    waiting = (
        sa.select(_outbox.c.object_id)
        .where(*_WAITS, _outbox.c.object_id == _record.c.package_id)
        .where(_record.c.portal_id == portal_id)
        .with_for_update(of=_outbox, skip_locked=True)
        .subquery()
    )
    with model.ensure_engine().begin() as database:
        return database.execute(sa.select(sa.func.count()).select_from(waiting)).scalar_one()


def failures() -> dict[str, str]:
    """Datasets that Solr refused, with its words. They are tried again when they change."""
    statement = sa.select(_outbox.c.object_id, _outbox.c.failure).where(
        _outbox.c.kind == PACKAGE, _outbox.c.failure.is_not(None)
    )
    return {row.object_id: row.failure for row in model.Session.execute(statement)}


def enqueue(ids: Iterable[str]) -> None:
    """Have datasets indexed again although their rows did not change; does not commit."""
    rows = sa.select(
        sa.literal(PACKAGE),
        sa.func.unnest(sa.cast(sa.literal(list(ids), _TEXTS), _TEXTS)),
    )
    model.Session.execute(_put(rows))


def index(ids: Iterable[str]) -> int:
    """Index those of these datasets that wait in the outbox, in one request; the number.

    Commits. Rows that another process is indexing are left to it.
    Raises `pysolr.SolrError` when Solr cannot be reached; the rows then wait for the next time.
    """
    statement = (
        sa.select(_outbox.c.object_id)
        .where(_outbox.c.kind == PACKAGE, any_of(_outbox.c.object_id, ids))
        .order_by(_outbox.c.object_id)
        .with_for_update(skip_locked=True)
    )
    return _index_locked(statement)


def try_index(ids: Collection[str]) -> None:
    """`index`, except that a Solr that cannot be reached is only logged: the rows wait."""
    if not ids:
        return
    try:
        index(ids)
    except pysolr.SolrError as error:
        log.warning("%d datasets wait in the outbox: %s", len(ids), error)


def index_beside(ids: Collection[str], errors: list[Exception] | None = None) -> None:
    """Have those of these datasets that wait in the outbox indexed by the thread of `beside`.

    Returns when their documents are made; `index_thread.wait` waits for Solr's answers. What goes
    wrong is logged and added to `errors`, and the rows wait. Commits.
    """
    told = [] if errors is None else errors
    # The numbers are read before the rows: a row that is changed in between has another one.
    numbers = _numbers(ids)
    if numbers:
        site_id = tk.config["ckan.site_id"]
        for made in documents.lots(numbers, LOT):
            index_thread.put(index_thread.Lot(made, numbers, make_connection(), site_id, told))
    model.Session.commit()


def drain() -> int:
    """Index everything that waits; the number of datasets. Commits after each batch.

    Raises `pysolr.SolrError` when Solr cannot be reached.
    """
    total = 0
    while done := drain_batch():
        total += done
    return total


def drain_batch() -> int:
    """Index one batch of what waits longest; the number of datasets. Commits.

    Raises `pysolr.SolrError` when Solr cannot be reached.
    """
    _spread_groups()
    statement = (
        sa.select(_outbox.c.object_id)
        .where(_outbox.c.kind == PACKAGE, _outbox.c.failure.is_(None))
        .order_by(_outbox.c.seq)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    return _index_locked(statement)


def commit() -> None:
    """Make everything that was sent visible to searches now."""
    make_connection().commit(waitSearcher=True)


def answers() -> bool:
    """Whether Solr answers now."""
    try:
        make_connection().search("*:*", rows=0)
    except pysolr.SolrError:
        return False
    return True


def try_commit() -> None:
    """`commit`, except that a Solr that cannot be reached is only logged."""
    try:
        commit()
    except pysolr.SolrError as error:
        log.warning("Searches do not see the last changes yet: %s", error)


_TEXTS = sa.dialects.postgresql.ARRAY(sa.UnicodeText)


def _numbers(ids: Iterable[str]) -> dict[str, int]:
    """The numbers of these datasets in the outbox, of those that are in it."""
    statement = sa.select(_outbox.c.object_id, _outbox.c.seq).where(
        _outbox.c.kind == PACKAGE, any_of(_outbox.c.object_id, ids)
    )
    return {row.object_id: row.seq for row in model.Session.execute(statement)}


def _put(rows: sa.sql.Select) -> sa.sql.Insert:
    statement = sa.dialects.postgresql.insert(_outbox).from_select(
        ["kind", "object_id"], rows, include_defaults=False
    )
    return statement.on_conflict_do_update(
        index_elements=["kind", "object_id"], set_={"seq": sa.text("DEFAULT"), "failure": None}
    )


def _index_locked(statement: sa.sql.Select) -> int:
    try:
        ids = model.Session.execute(statement).scalars().all()
        if ids:
            made = documents.build(ids)
            solr_update.send(made, make_connection(), tk.config["ckan.site_id"])
            solr_update.clear(model.Session.execute, ids, made.failed)
        model.Session.commit()
    except BaseException:
        model.Session.rollback()
        raise
    return len(ids)


def _spread_groups() -> None:
    """A changed group or organisation changes the documents of all its datasets."""
    groups = sa.select(_outbox.c.object_id).where(_outbox.c.kind == GROUP)
    changed = model.Session.execute(groups.with_for_update(skip_locked=True)).scalars().all()
    if changed:
        package, member = model.package_table, model.member_table
        owned = sa.select(sa.literal(PACKAGE), package.c.id).where(
            any_of(package.c.owner_org, changed)
        )
        joined = sa.select(sa.literal(PACKAGE), member.c.table_id).where(
            any_of(member.c.group_id, changed),
            member.c.table_name == "package",
            member.c.state == "active",
        )
        model.Session.execute(_put(owned.union(joined)))
        model.Session.execute(
            sa.delete(_outbox).where(_outbox.c.kind == GROUP, any_of(_outbox.c.object_id, changed))
        )
    model.Session.commit()
