"""Unified social credit codes (统一社会信用代码): GB 32100-2015 and the GB 11714 code inside.

Eighteen characters: registration department, organisation type, the GB/T 2260 code of the
registering office (6), the organisation code (8 and its check character), a check character.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Literal

from .codelists import codelist

Reason = Literal["length", "character", "organisation_check", "check"]

LENGTH = 18
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class CreditCodeParts:
    """What an eighteen-character code is made of. Department and type may be unlisted ones."""

    department: str
    organisation_type: str
    division_code: str
    organisation_code: str
    check_character: str


@dataclass(frozen=True, slots=True)
class CreditCodeCheck:
    """The result for `code`: width and case folded, white space removed.

    `reason` is the first failure: wrong ``length``; a ``character`` outside the standard's 31;
    the check character inside the organisation code; the check character of the whole.
    `parts` are given whenever the length is right.
    """

    code: str
    reason: Reason | None
    parts: CreditCodeParts | None

    @property
    def valid(self) -> bool:
        """Whether characters and both check characters are right."""
        return self.reason is None


def check(code: str) -> CreditCodeCheck:
    """Check `code`. Central bodies carry 100000 as division, so that part is not looked up."""
    clean = "".join(unicodedata.normalize("NFKC", code).split()).upper()
    if len(clean) != LENGTH:
        return CreditCodeCheck(clean, "length", None)
    parts = CreditCodeParts(clean[0], clean[:2], clean[2:8], clean[8:17], clean[17])
    return CreditCodeCheck(clean, _reason(clean), parts)


def check_character(first_17: str) -> str:
    """Return the 18th character for the first 17.

    Raises ValueError for another length, KeyError for a character outside the 31.
    """
    values, weights = _values(), _weights()
    total = sum(values[char] * weight for char, weight in zip(first_17, weights, strict=True))
    return _characters()[-total % len(values)]


def organisation_check_character(first_8: str) -> str:
    """Return the 9th character of an organisation code (GB 11714) for its first 8.

    Raises ValueError for another length or a character other than 0-9 and A-Z.
    """
    pairs = zip(first_8, _ORGANISATION_WEIGHTS, strict=True)
    total = sum(int(char, 36) * weight for char, weight in pairs)
    return "0123456789X"[-total % 11]


def _reason(code: str) -> Reason | None:
    if not set(code) <= _values().keys():
        return "character"
    if organisation_check_character(code[8:16]) != code[16]:
        return "organisation_check"
    if check_character(code[:17]) != code[17]:
        return "check"
    return None


@cache
def _values() -> dict[str, int]:
    return {code: int(entry.extra["value"]) for code, entry in codelist("uscc_charset").items()}


@cache
def _characters() -> str:
    return "".join(_values())


@cache
def _weights() -> tuple[int, ...]:
    return tuple(int(entry.extra["weight"]) for entry in codelist("uscc_weight").values())
