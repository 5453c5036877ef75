"""What is wrong in a workbook: named by sheet, cell, value and rule."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from ckanext.cn_govdata.text.personal import scrub_text

ERROR, WARNING = "error", "warning"
_LONGEST_VALUE = 100
_LETTERS = 26


class Refused(Exception):  # noqa: N818 - the file is refused; nothing went wrong in the program
    """A file that is not read at all; the message is the reason."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `cell` is in A1 style; an error stands in the way of writing, a warning not."""

    severity: str
    sheet: str
    cell: str
    header: str
    value: str
    rule: str

    @property
    def is_error(self) -> bool:
        """Whether the dataset cannot be written."""
        return self.severity == ERROR

    def as_dict(self) -> dict[str, Any]:
        """The problem as JSON values."""
        return asdict(self)


def cell_name(row: int, column: int) -> str:
    """The name of a cell in A1 style; row and column count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def shortened(value: object) -> str:
    """A value as a problem shows it, without personal data: reports are kept and sent on."""
    text = "" if value is None else scrub_text(str(value))[0]
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
