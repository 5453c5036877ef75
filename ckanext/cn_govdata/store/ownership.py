"""One dataset that several portals publish: the lowest level owns it, the others are named on it.

What is decided depends on the records that the catalogue has at the moment and on nothing else, so
the order of harvests does not matter and a second run finds nothing to do. Two portals are the
same publisher only where `crawl.sameness` is certain; a portal that lists two records of one key
takes no part, as nobody can tell which of them is meant.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.crawl import identity
from ckanext.cn_govdata.crawl.sameness import depth, match_key
from ckanext.cn_govdata.store import bulk, catalogued, lock, removal
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.tables import MISSING, WITHDRAWN, ceded_table, now, record_table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from ckanext.cn_govdata.crawl.messages import Item

    Guard = Callable[[], None]

_record, _ceded = record_table, ceded_table
_LOCK = "ownership"


@dataclass(frozen=True, slots=True)
class Claim:
    """A record that may own a dataset. `ceded_to` is the owner's id where it does not."""

    package_id: str
    portal_id: str
    key: str | None
    missing: bool
    holds: bool  # has a dataset of its own
    first_seen: datetime
    ceded_to: str | None = None


def owners(claims: Iterable[Claim]) -> dict[str, str]:
    """Who cedes to whom: ids of datasets that are not to be, each with its owner's id.

    The lowest level owns. On one level the one that has the dataset keeps it, else the first seen.
    """
    by_key: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        if claim.key is not None:
            by_key[claim.key].append(claim)
    ceding: dict[str, str] = {}
    for same in by_key.values():
        certain = sorted(_one_of_each_portal(same), key=_rank)
        for claim in certain[1:]:
            ceding[claim.package_id] = certain[0].package_id
    return ceding


def _one_of_each_portal(claims: Iterable[Claim]) -> list[Claim]:
    """Each portal's only record; of two, of which one is missing from its list, the other."""
    by_portal: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_portal[claim.portal_id].append(claim)
    found = []
    for own in by_portal.values():
        listed = [claim for claim in own if not claim.missing] or own
        if len(listed) == 1:
            found += listed
    return found


def _rank(claim: Claim) -> tuple[int, bool, datetime, str]:
    return -depth(claim.portal_id), not claim.holds, claim.first_seen, claim.package_id


class Batch:
    """The ownership of the records of one batch, before and after it is written."""

    def __init__(self, portal_id: str) -> None:
        self._portal_id = portal_id
        self._keys: set[str] = set()
        self._ids: set[str] = set()
        self._urls: dict[str, str | None] = {}

    def ceding(self, items: Sequence[Item]) -> dict[str, str]:
        """Those of new and changed records that cede: ids of datasets with their owners' ids."""
        if not settings.harvest_one_owner():
            return {}
        keys = {self._id(item): _key(item, self._portal_id) for item in items}
        stored = _claims([key for key in keys.values() if key], keys)
        at = now()
        before = {claim.package_id: claim for claim in stored}
        mine = [
            Claim(
                package_id,
                self._portal_id,
                key,
                missing=False,
                holds=package_id in before and before[package_id].holds,
                first_seen=before[package_id].first_seen if package_id in before else at,
            )
            for package_id, key in keys.items()
        ]
        others = [claim for claim in stored if claim.package_id not in keys]
        self._keys.update(claim.key for claim in (*stored, *mine) if claim.key)
        self._ids.update(keys)
        self._urls.update({self._id(item): item.record.url for item in items if item.record})
        decided = owners([*mine, *others])
        return {key: owner for key, owner in decided.items() if key in keys}

    def settle(self, guard: Guard) -> list[str]:
        """Decide again with what is written now, and carry it out; commits.

        Returns the ids of the datasets that were deleted.
        """
        gone = settle(self._keys, self._ids, self._urls, guard) if self._ids else []
        self._keys, self._ids, self._urls = set(), set(), {}
        return gone

    def _id(self, item: Item) -> str:
        return identity.package_id(self._portal_id, item.source_id)


def _key(item: Item, portal_id: str) -> str | None:
    return match_key(item.record, portal_id) if item.record else None


def cede(ceding: Mapping[str, str], urls: Mapping[str, str | None], at: datetime) -> None:
    """Note who cedes to whom, with the addresses that are known; does not commit."""
    rows = [
        {"package_id": key, "owner_id": owner, "url": urls.get(key), "since": at}
        for key, owner in ceding.items()
    ]
    bulk.upsert(_ceded, rows, key="package_id", keep=("since",))


def settle(
    keys: Collection[str],
    ids: Collection[str],
    urls: Mapping[str, str | None] | None = None,
    guard: Guard | None = None,
) -> list[str]:
    """Bring the records with these keys or ids to the state that `owners` decides; commits.

    Reads once and writes nothing where all is as it should be. Returns the ids of the datasets
    that were deleted because another portal owns them. `guard` is called before the commit.
    """
    ceding, freed = _due(keys, ids)
    if not ceding and not freed:
        return []
    # What two processes have just written meets here: the second sees the first's.
    model.Session.commit()
    lock.until_commit(_LOCK)
    ceding, freed = _due(keys, ids)
    model.Session.execute(sa.delete(_ceded).where(any_of(_ceded.c.package_id, freed)))
    cede(ceding, {**_addresses(ceding), **(urls or {})}, now())
    gone = removal.delete(list(ceding)) if ceding else []
    if guard is not None:
        guard()
    model.Session.commit()
    return gone


def settle_portal(portal_id: str, guard: Guard | None = None) -> list[str]:
    """`settle` for all that a portal shares with others; commits."""
    other = _record.alias("other")
    shared = (
        sa.select(_record.c.match_key)
        .join(
            other,
            sa.and_(
                other.c.match_key == _record.c.match_key,
                other.c.portal_id != _record.c.portal_id,
                other.c.state != WITHDRAWN,
            ),
        )
        .where(_record.c.portal_id == portal_id, _record.c.state != WITHDRAWN)
        .distinct()
    )
    owned = (
        sa.select(_ceded.c.package_id)
        .join(_record, _record.c.package_id.in_((_ceded.c.package_id, _ceded.c.owner_id)))
        .where(_record.c.portal_id == portal_id)
    )
    keys = model.Session.execute(shared).scalars().all()
    ids = model.Session.execute(owned).scalars().all()
    return settle(keys, ids, guard=guard) if keys or ids else []


def _due(keys: Collection[str], ids: Collection[str]) -> tuple[dict[str, str], list[str]]:
    """What is to be ceded that is not, and what is ceded that should not be."""
    claims = _claims(keys, ids)
    wanted = owners(claims) if settings.harvest_one_owner() else {}
    ceding = {
        claim.package_id: wanted[claim.package_id]
        for claim in claims
        if claim.package_id in wanted
        and (claim.holds or claim.ceded_to != wanted[claim.package_id])
    }
    freed = [each.package_id for each in claims if each.ceded_to and each.package_id not in wanted]
    return ceding, freed


def _claims(keys: Iterable[str], ids: Iterable[str]) -> list[Claim]:
    """The records that have one of the keys, those of the ids, and all that share a key with them."""
    package = model.package_table
    wanted = _concerned(list(keys), list(ids))
    if not wanted:
        return []
    statement = (
        sa.select(
            _record.c.package_id,
            _record.c.portal_id,
            _record.c.match_key,
            _record.c.state == MISSING,
            package.c.id.is_not(None),
            _record.c.first_seen,
            _ceded.c.owner_id,
        )
        .select_from(catalogued.source())
        .where(
            any_of(_record.c.package_id, wanted),
            _record.c.state != WITHDRAWN,
            sa.or_(package.c.id.is_not(None), _ceded.c.package_id.is_not(None)),
        )
    )
    return [Claim(*row) for row in model.Session.execute(statement)]


def _concerned(keys: Collection[str], ids: Collection[str]) -> list[str]:
    """The ids of those records.

    Three statements, each by one index: of a single one the planner expects so many rows on a large
    site that it reads the whole table.
    """
    shared, found = set(keys), set()
    if ids:
        statement = sa.select(_record.c.package_id, _record.c.match_key)
        for row in model.Session.execute(statement.where(any_of(_record.c.package_id, ids))):
            found.add(row.package_id)
            if row.match_key is not None:
                shared.add(row.match_key)
    if shared:
        same = sa.select(_record.c.package_id).where(any_of(_record.c.match_key, shared))
        found.update(model.Session.execute(same).scalars())
    return sorted(found)


def _addresses(ids: Iterable[str]) -> dict[str, str | None]:
    """Addresses at their portals of datasets, as their rows have them."""
    package = model.package_table
    statement = sa.select(package.c.id, package.c.url).where(any_of(package.c.id, ids))
    return {row.id: row.url for row in model.Session.execute(statement)}
