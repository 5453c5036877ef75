"""Mobile and identity numbers inside text, told apart from ids, codes and counts."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MOBILE, ID_NUMBER = "mobile", "id_number"

# What stands in place of a removed value. Without it the digits on both sides could join into
# another number, and a reader could not see that something is missing.
REMOVED = "***"

# A number of 11 digits from 13 to 19, with country code or a long-distance 0 before it, in one
# piece or in the groups 3-4-4, 3-8, 7-4 and 4-3-4.
_MOBILE = re.compile(
    r"(?<![0-9])(?:(?:\+|00)?86[ -]?|\(\+?86\) ?|0)?1[3-9]"
    r"(?:[0-9]{9}|[0-9]([ .-])[0-9]{4}\1[0-9]{4}|[0-9][ -][0-9]{4} ?[0-9]{4}"
    r"|[0-9]{5}[ -][0-9]{4}|[0-9]{2}[ -][0-9]{3}[ -][0-9]{4})(?![0-9])"
)
# GB 11643-1999: division, date of birth, order, check character.
_IDENTITY = re.compile(
    r"(?<![0-9])([1-9][0-9]{5})([ -]?)((?:18|19|20)[0-9]{6})\2([0-9]{3}[0-9X])(?![0-9])",
    re.IGNORECASE,
)
_IDENTITY_WORD = re.compile(r"身份证|身份号|证件号|公民身份")
_WORD_DISTANCE = 12
# The form until 1999 has neither century nor check character: it counts only beside a word.
_OLD_IDENTITY = re.compile(r"(?<![0-9])[1-9][0-9]{5}([0-9]{6})[0-9]{3}(?![0-9])")

# The first two digits: a province.
_PROVINCE = re.compile("1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91")
_IDENTITY_LENGTH = 18
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"

# A web address in a text, or a text that is nothing but an address without a host.
_ADDRESS = re.compile(
    r"(?i:https?|ftp)://[^\s,;<>\"'(){}|\\^`\u0080-\U0010ffff]+"
    r"|\A(?:/|[!->@-~]*\?[!-<>-~]*=)[!-~]*\Z"
)
_PHONE_PARAMETER = re.compile(
    r"[?&][a-z_]{0,20}(?:tel|phone|mobile|sjh|sjhm|lxdh)=\Z", re.IGNORECASE
)
_LONGEST_PARAMETER = 32  # characters
_HEX_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,}", re.IGNORECASE)
_TOKEN_LEFT = re.compile(r"[0-9A-Za-z]*\Z")
_TOKEN_RIGHT = re.compile(r"[0-9A-Za-z]*")
_LONGEST_TOKEN = 64  # characters to either side
_MOST_LETTERS = 8  # glued to a number, as in Tel138…
_DECIMALS = re.compile(r"(?:[0-9]{2}|(?<![0-9])0)\.\Z")

_SOME_DIGITS = re.compile(r"\d{3}")
_PLAIN_SIGNS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\u3000\t", " "),
        "（": "(",
        "）": ")",
        "＋": "+",
        "．": ".",
        "Ｘ": "X",
        "ｘ": "x",
    }
)
_OTHER_DIGIT = re.compile(r"(?![0-9])\d")


def remove_numbers(text: str) -> tuple[str, tuple[str, ...]]:
    """Replace mobile and identity numbers by `REMOVED`; return the text and the kinds found.

    Any width of digits is read. A row of digits is left alone inside a longer one, inside a web
    address (unless it is the value of a telephone parameter), in hexadecimal ids, between other
    letters and digits, and behind a decimal point.
    """
    if not _SOME_DIGITS.search(text):
        return text, ()
    plain = _same_length_ascii(text)
    spans = sorted(_spans(plain))
    if not spans:
        return text, ()
    parts, end = [], 0
    for start, stop, _ in spans:
        if start >= end:
            parts += [text[end:start], REMOVED]
        end = max(end, stop)
    parts.append(text[end:])
    return "".join(parts), tuple(kind for _, _, kind in spans)


def is_mobile(digits: str) -> bool:
    """Tell whether a bare row of digits is a mobile number."""
    return _MOBILE.fullmatch(digits) is not None


def _same_length_ascii(text: str) -> str:
    """The text with plain digits, dashes, blanks and brackets, each sign in its place."""
    plain = text.translate(_PLAIN_SIGNS)
    return _OTHER_DIGIT.sub(lambda match: str(unicodedata.decimal(match[0])), plain)


def _spans(plain: str) -> Iterator[tuple[int, int, str]]:
    addresses = [match.span() for match in _ADDRESS.finditer(plain)]
    starts = [start for start, _ in addresses]
    for match in _IDENTITY.finditer(plain):
        if is_identity("".join(match.group(1, 3, 4))) and not _is_id(plain, match):
            yield *match.span(), ID_NUMBER
    for match in _OLD_IDENTITY.finditer(plain):
        before = plain[max(0, match.start() - _WORD_DISTANCE) : match.start()]
        if _IDENTITY_WORD.search(before) and _is_day(f"19{match[1]}"):
            yield *match.span(), ID_NUMBER
    for match in _MOBILE.finditer(plain):
        start = match.start()
        address = bisect_right(starts, start) - 1
        if address >= 0 and start < addresses[address][1]:
            before = plain[max(0, start - _LONGEST_PARAMETER) : start]
            if not _PHONE_PARAMETER.search(before):
                continue
        if not _is_id(plain, match):
            yield *match.span(), MOBILE


def _is_id(plain: str, match: re.Match[str]) -> bool:
    """Whether the digits are a piece of an identifier or the decimals of a number."""
    start, end = match.span()
    left = plain[max(0, start - _LONGEST_TOKEN) : start]
    right = plain[end : end + _LONGEST_TOKEN]
    if _DECIMALS.search(left):
        return True
    before, after = _TOKEN_LEFT.search(left), _TOKEN_RIGHT.match(right)
    letters = (before[0] if before else "") + (after[0] if after else "")
    if len(letters) > _MOST_LETTERS or any(sign.isdigit() for sign in letters):
        return True
    # A piece of a UUID has hyphens around it, a piece of a longer hexadecimal number letters.
    around = (left + plain[start:end] + right, len(left), len(left) + end - start)
    return any(
        found.start() <= around[1] and found.end() >= around[2] and found[0] != match[0]
        for found in _HEX_ID.finditer(around[0])
    )


def is_identity(number: str) -> bool:
    """Tell whether 18 characters are a resident identity number (GB 11643-1999)."""
    if len(number) != _IDENTITY_LENGTH or not _PROVINCE.match(number):
        return False
    if not _is_day(number[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _CHECKS[total % 11] == number[17].upper()


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True
