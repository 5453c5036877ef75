"""Which pages of a listing are done with, so that an interrupted listing goes on behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from ckanext.cn_govdata.crawl.paging import Stated

if TYPE_CHECKING:
    from collections.abc import Iterable


class PageRead(NamedTuple):
    """A page all of whose records have been handed on."""

    list_key: str  # which list of the portal
    number: int  # of pages before it
    page: int | str
    offset: int
    size: int | None
    ids: list[str]
    total: int | None
    pages: int | None

    @property
    def stated(self) -> Stated:
        """What the page said of its list's end."""
        return Stated(self.total, self.pages)


class Journal(Protocol):
    """Remembers pages of one listing."""

    def get(self, list_key: str, number: int) -> PageRead | None:
        """A page that an earlier part of this listing is done with."""

    def note(self, page: PageRead) -> None:
        """Take note of a page: all its records have been handed on."""


class NoJournal:
    """A listing that is not continued."""

    def get(self, list_key: str, number: int) -> None:
        """Nothing is done yet."""

    def note(self, page: PageRead) -> None:
        """Nothing is remembered."""


class PagesRead:
    """The pages that an earlier part of a listing is done with."""

    def __init__(self, pages: Iterable[PageRead]) -> None:
        self._pages = {(page.list_key, page.number): page for page in pages}

    def get(self, list_key: str, number: int) -> PageRead | None:
        """See `Journal.get`."""
        return self._pages.get((list_key, number))

    def source_ids(self) -> set[str]:
        """The records of all these pages."""
        return {source_id for page in self._pages.values() for source_id in page.ids}

    def __len__(self) -> int:
        return len(self._pages)
