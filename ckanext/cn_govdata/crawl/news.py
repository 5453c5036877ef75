"""Whether a list that shows the newest update first can be left before its end.

The list is left when two pages in a row are quiet: every record is known, its list entry is the
same, and its update lies some days before the latest one that an earlier run knew. Older pages
could only hold what that run saw. The days are for updates that are entered late and for
portals that show days without times; two pages, because portals serve a wrong page now and then.
A list that proves not to be sorted, or whose first page shows only old updates, is read to its end.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from ckanext.cn_govdata.text import dates

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.listing import Row
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.crawl.steps import ListStep

MARGIN = timedelta(days=3)
QUIET_PAGES = 2


class News:
    """Watches the updates of one list in the order of reading."""

    def __init__(self, step: ListStep, source: Source) -> None:
        self._field = step.paging.newest_first
        self._today = source.today
        self._until = None if source.full or not self._field else source.newest_known
        self._lowest: date | None = None
        self._sorted = True
        self._quiet = 0
        self.newest: date | None = None

    @property
    def over(self) -> bool:
        """Whether the rest of the list cannot hold anything new."""
        return self._sorted and self._quiet >= QUIET_PAGES

    def page(self, rows: list[tuple[Row, bool]]) -> None:
        """Note a page: its records that this run sees first, and whether each is news.

        A page without such records says nothing: it is an earlier one again.
        """
        if not self._field or not rows:
            return
        updates = [self.date_of(row) for row, _ in rows]
        if self._lowest is None and all(self._is_old(updated) for updated in updates):
            self._sorted = False  # the latest update that is known must stand on top
        quiet = True
        for (_, is_news), updated in zip(rows, updates, strict=True):
            quiet &= not is_news and self._is_old(updated)
            if updated is None:
                continue
            if self._lowest is not None and updated > self._lowest + MARGIN:
                self._sorted = False
            self._lowest = updated if self._lowest is None else min(self._lowest, updated)
            if updated <= self._today and (self.newest is None or updated > self.newest):
                self.newest = updated
        self._quiet = self._quiet + 1 if quiet else 0

    def date_of(self, row: Row) -> date | None:
        """The day of a record's update as its list shows it."""
        value = row.found["list"].get(self._field) if self._field else None
        found = None if value is None else dates.parse(value)
        return found.date() if isinstance(found, datetime) else found

    def _is_old(self, updated: date | None) -> bool:
        return updated is not None and self._until is not None and updated < self._until - MARGIN
