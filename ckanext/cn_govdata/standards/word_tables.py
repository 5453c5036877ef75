"""Tables from a portal's word to a code, built from code lists and the room's synonym files."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from .codelists import codelist
from .folding import fold
from .resources import rows

if TYPE_CHECKING:
    from collections.abc import Iterable


def build(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Word and code pairs as a table by folded word.

    Raises ValueError when a word would lead to two codes.
    """
    table: dict[str, str] = {}
    for word, code in pairs:
        if table.setdefault(fold(word), code) != code:
            raise ValueError(f"{word!r} leads to {table[fold(word)]!r} and to {code!r}")
    return table


def labels(name: str) -> list[tuple[str, str]]:
    """Return the Chinese labels of a code list with their codes."""
    return [(concept.label_zh, concept.code) for concept in codelist(name).values()]


def synonyms(name: str) -> list[tuple[str, str]]:
    """Return the words of `data/<name>_synonyms.csv` with their codes."""
    return [(row["word"], row["code"]) for row in rows(f"{name}_synonyms.csv")]


@cache
def portal_table(name: str, portal_key: str) -> dict[str, str]:
    """Return the canonical code for each code of one portal, in a code list with `portal_key`s.

    Codes that the published tables leave open are absent. Raises KeyError for an unknown portal.
    """
    concepts = [c for c in codelist(name).values() if c.extra["portal_key"] == portal_key]
    if not concepts:
        raise KeyError(f"{name} has no table for {portal_key!r}")
    return {c.code: c.extra["canonical"] for c in concepts if c.extra["canonical"]}
