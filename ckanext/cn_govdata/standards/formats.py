"""Formats: a portal's word to the code of the crosswalk, its media type, and the kind of resource.

Words such as Excel or 数据库 name no single format: they have a kind but no code.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from .codelists import codelist
from .folding import fold
from .resources import rows
from .word_tables import build

Kind = Literal["file", "table", "api", "link", "map"]

_CROSSWALK = "format_crosswalk"
_KINDS: dict[str, Kind] = {"api": "api", "wms": "map"}
_BETWEEN_FORMATS = re.compile(r"[\s,，、;；|\\\[\]'\"]+")
# The guide's category before the format: 电子表格-xlsx, 数据库/mysql, 接口:json.
_WITH_CATEGORY = re.compile(r"(?P<category>[^-/:：]+)[-/:：](?P<format>.+)")
_SHORT_CATEGORIES = ("接口", "自描述")


class _Meaning(NamedTuple):
    code: str | None
    kind: Kind | None


_UNKNOWN = _Meaning(None, None)


def format_code(word: str | None) -> str | None:
    """Return the `format_crosswalk` code (csv, xlsx, api) that a word names, or None."""
    return _meaning(word).code


def kind_of(word: str | None) -> Kind | None:
    """Return the kind of resource that a word names, or None."""
    return _meaning(word).kind


def media_type(code: str) -> str | None:
    """Return the media type of a crosswalk code, or None for an unknown code."""
    concept = codelist(_CROSSWALK).get(code)
    return concept.extra["media_type"] if concept else None


def format_words(text: str | None) -> tuple[str, ...]:
    """Return the words of a list of formats, as written: `['xls', 'json']`, `csv,xml`."""
    parts = _BETWEEN_FORMATS.split(text) if text else []
    words = (word for part in parts for word in _alternatives(part))
    return tuple(dict.fromkeys(word for word in words if word))


def formats(text: str | None) -> tuple[str, ...]:
    """Return the crosswalk codes in a list of formats, each once; other words are left out."""
    codes = (format_code(word) for word in format_words(text))
    return tuple(dict.fromkeys(code for code in codes if code))


def _meaning(word: str | None) -> _Meaning:
    if not word:
        return _UNKNOWN
    found = _words().get(fold(word))
    if found:
        return found
    match = _categorised(word)
    if match is None:
        return _UNKNOWN
    category = _words().get(fold(match["category"]), _UNKNOWN)
    if category.kind == "api":
        return category
    named = _words().get(fold(match["format"]), _UNKNOWN)
    return named if named.kind else _Meaning(None, category.kind)


def _alternatives(word: str) -> list[str]:
    """xls/xlsx is two words, 电子表格/xlsx one."""
    return [word] if _categorised(word) else word.split("/")


def _categorised(word: str) -> re.Match[str] | None:
    match = _WITH_CATEGORY.fullmatch(word.strip())
    return match if match and fold(match["category"]) in _categories() else None


@cache
def _categories() -> frozenset[str]:
    listed = (concept.label_zh for concept in codelist("format_category").values())
    return frozenset(fold(name) for name in (*listed, *_SHORT_CATEGORIES))


@cache
def _words() -> dict[str, _Meaning]:
    listed = [(code, code) for code in codelist(_CROSSWALK)]
    synonyms = list(rows("format_synonyms.csv"))
    codes = build([*listed, *((row["word"], row["code"]) for row in synonyms)])
    kinds = {fold(row["word"]): row["kind"] for row in synonyms}
    return {
        word: _Meaning(code or None, _kind(code, kinds.get(word))) for word, code in codes.items()
    }


def _kind(code: str, listed: str | None) -> Kind:
    for kind in ("file", "table", "api", "link", "map"):
        if kind == listed:
            return kind
    return _KINDS.get(code, "file")
