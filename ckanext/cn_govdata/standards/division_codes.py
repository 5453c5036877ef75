"""Codes as they come in: longer ones, and those that only statistics tables have."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from .codelists import codelist
from .division_table import Level, get, table
from .zones import zones

# Six digits, nine with the township (GB/T 10114), twelve with the village.
_CODE = re.compile(r"\d{6}(?:\d{3}){0,2}", re.ASCII)
_DISTRICTS_GROUP = "01"


def normalise(code: str | int) -> str | None:
    """Return the six-digit GB/T 2260 code that `code` stands for, or None.

    Nine and twelve digits lie in the division of their first six. Rows that only statistics tables
    have stand for what they group or lie in: 110100 and 419000 for the province, 市辖区 (130101)
    for its city, a functional zone for its host.
    """
    text = unicodedata.normalize("NFKC", str(code)).strip()
    if not _CODE.fullmatch(text):
        return None
    six = text[:6]
    if six in table():
        return six
    if six in _stand_ins():
        return _stand_ins()[six]
    city = f"{six[:4]}00"
    return city if six.endswith(_DISTRICTS_GROUP) and city in table() else None


def level_of(code: str | int) -> Level | None:
    """Return the level of the division that `code` stands for, or None.

    Taken from the table: the code's zeros would be wrong for counties that a province administers
    itself, for districts of municipalities, and for statistics codes.
    """
    six = normalise(code)
    division = get(six) if six else None
    return division.level if division else None


@cache
def _stand_ins() -> dict[str, str]:
    special = codelist("gbt2260_special").values()
    groups = {row.code: row.extra["province"] for row in special if row.extra["kind"] == "virtual"}
    listed = codelist("nbs_only_codes").values()
    statistics = {row.code: row.extra["parent_code"] for row in listed}
    own = {zone.code: zone.host_code for zone in zones() if zone.code}
    return groups | statistics | own
