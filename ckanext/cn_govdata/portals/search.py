"""Finding portals of the registry by what people know of them, and what the registry covers."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.portals import families, registry
from ckanext.cn_govdata.portals.registry import ACTIVE, ARCHIVED, NO_PROFILE, Portal
from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.standards.divisions import Level

if TYPE_CHECKING:
    from collections.abc import Iterable

STATES = (ACTIVE, NO_PROFILE, ARCHIVED)


def state(portal: Portal) -> str:
    """The state of a portal here: one of a family that no profile describes has no profile either."""
    if portal.state == ACTIVE and portal.family not in families.families():
        return NO_PROFILE
    return portal.state


def select(
    *,
    text: str | None = None,
    division: str | None = None,
    level: str | None = None,
    family: str | None = None,
    state_: str | None = None,
) -> tuple[Portal, ...]:
    """Return the portals to which all that is given applies.

    `division` means the division and all below it, members included: a county's code finds the
    portal of its city. `text` is looked for in names, addresses, codes and pinyin, also of members.
    """
    words = _folded(text or "").split()
    return tuple(
        portal
        for portal in registry.portals()
        if (division is None or _in_division(portal, division))
        and level in (None, portal.level.value)
        and family in (None, portal.family)
        and state_ in (None, state(portal))
        and all(word in _searched(portal) for word in words)
    )


def described(portal: Portal) -> dict[str, Any]:
    """A portal as JSON: its row, its state here, the names of its members."""
    members = [
        {"code": code, "name_zh": division.name_zh if division else code}
        for code, division in ((code, divisions.get(code)) for code in portal.members)
    ]
    return {**portal.as_dict(), "state": state(portal), "members": members}


@dataclass(slots=True)
class Cover:
    """Of one province: governments by level, and how many of them a profile reaches."""

    code: str
    name_zh: str
    listed: dict[str, int]
    with_profile: dict[str, int]


def coverage() -> list[Cover]:
    """Count, by province and level, the governments that publish and those a profile reaches.

    A government counts once, whether it has a portal of its own, several, or is a member.
    """
    reached: dict[str, bool] = {}
    for portal in registry.portals():
        if portal.state == ARCHIVED:
            continue
        ready = state(portal) == ACTIVE
        for code in (portal.division_code, *portal.members):
            reached[code] = reached.get(code, False) or ready
    found = {one.code: Cover(one.code, one.name_zh, {}, {}) for one in divisions.provinces()}
    for code, ready in reached.items():
        cover = found.get(province_of(code))
        level = divisions.level_of(code)
        if cover is None or level is None:
            continue
        cover.listed[level.value] = cover.listed.get(level.value, 0) + 1
        cover.with_profile[level.value] = cover.with_profile.get(level.value, 0) + ready
    return [cover for cover in found.values() if cover.listed]


def province_of(code: str) -> str:
    """The code of the province that a division is or lies in."""
    return f"{code[:2]}0000"


def levels() -> tuple[str, ...]:
    """The levels that portals are of, the highest first."""
    present = {portal.level for portal in registry.portals()}
    return tuple(level.value for level in Level if level in present)


def known_families(portals: Iterable[Portal] | None = None) -> tuple[str, ...]:
    """The families of the registry's rows, sorted."""
    rows = registry.portals() if portals is None else portals
    return tuple(sorted({portal.family for portal in rows if portal.family}))


def _in_division(portal: Portal, code: str) -> bool:
    own = (portal.division_code, *portal.members)
    return any(each == code or divisions.is_within(each, code) for each in own)


def _searched(portal: Portal) -> str:
    return _search_text(portal.portal_id, portal.title, portal.url, portal.family, portal.members)


@cache
def _search_text(
    portal_id: str, title: str, url: str, family: str | None, members: tuple[str, ...]
) -> str:
    parts = [portal_id, title, url, family or ""]
    for code in (portal_id[:6], *members):
        division = divisions.get(code)
        if division is not None:
            pinyin = division.pinyin or ""
            initials = "".join(word[0] for word in pinyin.split())
            parts += [code, division.name_zh, pinyin.replace(" ", ""), pinyin, initials]
            parts.append(division.name_en or "")
    return _folded("\n".join(parts))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()
