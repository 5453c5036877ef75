"""One spelling for words that differ only in width, case, spaces and punctuation."""

from __future__ import annotations

import re
import unicodedata

_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")


def fold(value: str) -> str:
    """`value` in NFKC and lower case without white space and punctuation: for comparison only."""
    return _NEITHER_LETTER_NOR_DIGIT.sub("", unicodedata.normalize("NFKC", value).casefold())
