"""Dates as portals write them. Everything without a zone of its own is local time, UTC+8."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta, timezone

from ckanext.cn_govdata.text.clean import line

CHINA = timezone(timedelta(hours=8), "UTC+08:00")  # no summer time since 1991
_FIRST_YEAR, _LAST_YEAR = 1900, 2100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 60  # characters; no date is longer

_TIME = (
    r"(?P<half>上午|下午|am|pm)? ?(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})?"
    r"(?:[:分](?P<second>\d{1,2})?(?:[.,:](?P<fraction>\d{1,9}))?)?秒? ?(?P<half_after>am|pm)?"
)
_ZONE = r"(?: ?(?P<zone>z|utc|gmt|cst|(?:utc|gmt)?[+-]\d{1,2}:?(?:\d{2})?)(?:\[[a-z/_]+\])?)?"
_CLOCK = rf"(?:(?:t| ?){_TIME}{_ZONE})?"

# 2023-6-16 · 2023/06/16 · 2023.6.16 · 2023年6月16日, each with or without a time
_YEAR_FIRST = re.compile(
    rf"(?P<year>\d{{4}})(?P<mark>[-/.年])(?P<month>\d{{1,2}})(?:(?P=mark)|月)(?P<day>\d{{1,2}})日?{_CLOCK}"
)
_MONTH_ONLY = re.compile(r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})月?份?")
_YEAR_ONLY = re.compile(r"(?P<year>\d{4})年?度?")
# Dec 15, 2019 3:00:49 AM, as Java's JSON writers do; Sun Dec 15 03:00:49 CST 2019, as Java itself
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH_MONTH = rf"(?P<english>{'|'.join(_MONTHS)})[a-z]*\.?"
_ENGLISH = re.compile(rf"{_ENGLISH_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}}),?{_CLOCK}")
_JAVA = re.compile(
    rf"[a-z]{{3}} {_ENGLISH_MONTH} (?P<day>\d{{1,2}}) {_TIME}{_ZONE} (?P<year>\d{{4}})"
)
# 25/12/2019 or 12/25/2019: read only where no other reading is possible
_YEAR_LAST = re.compile(
    rf"(?P<first>\d{{1,2}})/(?P<second_part>\d{{1,2}})/(?P<year>\d{{4}}){_CLOCK}"
)

_COMPACT = {4: "%Y", 6: "%Y%m", 8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S"}
_EPOCH_UNITS = {10: 1, 13: 1000}  # digits of seconds and of milliseconds since 1970, to a second
_EARLY_MILLISECONDS = 12  # digits of milliseconds before September 2001; a year begins otherwise
_WITH_MILLISECONDS = 17
_DATE_DIGITS = 8


def today() -> date:
    """The day that portals write now, wherever this machine stands."""
    return datetime.now(CHINA).date()


def parse(value: object) -> date | datetime | None:
    """Return the date of a cell, a zone-aware datetime in UTC+8 if it has a time, or ``None``.

    Understood are year-first dates with - / . or 年月日, compact digits (8, 12, 14 and 17), seconds
    and milliseconds since 1970 as number or text, the English forms of Java, and Java's date
    objects (a mapping with ``time``); in any width, with fraction and zone. A month or a year
    alone stands for its first day. A day and month before the year are read only if one order alone
    is possible. ``None`` for impossible dates, years before 1900 or after 2100, and the moment
    zero of a computer clock, which stands for "not set".
    """
    try:
        found = _parse(value)
    except (ValueError, OverflowError):
        return None
    if found is None or not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return None
    return None if isinstance(found, datetime) and found == _EPOCH else found


def iso_date(value: object) -> str | None:
    """Return the day in China as ``YYYY-MM-DD``, or ``None``."""
    found = parse(value)
    if isinstance(found, datetime):
        found = found.date()
    return found.isoformat() if found else None


def iso_datetime(value: object) -> str | None:
    """Return the moment as ``YYYY-MM-DDThh:mm:ss+08:00``, or ``None``.

    A date without a time is the beginning of that day. Fractions of a second are left out.
    """
    found = parse(value)
    if found is None:
        return None
    if not isinstance(found, datetime):
        found = datetime(found.year, found.month, found.day, tzinfo=CHINA)
    return found.replace(microsecond=0).isoformat()


def _parse(value: object) -> date | datetime | None:
    if isinstance(value, Mapping):
        value = value.get("time")
    if isinstance(value, datetime):
        return _in_china(value)
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)):
        return _number(value)
    return _written(value) if isinstance(value, str) else None


def _written(value: str) -> date | datetime | None:
    text = line(value) or ""
    if len(text) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", text).lower()
    if text.isdecimal():
        return _digits(text)
    for form, read in _FORMS:
        match = form.fullmatch(text)
        if match:
            return read(match.groupdict())
    return None


def _number(value: float) -> date | datetime | None:
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return _digits(str(int(value))) if 0 < value < 10**_WITH_MILLISECONDS else None


def _digits(text: str) -> date | datetime | None:
    """A row of digits: its length tells what it is."""
    unit = _EPOCH_UNITS.get(len(text))
    if len(text) == _EARLY_MILLISECONDS and not text.startswith(("19", "20")):
        unit = 1000
    if unit:
        return (_EPOCH + timedelta(seconds=int(text) / unit)).astimezone(CHINA)
    if len(text) == _WITH_MILLISECONDS:
        text = text[:14]
    if len(text) not in _COMPACT:
        return None
    found = datetime.strptime(text, _COMPACT[len(text)]).replace(tzinfo=CHINA)
    return found.date() if len(text) <= _DATE_DIGITS else found


def _year_first(parts: Mapping[str, str | None]) -> date | datetime:
    return _at(parts, _int(parts, "month"), _int(parts, "day"))


def _english(parts: Mapping[str, str | None]) -> date | datetime:
    return _at(parts, _MONTHS.index(parts["english"] or "") + 1, _int(parts, "day"))


def _year_last(parts: Mapping[str, str | None]) -> date | datetime | None:
    first, second = _int(parts, "first"), _int(parts, "second_part")
    if first == second or second > len(_MONTHS):
        return _at(parts, first, second)
    return _at(parts, second, first) if first > len(_MONTHS) else None


def _first_day(parts: Mapping[str, str | None]) -> date:
    return date(_int(parts, "year"), _int(parts, "month", 1), 1)


_FORMS: tuple[
    tuple[re.Pattern[str], Callable[[Mapping[str, str | None]], date | datetime | None]], ...
] = (
    (_YEAR_FIRST, _year_first),
    (_MONTH_ONLY, _first_day),
    (_YEAR_ONLY, _first_day),
    (_ENGLISH, _english),
    (_JAVA, _english),
    (_YEAR_LAST, _year_last),
)


def _at(parts: Mapping[str, str | None], month: int, day: int) -> date | datetime:
    year = _int(parts, "year")
    if parts.get("hour") is None:
        return date(year, month, day)
    hour = _int(parts, "hour")
    half = parts.get("half") or parts.get("half_after")
    if half in ("pm", "下午") and hour < 12:  # noqa: PLR2004 - a clock face
        hour += 12
    elif half in ("am", "上午") and hour == 12:  # noqa: PLR2004
        hour = 0
    minute, second = _int(parts, "minute", 0), _int(parts, "second", 0)
    microsecond = int((parts.get("fraction") or "0").ljust(6, "0")[:6])
    zone = _zone(parts.get("zone"))
    return _in_china(datetime(year, month, day, hour, minute, second, microsecond, zone))


def _int(parts: Mapping[str, str | None], name: str, default: int = 0) -> int:
    return int(parts.get(name) or default)


def _zone(text: str | None) -> timezone:
    """The zone of a time. CST is China Standard Time here, whatever Java meant elsewhere."""
    if not text or text == "cst":
        return CHINA
    offset = re.sub(r"^(?:utc|gmt|z)", "", text)
    if not offset:
        return UTC
    digits = re.sub(r"\D", "", offset)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")  # noqa: PLR2004
    delta = timedelta(hours=int(hours), minutes=int(minutes))
    return timezone(-delta if offset.startswith("-") else delta)


def _in_china(moment: datetime) -> datetime:
    """The same moment in UTC+8; one without a zone is local time already."""
    return moment.astimezone(CHINA) if moment.tzinfo else moment.replace(tzinfo=CHINA)
