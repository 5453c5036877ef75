"""CSV that a spreadsheet opens as it is meant: UTF-8, and no text taken for a formula."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# How spreadsheets know UTF-8.
BYTE_ORDER_MARK = "\ufeff"

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_GUARD = "'"


def csv_text(lines: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV that no spreadsheet takes for formulas."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerows([_guarded(value) for value in line] for line in lines)
    return target.getvalue()


def without_guard(value: str) -> str:
    """The value without the apostrophe that keeps spreadsheets from taking it for a formula."""
    return value[1:] if value[:1] == _GUARD and _looks_like_formula(value) else value


def _guarded(value: Any) -> Any:  # noqa: ANN401 - a cell holds a value of any type
    """A text that a spreadsheet would take for a formula, behind an apostrophe."""
    return f"{_GUARD}{value}" if isinstance(value, str) and _looks_like_formula(value) else value


def _looks_like_formula(value: str) -> bool:
    """Whether a text begins like a formula, behind whatever apostrophes."""
    return value.lstrip(_GUARD).startswith(_FORMULA_SIGNS)
