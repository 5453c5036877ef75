"""The value of a cell to the value of a field and back, by the kind of its column.

Readers raise `ValueError` with the rule that a cell breaks.
"""

# ruff: noqa: ANN401, ARG001, ARG005 - values of any type; every reader is handed the column

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import division_input
from ckanext.cn_govdata.schema.codes import SIMPLIFIED, labels
from ckanext.cn_govdata.standards import words
from ckanext.cn_govdata.text import clean, dates, numbers, tags

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ckanext.cn_govdata.workbook.columns import Column

GIGABYTE = 2**30
LIST_MARK = "；"
_SHORT_LIST = 10  # codes

_BETWEEN = re.compile(r"[；;、，,\n]+")
_BETWEEN_CODES = re.compile(r"[；;\n]+")
# Days since the last of 1899, from 1954 on: no other way of writing dates has five digits.
_SERIAL = re.compile(r"[2-9]\d{4}(?:\.\d+)?")
_FIRST_DAY, _DAY_SECONDS = datetime(1899, 12, 30), 86_400  # noqa: DTZ001 - a day of a calendar
# A year or a month alone is a date of the schema too.
_YEAR_OR_MONTH = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
# What the standards room reads beside label and code.
_WORDS: Mapping[str, Callable[[str], str | None]] = {
    "update_frequency": words.frequency,
    "open_attribute": words.open_attribute,
    "item_data_type": words.item_data_type,
    "open_domain_22": lambda word: next(iter(words.domains(word)), None),
}
# How the template's own examples and local workbooks shorten the three classes and the modes.
_SHORT = {
    "gov_catalog_class": {
        "1": ("基础", "基础类", "基础信息资源", "基础信息资源类"),
        "2": ("主题", "主题类", "主题信息资源", "主题信息资源类"),
        "3": ("部门", "部门类", "部门信息资源", "部门信息资源类"),
    },
    "share_mode_category": {
        "1": ("共享平台", "平台", "平台方式"),
        "2": ("邮件",),
        "3": ("介质", "拷盘"),
    },
    "share_type": {"1": ("无条件",), "2": ("有条件",), "3": ("不共享",)},
    "format_category": {"4": ("图形图像类",), "5": ("流媒体类",), "6": ("自描述",)},
}


def read(column: Column, value: Any) -> Any:
    """The value of a field; None for an empty cell. Raises `ValueError` with the broken rule."""
    text = _text(value)
    if text is None or column.kind == "unstored":
        return text
    return READERS[column.kind](column, value if _is_date(value) else text)


def write(column: Column, value: Any) -> Any:
    """What a cell shows of a field's value: text, a number or None."""
    if value is None or value in ("", []):
        return None
    if column.kind == "codes":
        return LIST_MARK.join(label_of(column.code_list or "", code) for code in value)
    if column.kind in ("list", "tags"):
        return LIST_MARK.join(map(str, value))
    if column.code_list:
        return label_of(column.code_list, value)
    if column.kind == "integer":
        return value if isinstance(value, int) else str(value)
    return str(value)


def label_of(code_list: str, code: Any) -> str:
    """How a workbook writes a code: its Chinese label, with the code where labels repeat."""
    known = labels(code_list).get(str(code))
    if known is None:
        return str(code)
    label = known[SIMPLIFIED]
    return label if code_of(code_list, label) == str(code) else f"{code} {label}"


def code_of(code_list: str, word: str) -> str | None:
    """The code of a label, a code, or both; None when there is none or more than one."""
    found = _table(code_list).get(clean.fold(word))
    return found or (_WORDS[code_list](word) if code_list in _WORDS else None)


@cache
def _table(code_list: str) -> dict[str, str]:
    by_label: dict[str, set[str]] = {}
    exact: dict[str, str] = {}
    for code, names in labels(code_list).items():
        exact[clean.fold(code)] = code
        for name in names.values():
            exact[clean.fold(f"{code} {name}")] = code
            by_label.setdefault(clean.fold(name), set()).add(code)
        for name in _SHORT.get(code_list, {}).get(code, ()):
            by_label.setdefault(clean.fold(name), set()).add(code)
    return {**{name: min(codes) for name, codes in by_label.items() if len(codes) == 1}, **exact}


def _code(column: Column, value: Any) -> str:
    found = code_of(column.code_list or "", str(value))
    if found is None:
        rule = tk._('"{value}" is not in the code list {list}')
        raise ValueError(rule.format(value=value, list=_named(column.code_list or "")))
    return found


def _named(code_list: str) -> str:
    """A code list as a problem names it: a short one with all that it holds."""
    names = [label_of(code_list, code) for code in labels(code_list)]
    short = len(names) <= _SHORT_LIST
    return f"{code_list} ({LIST_MARK.join(names)})" if short else code_list


def _codes(column: Column, value: Any) -> list[str]:
    given = {_code(column, part) for part in _BETWEEN_CODES.split(str(value)) if part.strip()}
    return [code for code in labels(column.code_list or "") if code in given]


def _date(column: Column, value: Any) -> str:
    if isinstance(value, str) and _YEAR_OR_MONTH.fullmatch(value):
        return value
    found = dates.iso_date(_of_serial(value))
    if found is None:
        raise ValueError(tk._('"{value}" is not a date (GB/T 7408)').format(value=value))
    return found


def _of_serial(value: Any) -> Any:
    """The moment of a spreadsheet's day number, which shows where a cell lost its date format."""
    if isinstance(value, str) and _SERIAL.fullmatch(value):
        return _FIRST_DAY + timedelta(seconds=round(float(value) * _DAY_SECONDS))
    return value


def _datetime(column: Column, value: Any) -> str:
    found = dates.iso_datetime(_of_serial(value))
    if found is None:
        raise ValueError(tk._('"{value}" is not a date and time (GB/T 7408)').format(value=value))
    return found


def _integer(column: Column, value: Any) -> int:
    found = numbers.count(value)
    if found is None:
        raise ValueError(tk._("A whole number is expected"))
    return found


def _gigabytes(column: Column, value: Any) -> int:
    try:
        number = float(str(value).replace(",", "").upper().removesuffix("GB"))
    except ValueError:
        number = -1.0
    if not 0 <= number < GIGABYTE:
        raise ValueError(tk._("A number of gigabytes is expected"))
    return round(number * GIGABYTE)


def _list(column: Column, value: Any) -> list[str]:
    return list(dict.fromkeys(filter(None, map(clean.line, _BETWEEN.split(str(value))))))


READERS: Mapping[str, Callable[[Column, Any], Any]] = {
    "text": lambda column, value: clean.line(value),
    "block": lambda column, value: clean.block(value),
    "code": _code,
    "codes": _codes,
    "date": _date,
    "datetime": _datetime,
    "integer": _integer,
    "gigabytes": _gigabytes,
    # What is no division or several, the schema says.
    "division": lambda column, value: division_input.certain(value) or value,
    "list": _list,
    "tags": lambda column, value: sorted(tags.split(value).kept),
}


def _is_date(value: Any) -> bool:
    return hasattr(value, "isoformat")


def _text(value: Any) -> str | None:
    """A cell as text; whole numbers without the decimals that spreadsheets give them."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return clean.block(str(value))
