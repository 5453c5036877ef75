"""Fields that one cleaner makes from the raw text alone."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from ckanext.cn_govdata.standards import credit_code
from ckanext.cn_govdata.text import clean, dates, numbers, tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.cn_govdata.crawl.mapping.draft import Draft
    from ckanext.cn_govdata.crawl.nodes import Node

LONGEST_LINE = 2_000  # characters
LONGEST_BLOCK = 100_000
_LARGEST = 2**53
_YES = frozenset({"是", "true", "1", "yes", "y"})
_NO = frozenset({"否", "false", "0", "no", "n"})


class Rule(NamedTuple):
    """A cleaner, and what a value that it does not take is called."""

    clean: Callable[[Node], Node]
    complaint: str
    longest: int | None = None


def moment(value: Node) -> str | None:
    """Return a date, with its time in UTC+8 if it has one, as ISO 8601."""
    found = None if value is None else dates.parse(value)
    return dates.iso_datetime(found) if isinstance(found, datetime) else dates.iso_date(found)


def yes_or_no(value: Node) -> bool | None:
    """Return the truth that a word or code says."""
    folded = clean.fold(value)
    return True if folded in _YES else False if folded in _NO else None


def bounded(number: int | None) -> int | None:
    """Return a number that every reader of JSON keeps exactly; ``None`` for a longer one."""
    return number if number is None or number <= _LARGEST else None


def web_address(value: Node, base: str | None = None) -> str | None:
    """Return an absolute http or https address; ``None`` for dead anchors and scripts."""
    text = None if value is None else clean.line(value)
    if text is None or text.startswith("#"):
        return None
    address = urljoin(base, text) if base else text
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in {"http", "https"} and parts.hostname else None


_LINE = Rule(clean.line, "not a text", LONGEST_LINE)
_BLOCK = Rule(clean.block, "not a text", LONGEST_BLOCK)
_DAY = Rule(dates.iso_date, "not a date")
_COUNT = Rule(lambda value: bounded(numbers.count(value)), "not a whole number")

RULES: dict[str, Rule] = {
    **dict.fromkeys(
        (
            "title",
            "resource_code",
            "registration_code",
            "provider_unit",
            "catalog_path",
            "functional_zone",
        ),
        _LINE,
    ),
    **dict.fromkeys(("notes", "open_condition", "share_condition"), _BLOCK),
    **dict.fromkeys(("issued", "modified", "temporal_start", "temporal_end"), _DAY),
    **dict.fromkeys(("record_count", "source_views", "source_downloads"), _COUNT),
    "source_modified": Rule(moment, "not a date"),
    "data_volume": Rule(lambda value: bounded(numbers.size_bytes(value)), "not a size"),
    "electronic_certificate": Rule(yes_or_no, "neither yes nor no"),
    "terms_url": Rule(web_address, "not a web address"),
}


def fill(draft: Draft) -> None:
    """Fill the fields that have a rule here, the tags, related codes and the credit code."""
    for name, rule in RULES.items():
        value = draft.raw.get(name)
        if value is None or clean.is_placeholder(value):
            continue
        cleaned = rule.clean(value)
        if cleaned is None:
            draft.reject(name, value, rule.complaint)
        else:
            draft.fields[name] = _cut(draft, name, cleaned, rule.longest)
    _tags(draft)
    _credit_code(draft)
    related = (clean.line(text) for text in draft.texts("related_codes"))
    draft.fields["related_codes"] = tuple(text for text in related if text)


def _cut(draft: Draft, name: str, value: Node, longest: int | None) -> Node:
    if longest is None or len(value) <= longest:
        return value
    draft.find(name, value, f"longer than {longest} characters: cut")
    return value[:longest]


def _tags(draft: Draft) -> None:
    texts = draft.texts("tags")
    if not texts:
        return
    split = tags.split(texts)
    draft.fields["tags"] = split.kept
    if split.dropped:
        draft.reject("tags", list(split.dropped[: 2 * tags.MAX_TAGS]), "words that cannot be tags")


def _credit_code(draft: Draft) -> None:
    value = clean.line(draft.raw.get("provider_uscc"))
    if value is None:
        return
    code = clean.fold(value).upper()
    check = credit_code.check(code)
    draft.fields["provider_uscc"] = code
    if not check.valid:
        draft.find(
            "provider_uscc", value, f"not a valid unified social credit code: {check.reason}"
        )
