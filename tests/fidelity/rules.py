"""What a cell ought to become, by rules of their own: none of the project's cleaners is used.

Only the published tables are shared (`standards/data`), read here as plain CSV. A word that no
table holds has no code.
"""

from __future__ import annotations

import csv
import html
import re
import unicodedata
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from ckanext.cn_govdata import standards

TABLES = Path(standards.__file__).with_name("data")
PLACEHOLDERS = frozenset({"", "暂无", "null", "none", "undefined", "nan", "n/a", "暂无数据"})
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_CHINA = timezone(timedelta(hours=8))
_TAG = re.compile(
    r"</?(?:p|br|div|span|b|i|u|font|strong|em|a|li|ul|ol|table|tr|td|th|thead|tbody|h\d)\b[^<>]*>",
    re.IGNORECASE,
)
_INVISIBLE = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f]"
)
_DAY = re.compile(r"((?:19|20)\d\d)(?:-|/|\.|年)?(\d{1,2})(?:-|/|\.|月)?(\d{1,2})")
_SEPARATORS = re.compile(r"[、､，,；;/|\s]+")
_MARKS = "\"'“”‘’`#*.。:!?·《》<>〈〉「」『』【】〔〕[](){}"
_LANDLINE = re.compile(r"(?<![\d*])(?:0\d{2,3})?\d{7,8}(?![\d*])")
_SERVICE = re.compile(r"(?<![\d*])(?:[48]00\d{7}|1[02]\d{3}|9[56]\d{3,4})(?![\d*])")
_MAILBOX = re.compile(r"[A-Za-z0-9][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_CATEGORIES = ("数据库", "电子表格", "电子文件", "接口", "自描述格式", "图形图像", "流媒体")


def plain(value: Any) -> str:
    """A cell as text without markup, entities and invisible signs."""
    text = "" if value is None else str(value)
    for _ in range(3):
        text = html.unescape(text)
    return _INVISIBLE.sub("", _TAG.sub(" ", text))


def squeezed(value: Any) -> str:
    """A text without any white space, in which cells are compared."""
    return re.sub(r"\s+", "", plain(value))


def blank(value: Any) -> bool:
    """Whether a cell says nothing."""
    if isinstance(value, list):
        return all(blank(part) for part in value)
    text = squeezed(value)
    return text.lower() in PLACEHOLDERS or not re.search(r"\w", text)


def folded(value: Any) -> str:
    """A word as tables compare it: width, case, white space and punctuation make no difference."""
    text = unicodedata.normalize("NFKC", plain(value)).casefold()
    return re.sub(r"[\W_]+", "", text)


def day(value: Any) -> str | None:
    """The day that a cell says: written out, compact, or milliseconds since 1970 in China."""
    text = squeezed(value)
    if re.fullmatch(r"\d{13}", text):
        return datetime.fromtimestamp(int(text) / 1000, _CHINA).date().isoformat()
    match = _DAY.match(text)
    if not match:
        return None
    try:
        return datetime(*(int(part) for part in match.groups())).date().isoformat()  # noqa: DTZ001
    except ValueError:
        return None


def count(value: Any) -> int | None:
    """A whole number with or without thousands commas."""
    text = re.sub(r"[,，\s]", "", plain(value))
    return int(text) if re.fullmatch(r"\d+", text) else None


def tags(value: Any) -> tuple[set[str], set[str]]:
    """The words of a cell of keywords that can be tags, and those that cannot."""
    cells = value if isinstance(value, list) else [value]
    kept, dropped = set(), set()
    for cell in cells:
        for part in _SEPARATORS.split(unicodedata.normalize("NFKC", plain(cell))):
            word = part.strip(_MARKS)
            if word.lower() in PLACEHOLDERS or not re.search(r"[^\W_]", word):
                continue
            fits = re.fullmatch(r"[\w.-]{2,100}", word)
            (kept if fits else dropped).add(word.casefold())
    return kept, dropped


def telephones(value: Any) -> set[str]:
    """The digits of the office numbers in a cell: mobiles, masked ones and mailboxes are none."""
    text = _MAILBOX.sub(" ", unicodedata.normalize("NFKC", plain(value)))
    joined = re.sub(r"(?<=\d)[)）]?\s?[-‐‑–—−]\s?(?=\d)|(?<=\d)[)）]\s?(?=\d)", "", text)
    text = re.sub(r"[(（](?=0\d)", "", MOBILE.sub(" ", joined))
    return {*_LANDLINE.findall(text), *_SERVICE.findall(text)}


def mailbox(value: Any) -> str | None:
    """The first mailbox of a cell that bears no mobile number; blanks around its @ go."""
    text = re.sub(r"\s*@\s*", "@", unicodedata.normalize("NFKC", plain(value)))
    found = _MAILBOX.findall(text)
    return next((one for one in found if not re.search(r"1[3-9]\d{9}", one)), None)


def read_table(name: str) -> list[dict[str, str]]:
    """The rows of a published table, by its path below `standards/data`."""
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _cycles() -> dict[str, str]:
    table = {
        folded(row["label_zh"]): row["code"] for row in read_table("codelists/update_frequency.csv")
    }
    portals = read_table("codelists/update_frequency_portals.csv")
    table |= {folded(row["label_zh"]): row["canonical"] for row in portals if row["canonical"]}
    return table | {
        folded(row["word"]): row["code"] for row in read_table("frequency_synonyms.csv")
    }


def frequency(word: Any) -> str | None:
    """The code of an update cycle; a note in brackets behind it is passed over."""
    return _cycles().get(folded(re.sub(r"[(（]更新说明.*", "", plain(word), flags=re.DOTALL)))


@cache
def uncertain_cycles(portal: str) -> frozenset[str]:
    """The portal's codes that the published table leaves open."""
    rows = read_table("codelists/update_frequency_portals.csv")
    mine = [row for row in rows if row["portal_key"] == portal]
    return frozenset(row["code"] for row in mine if not row["canonical"])


@cache
def _openness() -> dict[str, str]:
    table = {
        folded(row["label_zh"]): row["code"] for row in read_table("codelists/open_attribute.csv")
    }
    variants = read_table("codelists/open_attribute_portal_variants.csv")
    return table | {folded(row["code"]): row["canonical"] for row in variants}


def open_attribute(word: Any) -> str | None:
    """The code of a word for openness."""
    return _openness().get(folded(word))


@cache
def _domains() -> dict[str, str]:
    table = {
        folded(row["label_zh"]): row["code"] for row in read_table("codelists/open_domain_22.csv")
    }
    return table | {folded(row["word"]): row["code"] for row in read_table("domain_synonyms.csv")}


@cache
def _compound() -> frozenset[str]:
    names = ("gbt21063_4_theme", "gov_disclosure_theme_22")
    labels = (row["label_zh"] for name in names for row in read_table(f"codelists/{name}.csv"))
    return frozenset(folded(label) for label in labels if re.search(r"[、,，;；/|]", label))


def domains(text: Any) -> list[str]:
    """The codes of the themes in a text; one theme that names several fields is not parted."""
    if folded(text) in _compound():
        words = [text]
    else:
        words = [text, *re.split(r"[、,，;；/|\\\n\t]+", plain(text))]
    codes = (_domains().get(folded(word)) for word in words)
    return list(dict.fromkeys(code for code in codes if code))


@cache
def _industries() -> dict[str, str]:
    table = {
        folded(row["label_zh"]): row["code"]
        for name in ("division", "section")
        for row in read_table(f"codelists/gbt4754_2017_{name}.csv")
    }
    return table | {folded(row["word"]): row["code"] for row in read_table("industry_synonyms.csv")}


def industry(word: Any) -> str | None:
    """The section, else the division of GB/T 4754 that a word names."""
    return _industries().get(folded(word))


@cache
def _formats() -> dict[str, tuple[str, str]]:
    listed = [row["code"] for row in read_table("codelists/format_crosswalk.csv")]
    table = {
        folded(code): (code, {"api": "api", "wms": "map"}.get(code, "file")) for code in listed
    }
    rows = read_table("format_synonyms.csv")
    return table | {folded(row["word"]): (row["code"], row["kind"]) for row in rows}


def format_of(word: str) -> str:
    """The format that a word names, or its kind in angle brackets (`<table>`) where it names none.

    What no table knows is a file, as nothing says otherwise.
    """
    category, parted, rest = re.match(r"([^-/:：]*)([-/:：]?)(.*)", word, re.DOTALL).groups()  # type: ignore[union-attr]
    if parted and category in _CATEGORIES:
        found = _formats().get(folded(rest)) or _formats().get(folded(category))
    else:
        found = _formats().get(folded(word))
    if found is None:
        return "<file>"
    return found[0] or f"<{found[1]}>"


def provider(value: Any) -> str:
    """A provider's name without the place in brackets before or behind it."""
    text = squeezed(value)
    bare = re.sub(r"^[【〔\[][^】〕\]]*[】〕\]]|[【〔\[][^】〕\]]*[】〕\]]$", "", text)
    return bare or text
