"""A portal's word or code to the canonical code, or None: never a guess.

Words are compared folded (width, case, spaces and punctuation). What the published tables leave
open stays None: 每 2 日, 安全开放, 无条件共享, code 0 of Guizhou.
"""

from __future__ import annotations

import re
from functools import cache

from .codelists import codelist
from .folding import fold
from .industries import industry
from .word_tables import build, labels, portal_table, synonyms

__all__ = [
    "domains",
    "frequency",
    "frequency_of",
    "industry",
    "item_data_type",
    "open_attribute",
    "open_attribute_of",
    "portal_keys",
]

EVERYTHING_ELSE = "*"

_UPDATE_NOTE = re.compile(r"[(（]更新说明.*$", re.DOTALL)
_BETWEEN_THEMES = re.compile(r"[、,，;；/|\\\n\t]+")
_LENGTH = re.compile(r"[(（\[][\d,，\s]*[)）\]]$")
_TYPE_WITH_CODE = re.compile(r"(?P<label>.*\w)[\s(（]*(?P<code>[A-Z])[)）]?", re.DOTALL)


def frequency(word: str | None) -> str | None:
    """Return the `update_frequency` code of a word such as 每季度, 按年更新 or 归档不更新.

    A note such as (更新说明:暂无新业务数据产生) after the word is passed over.
    """
    return _frequencies().get(fold(_UPDATE_NOTE.sub("", word))) if word else None


def frequency_of(portal_key: str, code: str | int | None) -> str | None:
    """Return the `update_frequency` code of a portal's code.

    Raises KeyError for an unknown portal.
    """
    return _of("update_frequency_portals", portal_key, code)


def open_attribute(word: str | None) -> str | None:
    """Return the `open_attribute` code of a word such as 依申请开放."""
    return _openness().get(fold(word)) if word else None


def open_attribute_of(
    portal_key: str, code: str | int | None, *, everything_else: bool = False
) -> str | None:
    """Return the `open_attribute` code of a portal's code. Raises KeyError for an unknown portal.

    Some published tables give one code and "everything else". Codes that only the latter covers
    are None unless `everything_else` is asked for.
    """
    found = _of("open_attribute_portal_codes", portal_key, code)
    if found is None and everything_else and code not in (None, ""):
        return portal_table("open_attribute_portal_codes", portal_key).get(EVERYTHING_ELSE)
    return found


def portal_keys(name: str) -> tuple[str, ...]:
    """Return the portals of `update_frequency_portals` or `open_attribute_portal_codes`."""
    return tuple(dict.fromkeys(c.extra["portal_key"] for c in codelist(name).values()))


def domains(word: str | None) -> tuple[str, ...]:
    """Return the `open_domain_22` codes of a theme cell, in its order, those that are certain.

    Several themes are parted by 、 , ; / | or a line break. A single theme of a national list that
    names several fields (科技、教育) is not taken apart: the dataset need not lie in all of them.
    """
    if not word:
        return ()
    parts = (word,) if fold(word) in _compound_themes() else (word, *_BETWEEN_THEMES.split(word))
    codes = (_domains().get(fold(part)) for part in parts)
    return tuple(dict.fromkeys(code for code in codes if code))


def item_data_type(word: str | None) -> str | None:
    """Return the `item_data_type` code of a column type: C, 字符串型C, VARCHAR2(50), datetime."""
    if not word:
        return None
    text = _LENGTH.sub("", word.strip())
    if text.upper() in codelist("item_data_type"):
        return text.upper()
    both = _TYPE_WITH_CODE.fullmatch(text)
    if both and _item_types().get(fold(both["label"])) == both["code"]:
        return both["code"]
    return _item_types().get(fold(text))


def _of(name: str, portal_key: str, code: str | int | None) -> str | None:
    table = portal_table(name, portal_key)
    key = "" if code is None else str(code).strip()
    return None if key == EVERYTHING_ELSE else table.get(key)


@cache
def _frequencies() -> dict[str, str]:
    portals = [c for c in codelist("update_frequency_portals").values() if c.extra["canonical"]]
    return build(
        [
            *labels("update_frequency"),
            *((code, code) for code in codelist("update_frequency")),
            *((concept.label_zh, concept.extra["canonical"]) for concept in portals),
            *synonyms("frequency"),
        ]
    )


@cache
def _openness() -> dict[str, str]:
    variants = codelist("open_attribute_portal_variants").values()
    return build(
        [*labels("open_attribute"), *((v.code, v.extra["canonical"]) for v in variants)],
    )


@cache
def _domains() -> dict[str, str]:
    return build([*labels("open_domain_22"), *synonyms("domain")])


@cache
def _compound_themes() -> frozenset[str]:
    lists = ("gbt21063_4_theme", "gov_disclosure_theme_22")
    names = (label for name in lists for label, _ in labels(name))
    return frozenset(fold(label) for label in names if _BETWEEN_THEMES.search(label))


@cache
def _item_types() -> dict[str, str]:
    return build([*labels("item_data_type"), *synonyms("item_data_type")])
