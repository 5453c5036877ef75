"""Whether the search index holds what the database holds, and how to mend it.

Both are read as streams in the order of the ids and merged, so memory stays flat whatever the
size of the site. What differs is put into the outbox, from where every document is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.search.common import make_connection

from ckanext.cn_govdata.store import index_thread, outbox

if TYPE_CHECKING:
    from collections.abc import Iterable

LACKING = "lacking"  # the index has no document of the dataset
STALE = "stale"  # the document is of another moment than the row
LEFT_OVER = "left over"  # the dataset is deleted or gone, its document is still there

_PAGE = 5_000
# Solr keeps milliseconds, PostgreSQL microseconds.
_MILLISECOND = 1_000

Entry = tuple[str, datetime]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A dataset whose row and document do not agree, and how: one of the three words above."""

    package_id: str
    kind: str


def differences() -> Iterator[Difference]:
    """Every dataset that the index lacks, has of another moment, or has though it is gone.

    Compared by id and `metadata_modified`. A dataset that waits in the outbox is among them.
    Raises `pysolr.SolrError` when Solr cannot be reached.
    """
    for package_id, row, document in _merged(_rows(), _documents()):
        if row is None:
            yield Difference(package_id, LEFT_OVER)
        elif document is None:
            yield Difference(package_id, LACKING)
        elif row != document:
            yield Difference(package_id, STALE)


def repair(found: Iterable[Difference], progress: Progress = lambda _: None) -> int:
    """Index the datasets that differ; returns how many. Commits after each batch.

    `progress` is told the number of datasets after each batch. Documents are made while Solr takes
    those before. Raises `pysolr.SolrError` when Solr cannot be reached.
    """
    ids = (difference.package_id for difference in found)
    total = 0
    errors: list[Exception] = []
    while not errors and (batch := list(islice(ids, outbox.BATCH))):
        outbox.enqueue(batch)
        model.Session.commit()
        outbox.index_beside(batch, errors)
        total += len(batch)
        progress(total)
    index_thread.wait()
    if errors:
        raise errors[0]
    outbox.commit()
    return total


def rebuild(progress: Progress = lambda _: None) -> int:
    """Index every dataset of the site anew and take out documents of none; returns how many."""
    total = repair((Difference(package_id, STALE) for package_id, _ in _rows()), progress)
    left_over = (each for each in differences() if each.kind == LEFT_OVER)
    return total + repair(left_over)


def count() -> int:
    """The number of datasets that the index should hold."""
    package = model.package_table
    statement = sa.select(sa.func.count()).where(package.c.state != "deleted")
    return model.Session.execute(statement).scalar_one()


def _rows() -> Iterator[Entry]:
    """Id and moment of every dataset, by id. Read page by page: repairs commit in between."""
    package = model.package_table
    # The order of bytes, as Solr sorts, whatever the collation of the database.
    in_order = sa.collate(package.c.id, "C")
    page = (
        sa.select(package.c.id, package.c.metadata_modified)
        .where(package.c.state != "deleted")
        .order_by(in_order)
        .limit(_PAGE)
    )
    last = ""
    while rows := model.Session.execute(page.where(in_order > last)).all():
        for package_id, modified in rows:
            yield package_id, _in_milliseconds(modified)
        last = rows[-1][0]


def _documents() -> Iterator[Entry]:
    """Id and moment of every document of this site, by id, with Solr's own cursor."""
    query = {
        "q": "*:*",
        "fq": ["entity_type:package", f'site_id:"{tk.config["ckan.site_id"]}"'],
        "fl": "id,metadata_modified",
        "sort": "id asc, index_id asc",
        "rows": _PAGE,
    }
    connection = make_connection(decode_dates=False)
    connection.commit(waitSearcher=True)
    # What pysolr gives for a cursor asks for the next page by itself.
    for document in connection.search(**query, cursorMark="*"):
        moment = document.get("metadata_modified", "1970-01-01T00:00:00Z")
        yield document["id"], datetime.fromisoformat(moment).replace(tzinfo=None)


def _merged(
    rows: Iterator[Entry], documents: Iterator[Entry]
) -> Iterator[tuple[str, datetime | None, datetime | None]]:
    """Id, moment of the row and moment of the document, each id once; None where one is absent."""
    row, document = next(rows, None), next(documents, None)
    while row or document:
        if document is None or (row and row[0] < document[0]):
            yield row[0], row[1], None
            row = next(rows, None)
        elif row is None or document[0] < row[0]:
            yield document[0], None, document[1]
            document = next(documents, None)
        else:
            yield row[0], row[1], document[1]
            row, document = next(rows, None), next(documents, None)


def _in_milliseconds(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // _MILLISECOND * _MILLISECOND)
