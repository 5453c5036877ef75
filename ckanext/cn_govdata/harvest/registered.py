"""Harvest sources of the registry's portals: what is there, what is to be made, and making it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan import model
from ckanext.harvest.model import HarvestSource

from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.portals import search
from ckanext.cn_govdata.portals.registry import ACTIVE
from ckanext.cn_govdata.store import organizations
from ckanext.cn_govdata.store import sources as store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ckanext.cn_govdata.portals.registry import Portal

CREATED = "created"
UPDATED = "updated"
EXISTS = "exists"
DIFFERS = "differs"  # somebody changed the source, or the registry did: left as it is
TAKEN = "taken"  # a source of another name harvests this portal


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be done for one portal: a status above, or the state for which it has no source."""

    portal: Portal
    status: str
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The plan as plain JSON values."""
        return {
            "portal_id": self.portal.portal_id,
            "title": self.portal.title,
            "status": self.status,
            "note": self.note,
        }


def source_name(portal: Portal) -> str:
    """The name of the harvest source of a portal."""
    return f"portal-{portal.portal_id}"


def by_portal() -> dict[str, HarvestSource]:
    """The active sources by the id of the portal that they harvest."""
    rows = model.Session.query(HarvestSource).filter_by(type=SOURCE_TYPE, active=True)
    return {json.loads(row.config or "{}").get("portal_id") or row.id: row for row in rows}


def plan(
    portals: Sequence[Portal], *, schedule: str | None = None, update: bool = False
) -> list[Planned]:
    """Compare portals with the sources that there are.

    `schedule` None leaves the schedule of existing sources alone. `update` makes sources that
    differ from the registry as the registry says.
    """
    found = store.find(source_name(portal) for portal in portals)
    taken = by_portal()
    return [_planned(portal, found, taken, schedule, update=update) for portal in portals]


def carry_out(planned: Sequence[Planned], *, schedule: str | None = None) -> None:
    """Make the sources of a plan, with the organisations that own them, in bulk."""
    todo = [each.portal for each in planned if each.status in {CREATED, UPDATED}]
    if not todo:
        return
    owners = organizations.ensure_all(portal.division_code for portal in todo)
    found = store.find(source_name(portal) for portal in todo)
    wanted = []
    for portal in todo:
        row = found.get(source_name(portal), (None, ""))[0]
        frequency = schedule or (row.frequency if row else "MANUAL")
        wanted.append(source_of(portal, owners[portal.division_code], frequency))
    store.write(wanted)


def source_of(
    portal: Portal,
    owner_org: str,
    frequency: str,
    *,
    url: str | None = None,
    settings_: Mapping[str, Any] | None = None,
) -> store.Source:
    """The harvest source that a portal should have."""
    return store.Source(
        name=source_name(portal),
        title=portal.title,
        url=url or portal.base_url,
        source_type=SOURCE_TYPE,
        frequency=frequency,
        owner_org=owner_org,
        config={**portal.config(), **(settings_ or {})},
    )


def _planned(
    portal: Portal,
    found: Mapping[str, tuple[HarvestSource, str]],
    taken: Mapping[str, HarvestSource],
    schedule: str | None,
    *,
    update: bool,
) -> Planned:
    if search.state(portal) != ACTIVE:
        return Planned(portal, search.state(portal), portal.family or "")
    holder = taken.get(portal.portal_id)
    row, state = found.get(source_name(portal), (None, ""))
    if holder is not None and (row is None or holder.id != row.id):
        return Planned(portal, TAKEN, holder.title or holder.url)
    if row is None or state == "deleted":
        return Planned(portal, CREATED)
    different = _different(portal, row)
    moved = schedule not in (None, row.frequency)
    if different and not update:
        return Planned(portal, DIFFERS, ", ".join(different))
    if different or moved:
        return Planned(portal, UPDATED, ", ".join([*different, *(["frequency"] if moved else [])]))
    return Planned(portal, EXISTS)


def _different(portal: Portal, row: HarvestSource) -> list[str]:
    """Names of what the source has otherwise than the registry."""
    stored, wanted = json.loads(row.config or "{}"), portal.config()
    names = [] if row.url == portal.base_url else ["url"]
    return names + sorted(
        key for key in stored.keys() | wanted.keys() if stored.get(key) != wanted.get(key)
    )
