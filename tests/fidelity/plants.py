"""Invented personal data, put into a portal's records before they are served."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.portals.records import NOTES, PHONE, TITLE
from tests.text.invented import identity, mobile

from .rules import blank

if TYPE_CHECKING:
    from tests.portals.records import Record

SHARE = 40  # of so many records, one is planted in each of the ways
BY_TITLE = frozenset({"single-chuzhou"})
LANDLINE = "0599-8712345"
_SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡郭何高林罗"
_GIVEN = ("建国", "秀兰", "桂英", "德海", "玉梅", "志刚", "晓东", "丽华", "海燕", "文斌")
_ACCOUNTS = ("createUser", "updateBy", "uploadUserName")


@dataclass
class Plant:
    """What was put into one record: the fields it went to, and the words that must not come out."""

    kind: str
    labels: frozenset[str] = frozenset()
    words: tuple[str, ...] = field(default=())


def planted(record: Record, family: str) -> tuple[Record, Plant | None]:
    """Put personal data into six records of forty; the same record always gets the same.

    Titles stay where a family looks its details up by title.
    """
    number = int.from_bytes(hashlib.sha256(f"plant {record.id}".encode()).digest()[:4], "big")
    way = _WAYS.get(number % SHARE)
    if way is None or (way is _title and family in BY_TITLE):
        return record, None
    return way(record, number // SHARE)


def _person(number: int) -> tuple[str, str, str]:
    name = _SURNAMES[number % len(_SURNAMES)] + _GIVEN[number // 20 % len(_GIVEN)]
    digits = mobile(f"{number % 10**8:08}", "3579"[number % 4] + str(number // 4 % 10))
    born = f"{1950 + number % 50}{1 + number % 12:02}{1 + number % 28:02}"
    return name, digits, identity(born, order=f"{number % 1000:03}")


def _label(record: Record, labels: tuple[str, ...]) -> str:
    return next((label for label in labels if label in record.cells), labels[0])


def _contact(record: Record, number: int) -> tuple[Record, Plant]:
    name, digits, _ = _person(number)
    return _changed(record, "contact", {_label(record, PHONE): f"{name} {digits}"}, name, digits)


def _contact_with_office(record: Record, number: int) -> tuple[Record, Plant]:
    if not any(label in record.cells for label in PHONE):
        return _contact(record, number)
    name, digits, _ = _person(number)
    cell = f"{LANDLINE}（{name}，{digits}）"
    return _changed(record, "office", {_label(record, PHONE): cell}, name, digits)


def _contact_with_identity(record: Record, number: int) -> tuple[Record, Plant]:
    name, _, code = _person(number)
    return _changed(record, "identity", {_label(record, PHONE): f"{name}{code}"}, name, code)


def _accounts(record: Record, number: int) -> tuple[Record, Plant]:
    name, digits, _ = _person(number)
    cells: dict[str, Any] = dict.fromkeys(_ACCOUNTS, name)
    cells |= {"联系人": f"{name}{digits}", "uploadUserPhone": digits}
    return _changed(record, "accounts", cells, name, digits)


def _abstract(record: Record, number: int) -> tuple[Record, Plant | None]:
    name, digits, code = _person(number)
    label = _label(record, NOTES)
    if blank(record.cells.get(label)):
        return record, None
    text = f"{record.cells[label]}。联系人：{name}，电话{digits}，身份证号{code}"
    return _changed(record, "abstract", {label: text}, name, digits, code)


def _title(record: Record, number: int) -> tuple[Record, Plant | None]:
    name, digits, _ = _person(number)
    label = _label(record, TITLE)
    if blank(record.cells.get(label)):
        return record, None
    text = f"{record.cells[label]}（联系人：{name} {digits}）"
    return _changed(record, "title", {label: text}, name, digits)


def _changed(record: Record, kind: str, cells: dict[str, Any], *words: str) -> tuple[Record, Plant]:
    return record.changed(**cells), Plant(kind, frozenset(cells), words)


_WAYS = dict(
    enumerate(
        (
            _contact,
            _contact_with_office,
            _contact_with_identity,
            _accounts,
            _abstract,
            _title,
        )
    )
)
