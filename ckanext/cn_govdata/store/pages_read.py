"""The pages of a listing whose records are written: where an interrupted job goes on."""

from __future__ import annotations

import zlib
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson
import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata.crawl.journal import PageRead, PagesRead
from ckanext.cn_govdata.store.tables import now
from ckanext.cn_govdata.store.tables import page_table as _page

if TYPE_CHECKING:
    from collections.abc import Sequence

# A list that was read longer ago may have moved too far to be continued.
_OLDEST = timedelta(hours=6)


def add(job_id: str, pages: Sequence[PageRead]) -> None:
    """Take note of pages; does not commit."""
    if pages:
        packed = zlib.compress(orjson.dumps([tuple(page) for page in pages]))
        row = {"harvest_job_id": job_id, "pages": packed, "at": now()}
        model.Session.execute(sa.insert(_page).values(row))


def of_job(job_id: str) -> PagesRead:
    """The pages that a job is done with; none if the first of them is too old."""
    statement = sa.select(_page.c.pages, _page.c.at).where(_page.c.harvest_job_id == job_id)
    rows = model.Session.execute(statement.order_by(_page.c.seq)).all()
    if not rows or rows[0].at < now() - _OLDEST:
        return PagesRead(())
    texts = (zlib.decompress(bytes(row.pages)) for row in rows)
    return PagesRead(PageRead(*values) for text in texts for values in orjson.loads(text))


def remove(job_id: str) -> None:
    """Forget a job that has ended; does not commit."""
    model.Session.execute(sa.delete(_page).where(_page.c.harvest_job_id == job_id))
