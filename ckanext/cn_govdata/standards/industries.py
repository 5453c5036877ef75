"""Industries of GB/T 4754-2017: a portal's word to a section letter or a division number."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .codelists import codelist
from .folding import fold
from .word_tables import build, labels, synonyms

_SECTION = "gbt4754_2017_section"
_DIVISION = "gbt4754_2017_division"

# A, A01 or a label after its code: A 农、林、牧、渔业; A01 农业.
_CODED = re.compile(r"(?P<section>[A-T])(?P<division>\d{2})?\W*(?P<label>.*)", re.DOTALL)


def industry(word: str | None) -> str | None:
    """Return the section (A-T) or division (01-97) of GB/T 4754-2017 that `word` names, or None.

    Accepts labels, usual variants of them, and codes that begin with the section's letter. A name
    that is both a section and a division (教育) is the section.
    """
    if not word:
        return None
    found = _words().get(fold(word))
    return found or _coded(unicodedata.normalize("NFKC", word).strip())


def _coded(word: str) -> str | None:
    match = _CODED.fullmatch(word)
    if match is None:
        return None
    section, division, label = match["section"], match["division"], match["label"]
    if division is None:
        code = section
    elif division in codelist(_DIVISION) and _section_of(division) == section:
        code = division
    else:
        return None
    if label and _words().get(fold(label)) not in (code, _section_of(code)):
        return None
    return code


def _section_of(code: str) -> str:
    divisions = codelist(_DIVISION)
    return divisions[code].extra["section"] if code in divisions else code


@cache
def _words() -> dict[str, str]:
    sections = build([*labels(_SECTION), *synonyms("industry")])
    return build(labels(_DIVISION)) | sections
