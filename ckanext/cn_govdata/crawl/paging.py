"""Where a list goes on and where it ends. No input or output: pages in, decisions out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ckanext.cn_govdata.crawl.steps import Paging

# Pages in a row that are the first one again: the portal ignores the page number.
_FIRST_PAGE_AGAIN = 3
# Pages in a row without a new record, beyond the stated end or where no end is stated.
_STALE_PAGES = 5
_LOST_PAGES = 3


class Stated(NamedTuple):
    """What a page says of the list: its total, its number of pages, the next page."""

    total: int | None = None
    pages: int | None = None
    next: str | None = None


class Pager:
    """The state of paging through one list.

    A page with known records only is no end: real portals repeat whole pages in the middle. The
    end is the stated total, the last page number or an empty page; everything else is a complaint.
    """

    def __init__(self, paging: Paging, page_size: int | None = None) -> None:
        self._paging = paging
        self._sizes = [page_size] if page_size else list(paging.sizes)
        self.page: int | str = paging.first
        self.offset = 0
        self.index = 0  # pages behind us
        self.ended = False
        self.total: int | None = None
        self.distinct = 0
        self._pages: int | None = None
        self._complaint: str | None = None
        self._stride = 0
        self._first: tuple[str, ...] = ()
        self._first_again = 0
        self._stale = 0
        self._lost = 0
        self._lost_in_a_row = 0
        self._explained = 0

    @property
    def size(self) -> int | None:
        """The page size to ask for."""
        return self._sizes[0] if self._sizes else None

    def keep_size(self, size: int | None) -> None:
        """Go on with the page size that an earlier part of the reading arrived at."""
        if size in self._sizes:
            self._sizes = self._sizes[self._sizes.index(size) :]

    @property
    def complaint(self) -> str | None:
        """Why the list is not complete, or ``None``."""
        if self._complaint is None and self._lost:
            return f"{self._lost} pages could not be read"
        if self._complaint is None and self.ended_short:
            return f"the list ended early: {self.distinct} distinct records of {self.total} stated"
        return self._complaint

    @property
    def sound(self) -> bool:
        """Whether nothing odd has happened so far: no lost page, no total that fell."""
        return self._complaint is None and not self._lost

    @property
    def ended_short(self) -> bool:
        """Whether fewer distinct records were seen than stated."""
        return self.total is not None and self.distinct + self._explained < self.total

    @property
    def pages_left(self) -> int:
        """Pages that the list has beyond those read, as far as it states its end."""
        return max(0, self._last_page() - self.index)

    def explain(self, rows: int) -> None:
        """So many rows of the total are records that stand in the list already."""
        self._explained = rows

    def retry_smaller(self, rows: int, total: int | None) -> bool:
        """Whether to ask for page one again with the documented size.

        The answer is shorter than asked although more is there: the portal does not take the size.
        """
        size, *smaller = self._sizes or [0]
        if self.index or not smaller or rows >= size:
            return False
        if total is not None and rows >= total:
            return False
        self._sizes = smaller
        return True

    def read(self, ids: Sequence[str], new: int, stated: Stated) -> None:
        """Take note of a page: its record ids, how many are new, what it says of the end."""
        self._note(stated)
        self._lost_in_a_row = 0
        self.distinct += new
        if not ids:
            self._end_at_empty_page()
            return
        self._stride = max(self._stride, len(ids))
        self._stale = 0 if new else self._stale + 1
        self._compare_with_first(tuple(ids))
        self.index += 1
        self.offset += len(ids)
        if self._complaint_of_repetition() or self._reached_end(stated):
            self.ended = True
            return
        self.page = stated.next or self._paging.first + self.index

    def skip(self) -> bool:
        """Go past a page that could not be read; ``False`` when that makes no sense."""
        self._lost += 1
        self._lost_in_a_row += 1
        known_end = self.total is not None or self._pages is not None
        if self._lost_in_a_row >= _LOST_PAGES or not self._stride or not known_end:
            self.ended = True
            return False
        if self._paging.next:
            self.ended = True
            return False
        self.index += 1
        self.offset += self._stride
        self.page = self._paging.first + self.index
        self.ended = self.index >= self._last_page()
        return not self.ended

    def _note(self, stated: Stated) -> None:
        if stated.total is not None:
            if self.total is not None and stated.total < self.total and self._complaint is None:
                self._complaint = (
                    f"the stated total fell from {self.total} to {stated.total} while reading"
                )
            self.total = max(stated.total, self.total or 0)
        if stated.pages is not None:
            if self._pages is not None and stated.pages < self._pages and self._complaint is None:
                self._complaint = f"the list shrank from {self._pages} to {stated.pages} pages"
            self._pages = max(stated.pages, self._pages or 0)

    def _compare_with_first(self, ids: tuple[str, ...]) -> None:
        if not self.index:
            self._first = ids
        elif ids == self._first:
            self._first_again += 1
        else:
            self._first_again = 0

    def _complaint_of_repetition(self) -> bool:
        if self._first_again >= _FIRST_PAGE_AGAIN:
            self._complaint = (
                "the first page comes again and again: the portal ignores the page number"
            )
            return True
        if self._stale >= _STALE_PAGES and self.index >= self._last_page():
            if self.total is None or self.distinct < self.total:
                self._complaint = self._complaint or (
                    f"{self._stale} pages brought nothing new and no page was empty; "
                    f"{self.distinct} distinct records"
                )
            return True
        return False

    def _last_page(self) -> int:
        """The number of pages as far as it is stated, else 0."""
        if self._pages is not None:
            return self._pages
        if self.total is not None and self._stride:
            return -(-self.total // self._stride)
        return 0

    def _reached_end(self, stated: Stated) -> bool:
        if self._paging.single:
            return True
        if self._paging.next:
            return not stated.next
        if self.total is not None:
            return self.distinct == self.total
        return self._pages is not None and self.index >= self._pages

    def _end_at_empty_page(self) -> None:
        self.ended = True
        if self.total is None and self._pages is not None and self.index < self._pages:
            self._complaint = self._complaint or (
                f"page {self.index + 1} of {self._pages} stated is empty"
            )
