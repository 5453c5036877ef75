"""Which portal of the registry a file of records is of."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ckanext.cn_govdata.portals import registry

from .rules import read_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.cn_govdata.portals.registry import Portal


def portal_of(name: str, addresses: Iterable[str] = ()) -> Portal | None:
    """Find the portal of a file `<province>_<place>`, both in pinyin, or `<portal id>`.

    Where a division has several portals, that of the records' own addresses counts, else one whose
    family is known.
    """
    known = registry.get(name)
    if known is not None:
        return known
    codes = _divisions().get(name.lower(), [])
    found = [portal for code in codes for portal in registry.by_division(code)]
    hosts = {urlsplit(address).netloc for address in addresses}
    same = [portal for portal in found if urlsplit(portal.base_url).netloc in hosts]
    return next(iter(same or sorted(found, key=lambda portal: portal.family is None)), None)


@cache
def _divisions() -> dict[str, list[str]]:
    rows = [row for row in read_table("divisions.csv") if row["status"] == "current"]
    provinces = {row["code"]: _spelt(row) for row in rows if row["level"] == "province"}
    provinces["610000"] = "shaanxi"
    names: dict[str, list[str]] = {}
    for row in rows:
        if row["level"] in {"province", "prefecture"}:
            code = row["code"]
            province = provinces[f"{code[:2]}0000"]
            place = provinces.get(code) or _spelt(row)
            names.setdefault(f"{province}_{place}", []).append(code)
    return names


def _spelt(row: dict[str, str]) -> str:
    return re.sub("[^a-z]", "", row["name_pinyin"].lower())
