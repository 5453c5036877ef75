"""Functional zones (功能区): new areas and development zones that GB/T 2260 gives no code.

The statistics tables number 133 of them; `data/zones.csv` adds three that portals know.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from .codelists import codelist
from .division_table import Division, ancestors, get
from .folding import fold
from .resources import rows

_SHORTER = (
    ("高新技术产业开发区", "高新区"),
    ("高技术产业开发区", "高新区"),
    ("高新技术开发区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("管理委员会", ""),
    ("管委会", ""),
)


@dataclass(frozen=True, slots=True)
class Zone:
    """A functional zone in the division `host_code`, whose administrative level it keeps.

    `code` is the number in the statistics tables or a portal's own, never a GB/T 2260 code.
    """

    code: str | None
    name_zh: str
    name_en: str
    host_code: str
    source: str


@cache
def zones() -> tuple[Zone, ...]:
    """All known zones. Statistics rows that repeat their host's name (嘉峪关市) are none."""
    listed = [
        Zone(entry.code, entry.label_zh, entry.label_en, entry.extra["parent_code"], entry.source)
        for entry in codelist("nbs_only_codes").values()
        if entry.label_zh != _host(entry.extra["parent_code"]).name_zh
    ]
    own = [
        Zone(
            row["code"] or None, row["label_zh"], row["label_en"], row["parent_code"], row["source"]
        )
        for row in rows("zones.csv")
    ]
    return (*listed, *own)


def zone(code_or_name: str) -> Zone | None:
    """Return the zone with this code or name, or None when unknown or ambiguous.

    Names match with or without the province or 市, with 经开区 and 高新区 for the long forms, and
    with 管委会 after them.
    """
    found = _by_name().get(_key(code_or_name), ())
    return found[0] if len(found) == 1 else None


@cache
def _by_name() -> dict[str, tuple[Zone, ...]]:
    found: dict[str, list[Zone]] = defaultdict(list)
    for each in zones():
        if each.code:
            found[each.code].append(each)
        for form in _forms(each):
            found[form].append(each)
    return {form: tuple(named) for form, named in found.items()}


def _forms(each: Zone) -> set[str]:
    """Return the keys of a zone's names.

    Without the province where the host follows it (安徽安庆…), with the host in full and short.
    """
    host = _host(each.host_code)
    hosts = (host.name_zh, host.short_name)
    names = {each.name_zh}
    for above in ancestors(host.code):
        rest = each.name_zh.removeprefix(above.short_name)
        if rest.startswith(hosts):
            names.add(rest)
    for name in tuple(names):
        for prefix in hosts:
            if name.startswith(prefix):
                names |= {other + name.removeprefix(prefix) for other in hosts}
    return {_key(name) for name in names}


def _key(name: str) -> str:
    key = fold(name)
    for long, short in _SHORTER:
        key = key.replace(long, short)
    return key


def _host(code: str) -> Division:
    host = get(code)
    if host is None:
        raise LookupError(f"functional zone in an unknown division {code}")
    return host
