"""Records that a list shows more than once: moved while it was read, or there twice.

A portal's total may count rows, some of which name the same record. Then fewer distinct records
than stated are seen, in every reading, and the listing is complete all the same. But a record is
also shown twice when the list moves between two pages, and then another one is never shown. The
difference: what is really there twice is still at both places when these pages are read again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

# More repeated rows than this share, or number, are never explained as rows of the total.
_MAX_SHARE = 50  # one in 50
_MAX_ROWS = 20


class Repeats:
    """Takes note of the pages of one list in the order of reading."""

    def __init__(self) -> None:
        self._page_of: dict[str, int] = {}  # where each record stood first
        self._again: list[tuple[str, int]] = []
        self._places: list[tuple[int | str, int]] = []  # page and offset, as they were asked for
        self._signatures: list[int] = []
        self._rows = 0

    def note(self, ids: Sequence[str], page: int | str, offset: int) -> set[str]:
        """Note a page with its address; the ids that are new."""
        index = len(self._places)
        new: set[str] = set()
        for source_id in ids:
            if source_id in self._page_of:
                self._again.append((source_id, index))
            else:
                self._page_of[source_id] = index
                new.add(source_id)
        self._places.append((page, offset))
        self._signatures.append(hash(tuple(ids)))
        self._rows += len(ids)
        return new

    @property
    def number(self) -> int:
        """Rows that name a record again."""
        return len(self._again)

    def may_explain(self, total: int | None) -> bool:
        """Whether the rows seen are the total, and the repeated ones few and single.

        A whole page that is another one again is a fault of paging, never a record listed twice.
        """
        if not self._again or self._rows != total:
            return False
        if self.number > min(_MAX_ROWS, max(1, self._rows // _MAX_SHARE)):
            return False
        return len(set(self._signatures)) == len(self._signatures)

    def to_read_again(self) -> Collection[int]:
        """The pages that must be read again: one answer cannot move within itself."""
        pairs = ((self._page_of[source_id], index) for source_id, index in self._again)
        return sorted({index for pair in pairs if pair[0] != pair[1] for index in pair})

    def place(self, index: int) -> tuple[int | str, int]:
        """Page and offset of a page that was noted."""
        return self._places[index]

    def is_same(self, index: int, ids: Sequence[str]) -> bool:
        """Whether a page shows just what it showed before."""
        return hash(tuple(ids)) == self._signatures[index]
