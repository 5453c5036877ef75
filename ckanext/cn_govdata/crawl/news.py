"""Whether a list that shows the newest update first can be left before its end.

The list is left when two pages in a row are quiet: every record is known, its list entry is the
same, and its update lies some days before the latest one that an earlier run knew. Older pages
could only hold what that run saw. The days are for updates that are entered late and for
portals that show days without times; two pages, because portals serve a wrong page now and then.
At a portal without any update in the month before that run, what is older than that month is old:
many have one great day of uploads, years ago.
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
IDLE = timedelta(days=30)
QUIET_PAGES = 2


class News:
    """Watches the updates of one list in the order of reading."""

    def __init__(self, step: ListStep, source: Source) -> None:
        self._field = step.paging.newest_first
        self._today = source.today
        self._newest_known = None if source.full else source.newest_known
        self._until = self._newest_known
        if self._until is not None and source.newest_known_on is not None:
            self._until = max(self._until, source.newest_known_on - IDLE)
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
        if self._lowest is None and not self._begins_well(updates):
            self._sorted = False
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

    def _begins_well(self, updates: list[date | None]) -> bool:
        """Whether the first page shows the latest update that is known, or a later one."""
        shown = [updated for updated in updates if updated is not None]
        return self._newest_known is None or (
            bool(shown) and max(shown) >= self._newest_known - MARGIN
        )

    def _is_old(self, updated: date | None) -> bool:
        return updated is not None and self._until is not None and updated < self._until - MARGIN
