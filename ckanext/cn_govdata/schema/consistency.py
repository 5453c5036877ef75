"""Rules over several fields, and soft rules of one: what contradicts in a dataset."""

# ruff: noqa: ANN401 - a field's value is of any type

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import division_input
from ckanext.cn_govdata.schema.stored import CHINA_TIME
from ckanext.cn_govdata.schema.violation import Violation
from ckanext.cn_govdata.standards import credit_code, divisions

Data = Mapping[str, Any]

NOT_SHARED, NOT_OPEN = "3", "3"
# Guide 1272: class 1 digit, item 2, sub-item 3, detail any number, then the sequence number. The
# guide prints no numbers below the class, and provinces deviate: a finding, never an error.
_RESOURCE_CODE = re.compile(r"[123]\d{5}\d*(?:/\d+)?")


def contradictions(data: Data) -> Iterator[Violation]:
    """All contradictions of a dataset in the shape of `package_show`, in the reader's language."""
    yield from _opening(data)
    yield from _division(data)
    yield from _dates(data)
    yield from _codes(data)


def _opening(data: Data) -> Iterator[Violation]:
    open_attribute = data.get("open_attribute")
    if data.get("share_type") == NOT_SHARED and open_attribute not in (None, "", NOT_OPEN):
        message = tk._("A resource that is not shared cannot be open (guide 1272)")
        yield Violation(("open_attribute",), "M", message, "not-shared-is-not-open")


def _division(data: Data) -> Iterator[Violation]:
    """A code that stood neither when the dataset was released nor today."""
    code = data.get("division_code")
    rows = divisions.history(code) if code else ()
    today = datetime.now(CHINA_TIME).year
    years = {today, _year(data.get("issued")) or today}
    if not rows or any(row.valid_on(year) for row in rows for year in years):
        return
    successors = [division_input.described(each.code) for each in divisions.today(code)]
    message = tk._(
        "The division {code} stood until {year} only (GB/T 2260); today: {successors}"
    ).format(
        code=division_input.described(code),
        year=rows[-1].valid_to,
        successors="; ".join(successors),
    )
    yield Violation(("division_code",), "M", message, "division-stands")


def _dates(data: Data) -> Iterator[Violation]:
    start, end = (str(data.get(name) or "") for name in ("temporal_start", "temporal_end"))
    # ISO 8601 dates of unequal precision compare as far as the shorter one goes.
    common = min(len(start), len(end))
    if start[:common] > end[:common]:
        message = tk._("The temporal coverage ends ({end}) before it begins ({start})")
        message = message.format(start=start, end=end)
        yield Violation(("temporal_end",), "M", message, "temporal-order")
    issued, modified = (str(data.get(name) or "") for name in ("issued", "modified"))
    common = min(len(issued), len(modified))
    if issued[:common] > modified[:common]:
        message = tk._("Modified ({modified}) before it was released ({issued}; GB/T 21063.3)")
        message = message.format(modified=modified, issued=issued)
        yield Violation(("modified",), "R", message, "modified-after-issued")


def _codes(data: Data) -> Iterator[Violation]:
    uscc = data.get("provider_uscc")
    if uscc and not credit_code.check(str(uscc)).valid:
        message = tk._('"{code}" is not a unified social credit code (GB 32100)')
        yield Violation(("provider_uscc",), "R", message.format(code=uscc), "credit-code")
    code = data.get("resource_code")
    if code and not _RESOURCE_CODE.fullmatch(str(code)):
        message = tk._('"{code}" does not have the form of a resource code (1272-3)')
        yield Violation(("resource_code",), "R", message.format(code=code), "resource-code-form")


def _year(value: Any) -> int | None:
    text = str(value or "")[:4]
    return int(text) if text.isdecimal() else None
