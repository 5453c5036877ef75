"""Keywords: one cell or list of them becomes tags that CKAN accepts."""

from __future__ import annotations

import ast
import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from ckanext.cn_govdata.text.clean import is_placeholder, line

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_TAGS = 60
# CKAN's limits: MIN_TAG_LENGTH and MAX_TAG_LENGTH of ckan.model.tag, tag_name_validator of
# ckan.logic.validators (2.11 and 2.12 alike).
_SHORTEST, _LONGEST = 2, 100
_ALLOWED = re.compile(r"[\w \-.]+")
_HAS_WORD = re.compile(r"[^\W_]")

_SEPARATORS = re.compile(r"[、､，,；;/|\s]+")
# Quotes, brackets and marks around a word are decoration: “民生”, 【教育】, #交通#.
_DECORATION = "\"'“”‘’`#*.。:!?·《》<>〈〉「」『』【】〔〕[](){}"
_LONGEST_LITERAL = 1_000_000  # characters; a longer text is split, not parsed


@dataclass(frozen=True, slots=True)
class Tags:
    """The keywords of one dataset: those CKAN takes, and those it would refuse."""

    kept: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


def split(value: object) -> Tags:
    """Split keywords at 、 ，, ；; / | and white space and sort out what cannot be a tag.

    `value` is text, a list, or a list written as text (``['xls', 'json']``, ``[csv,json]``).
    Widths are folded (NFKC), decoration around a word goes. Dropped are repeated words (whatever
    their case), words of one character or more than 100, words with characters that CKAN refuses,
    and what comes after the 60th. Placeholders such as 暂无 count as nothing.
    """
    kept: dict[str, str] = {}
    dropped: list[str] = []
    for word in _words(value):
        if word.casefold() in kept or len(kept) >= MAX_TAGS or not _acceptable(word):
            dropped.append(word)
        else:
            kept[word.casefold()] = word
    return Tags(tuple(kept.values()), tuple(dropped))


def _acceptable(word: str) -> bool:
    within = _SHORTEST <= len(word) <= _LONGEST
    return within and _ALLOWED.fullmatch(word) is not None and _HAS_WORD.search(word) is not None


def _words(value: object) -> Iterator[str]:
    for member in _members(value):
        text = line(member)
        if text is None:
            continue
        for part in _SEPARATORS.split(unicodedata.normalize("NFKC", text)):
            word = part.strip(_DECORATION)
            if word and not is_placeholder(word):
                yield word


def _members(value: object) -> Iterator[object]:
    """The members of a list, however deep and however it is written."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            literal = _literal(item)
            if literal is None:
                yield item
            else:
                stack.extend(reversed(literal))
        elif isinstance(item, (list, tuple)):
            stack.extend(reversed(item))
        else:
            yield item


def _literal(text: str) -> list[object] | None:
    """The list that a text spells out in JSON or Python, or ``None``."""
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")) or len(text) > _LONGEST_LITERAL:
        return None
    for parse in (orjson.loads, ast.literal_eval):
        try:
            parsed = parse(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(parsed, list):
            return parsed
    return None
