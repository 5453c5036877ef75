"""The division that a provider of data belongs to, where its name says so for certain.

On a city's platform the counties are providers like any other: 肥东县教育局 on the portal of Hefei
publishes data of Feidong. Nothing is guessed: what the name does not say is the portal's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from .division_table import Level, get
from .division_text import find_in_text

# 【台州市】市教育局: the place before or behind the name is decoration of the portal's lists.
_DECORATION = re.compile(r"^\s*[【〔\[]([^】〕\]]*)[】〕\]]\s*|\s*[【〔\[]([^】〕\]]*)[】〕\]]\s*$")
# 区水利局 on a city's portal, 市发改委 on a province's: one below it, but which?
_UNNAMED = re.compile("^(省|自治区|市|州|县|区|旗)")
_UNNAMED_LEVEL = {
    "省": Level.PROVINCE,
    "自治区": Level.PROVINCE,
    "市": Level.PREFECTURE,
    "州": Level.PREFECTURE,
    "县": Level.COUNTY,
    "区": Level.COUNTY,
    "旗": Level.COUNTY,
}
# 市教委 of Shanghai is the municipality's own, 区发改委 of Ningxia the autonomous region's.
_ITSELF = {"municipality": "市", "autonomous_region": "区"}
_DEPTH = {level: depth for depth, level in enumerate(Level)}


class Rule(StrEnum):
    """What an assignment rests on."""

    NAME = "name"  # the provider's name begins with the division
    DECORATION = "decoration"  # the brackets around the name hold it
    PORTAL = "portal"  # the name says no other: the portal's own division
    UNNAMED = "unnamed"  # one below the portal's division, which the name leaves open: the portal's

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class Assignment:
    """The division of a provider (None where the portal's is not known either), and why."""

    code: str | None
    rule: Rule


@lru_cache(maxsize=8192)
def assign(provider: str, within: str | None) -> Assignment:
    """Return the division of a provider on the portal of the division `within`.

    `provider` is the name as the portal writes it. A name that fits several divisions, or one
    outside `within`, says nothing.
    """
    name, decoration = undecorated(provider)
    for text, rule in ((name, Rule.NAME), (decoration, Rule.DECORATION)):
        found = find_in_text(text, within) if text else None
        if found is not None:
            return Assignment(found.code, rule)
    return Assignment(within, Rule.UNNAMED if _is_below(name, within) else Rule.PORTAL)


def undecorated(provider: str) -> tuple[str, str]:
    """Return a provider's name without bracketed decoration, and the decoration."""
    match = _DECORATION.search(provider)
    if match is None:
        return provider, ""
    name = (provider[: match.start()] + provider[match.end() :]).strip()
    return (name, match.group(1) or match.group(2) or "") if name else (provider, "")


def _is_below(name: str, within: str | None) -> bool:
    division = get(within) if within else None
    match = _UNNAMED.match(name)
    if division is None or match is None or _ITSELF.get(division.unit_type) == match.group():
        return False
    return _DEPTH[_UNNAMED_LEVEL[match.group()]] > _DEPTH[division.level]
