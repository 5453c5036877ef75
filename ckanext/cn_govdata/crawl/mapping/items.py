"""Data items: the columns of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl.mapping import coded, plain
from ckanext.cn_govdata.crawl.record import DataItem
from ckanext.cn_govdata.standards import words
from ckanext.cn_govdata.text import clean, numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.mapping.draft import Draft

MAX_ITEMS = 2_000
_LONGEST = 1_000  # characters of a name or description


def fill(draft: Draft) -> None:
    """Fill the data items, at most 2,000."""
    rows = draft.each.get("data_items", [])
    if len(rows) > MAX_ITEMS:
        draft.find("data_items", len(rows), f"more than {MAX_ITEMS} data items: cut")
    unknown: dict[str, None] = {}
    items = (_item(row, unknown) for row in rows[:MAX_ITEMS])
    draft.fields["data_items"] = tuple(item for item in items if item != DataItem())
    if unknown:
        draft.reject("data_items.data_type", list(unknown), "no data type of the list for certain")


def _item(row: Mapping[str, Any], unknown: dict[str, None]) -> DataItem:
    kind = clean.line(row.get("data_type"))
    code = words.item_data_type(kind)
    if kind is not None and code is None:
        unknown[kind] = None
    sensitivity = clean.line(row.get("sensitivity"))
    return DataItem(
        name_zh=_text(row, "name_zh"),
        name_en=_text(row, "name_en"),
        data_type=code,
        length=plain.bounded(numbers.count(row.get("length"))),
        description=_text(row, "description"),
        sensitivity=sensitivity and coded.code_of(("national_data_sensitivity",), sensitivity),
    )


def _text(row: Mapping[str, Any], name: str) -> str | None:
    text = clean.line(row.get(name))
    return text and text[:_LONGEST]
