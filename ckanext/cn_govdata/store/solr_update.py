"""Documents to Solr, and what became of them to the outbox.

The one place that talks to Solr's update handler. Nothing here knows of sessions or settings, so
the thread beside the writer can do it on connections of its own.
"""

from __future__ import annotations

import hashlib
import logging
from typing import TYPE_CHECKING, Any

import orjson
import pysolr
import sqlalchemy as sa

from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.tables import outbox_table as _outbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ckanext.cn_govdata.store.documents import Document, Documents

log = logging.getLogger(__name__)

PACKAGE, GROUP = "package", "group"  # what a row of the outbox is of
COMMIT_WITHIN = 1000  # milliseconds until a search sees the documents


def send(
    made: Documents,
    connection: pysolr.Solr,
    site_id: str,
    commit_within: int = COMMIT_WITHIN,
) -> None:
    """One request for the documents, one more if there is something to delete.

    What Solr refuses is noted in `made.failed`. Raises `pysolr.SolrError` when it does not answer.
    """
    if made.delete:
        # What is added brings its commit; a deletion alone has none.
        ids = [index_id(each, site_id) for each in made.delete]
        connection.delete(id=ids, commit=not made.add)
    _add(connection, made.add, made.failed, commit_within)


def clear(execute: Callable[..., Any], ids: Iterable[str], failed: dict[str, str]) -> None:
    """Take out of the outbox what the index has; note down what it refused."""
    sent = [each for each in ids if each not in failed]
    ours = _outbox.c.kind == PACKAGE
    execute(sa.delete(_outbox).where(ours, any_of(_outbox.c.object_id, sent)))
    if failed:
        example = next(iter(failed.items()))
        log.error("%d datasets could not be indexed, such as %s: %s", len(failed), *example)
    for package_id, reason in failed.items():
        execute(
            sa.update(_outbox).where(ours, _outbox.c.object_id == package_id).values(failure=reason)
        )


def _add(
    connection: pysolr.Solr, docs: list[Document], failed: dict[str, str], commit_within: int
) -> None:
    """Add documents; where Solr refuses some of them, find them by halves and add the others."""
    if not docs:
        return
    try:
        # pysolr's own `add` writes every Chinese character as six and looks through the text for
        # control characters, of which JSON has none.
        connection._update(  # noqa: SLF001
            _body(docs), clean_ctrl_chars=False, commitWithin=commit_within, solrapi="JSON"
        )
    except pysolr.SolrError as error:
        if not _is_refusal(error):
            raise
        if len(docs) == 1:
            failed[docs[0]["id"]] = str(error)[:1000]
            return
        middle = len(docs) // 2
        _add(connection, docs[:middle], failed, commit_within)
        _add(connection, docs[middle:], failed, commit_within)


def _body(docs: list[Document]) -> bytes:
    """The documents without empty values, as pysolr sends them."""
    full = [
        {key: value for key, value in doc.items() if value is not None and value != ""}
        for doc in docs
    ]
    return orjson.dumps(full, option=orjson.OPT_NON_STR_KEYS)


def _is_refusal(error: pysolr.SolrError) -> bool:
    """Whether Solr answered that a document is bad, rather than not at all or with a fault."""
    return "HTTP 400" in str(error)


def index_id(package_id: str, site_id: str) -> str:
    """The id under which CKAN keeps a dataset in the index."""
    return hashlib.md5(f"{package_id}{site_id}".encode(), usedforsecurity=False).hexdigest()
