"""Counts and sizes as portals write them: 1,286 · 3.2万 · 12 条 · 20 KB · 1.5MB."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import ROUND_HALF_UP, Context, Decimal

from ckanext.cn_govdata.text.clean import line

_NUMBER = r"(?P<number>\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:e\+?1?\d)?)"
_MULTIPLES = {"": 1, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_UNITS = "条个项行次笔份件家人户张组册种类篇幅处辆所名"
_COUNT = re.compile(
    rf"{_NUMBER} ?(?P<multiple>百万|千万|千|万|亿)? ?(?:[{_UNITS}]|条?数据|条?记录|rows?|records?)?"
)

_BINARY_STEPS = {"k": 1, "m": 2, "g": 3, "t": 4, "p": 5, "千": 1, "兆": 2, "吉": 3, "太": 4}
_SIZE = re.compile(rf"{_NUMBER} ?(?P<step>[kmgtp千兆吉太])?i?(?:b|bytes?|字节)?")

_LONGEST = 60  # characters; no count or size is longer
_EXACT = Context(prec=2 * _LONGEST)


def count(value: object) -> int | None:
    """Return a count, or ``None`` for what is none: blank, negative, approximate, not whole.

    Thousands commas of any width, 千, 万 and 亿, a counting unit behind the number, and the
    exponent of a spreadsheet are understood. Whole numbers of any length stay exact.
    """
    if isinstance(value, (int, float)):
        return _whole(value)
    match = _COUNT.fullmatch(_plain(value))
    if match is None:
        return None
    multiple = _MULTIPLES[match["multiple"] or ""]
    number = _EXACT.multiply(_decimal(match["number"]), multiple)
    return int(number) if number == number.to_integral_value() else None


def size_bytes(value: object) -> int | None:
    """Return a size in bytes, or ``None``. KB, MB … are steps of 1024; a bare number is bytes."""
    if isinstance(value, (int, float)):
        return _whole(value)
    match = _SIZE.fullmatch(_plain(value))
    if match is None:
        return None
    step = _BINARY_STEPS.get(match["step"] or "", 0)
    number = _EXACT.multiply(_decimal(match["number"]), 1024**step)
    if not step and number != number.to_integral_value():
        return None
    return int(number.to_integral_value(ROUND_HALF_UP))


def _plain(value: object) -> str:
    """Half-width lower-case text, "" for what cannot be a number."""
    text = (line(value) or "") if isinstance(value, str) else ""
    return unicodedata.normalize("NFKC", text).lower() if len(text) <= _LONGEST else ""


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "").replace(" ", ""))


def _whole(value: float) -> int | None:
    """A JSON number that is a count: not negative, without a fraction, and no truth value."""
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return int(value) if value >= 0 and value == int(value) else None
