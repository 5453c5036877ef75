"""The shipped registry of portals: every portal that is to be harvested, and how.

`data/registry.csv` is edited by hand; `docs/registry.md` says how its rows came to be and what
each column means.
"""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIVE = "active"
NO_PROFILE = "no-profile"  # its wire interface is not documented
ARCHIVED = "archived"  # closed for good, or succeeded by another: kept, not harvested


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal or sub-site to be harvested by itself.

    `portal_id` is frozen for ever: identities of datasets are made from it. `base_url` has no
    path. `members` are the codes of divisions that publish here too; `settings` are keys of a
    harvest source's configuration.
    """

    portal_id: str
    division_code: str
    level: divisions.Level
    name_zh: str | None
    government_zh: str
    url: str
    base_url: str
    family: str | None
    parameters: Mapping[str, str]
    settings: Mapping[str, Any]
    members: tuple[str, ...]
    evidence: str
    seen_year: int | None
    confidence: str  # high, medium or low: that the portal is this government's and there
    state: str

    @property
    def harvestable(self) -> bool:
        """Whether it is there and its platform family is known."""
        return self.state == ACTIVE and self.family is not None

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain JSON values."""
        return {**asdict(self), "level": self.level.value, "members": list(self.members)}


def portals() -> tuple[Portal, ...]:
    """Return all portals, in order of their ids."""
    return tuple(_by_id().values())


def get(portal_id: str) -> Portal | None:
    """Return one portal by its id."""
    return _by_id().get(portal_id)


def by_division(code: str, *, below: bool = False) -> tuple[Portal, ...]:
    """Return the portals of a division; with `below`, those of all divisions under it too.

    A division that publishes on another's portal has none of its own: see `Portal.members`.
    """
    return tuple(
        portal
        for portal in portals()
        if portal.division_code == code or (below and code in _above(portal.division_code))
    )


@cache
def _above(code: str) -> frozenset[str]:
    return frozenset(division.code for division in divisions.ancestors(code))


@cache
def _by_id() -> dict[str, Portal]:
    file = files("ckanext.cn_govdata.portals") / "data" / "registry.csv"
    text = file.read_text(encoding="utf-8")
    found = (_portal(row) for row in csv.DictReader(text.splitlines()))
    return {portal.portal_id: portal for portal in found}


def _portal(row: Mapping[str, str]) -> Portal:
    return Portal(
        portal_id=row["portal_id"],
        division_code=row["division_code"],
        level=divisions.Level(row["level"]),
        name_zh=row["name_zh"] or None,
        government_zh=row["government_zh"],
        url=row["url"],
        base_url=row["base_url"],
        family=row["family"] or None,
        parameters=json.loads(row["parameters"] or "{}"),
        settings=json.loads(row["settings"] or "{}"),
        members=tuple(row["members"].split()),
        evidence=row["evidence"],
        seen_year=int(row["seen_year"]) if row["seen_year"] else None,
        confidence=row["confidence"],
        state=row["state"],
    )
