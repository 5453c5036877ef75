"""The registry of portals: every portal that is to be harvested, and how.

`data/registry.csv` is shipped and edited by hand; `docs/registry.md` says how its rows came to be
and what each column means. Rows of the operator's own lie over it: see `own_rows`.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ckanext.cn_govdata.portals.row import ACTIVE, ARCHIVED, NO_PROFILE, Portal, read
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = [
    "ACTIVE",
    "ARCHIVED",
    "NO_PROFILE",
    "Portal",
    "by_division",
    "get",
    "lay_over",
    "portals",
    "publishing",
    "shipped",
]

_own: dict[str, Portal] = {}


def portals() -> tuple[Portal, ...]:
    """Return all portals, in order of their ids."""
    return tuple(_by_id().values())


def get(portal_id: str) -> Portal | None:
    """Return one portal by its id."""
    return _by_id().get(portal_id)


def by_division(code: str, *, below: bool = False) -> tuple[Portal, ...]:
    """Return the portals of a division; with `below`, those of all divisions under it too.

    A division that publishes on another's portal has none of its own: see `publishing`.
    """
    return tuple(
        portal
        for portal in portals()
        if portal.division_code == code or (below and code in _above(portal.division_code))
    )


def publishing(code: str) -> tuple[Portal, ...]:
    """Return the portals on which a division publishes: its own first, then those it is member of."""
    return (*by_division(code), *_with_member().get(code, ()))


def shipped() -> Mapping[str, Portal]:
    """Return the shipped rows by id, without the operator's own."""
    return _shipped()


def lay_over(own: Iterable[Portal]) -> None:
    """Replace the operator's own rows: those of shipped ids replace them, the others are added."""
    _own.clear()
    _own.update((portal.portal_id, portal) for portal in own)
    _by_id.cache_clear()
    _with_member.cache_clear()


@cache
def _above(code: str) -> frozenset[str]:
    return frozenset(division.code for division in divisions.ancestors(code))


@cache
def _shipped() -> dict[str, Portal]:
    file = files("ckanext.cn_govdata.portals") / "data" / "registry.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    found = (read(row) for row in rows)
    return {portal.portal_id: portal for portal in found}


@cache
def _by_id() -> dict[str, Portal]:
    return dict(sorted({**_shipped(), **_own}.items()))


@cache
def _with_member() -> dict[str, tuple[Portal, ...]]:
    found: dict[str, list[Portal]] = {}
    for portal in portals():
        for code in portal.members:
            found.setdefault(code, []).append(portal)
    return {code: tuple(rows) for code, rows in found.items()}
