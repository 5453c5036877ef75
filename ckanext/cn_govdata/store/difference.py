"""From the rows that are to the rows that should be: only what differs is planned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckan import model

from ckanext.cn_govdata.store import extras, target
from ckanext.cn_govdata.store.target import PACKAGE_COLUMNS, RESOURCE_COLUMNS, Row, Target

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ckanext.cn_govdata.store.plan import Plan
    from ckanext.cn_govdata.store.stored import Stored

ORGANIZATION, PUBLIC = "organization", "public"
THEME = "theme"  # the type of the groups whose membership follows the record
# A dataset keeps its name for ever: people and programs link to it.
_NEVER_CHANGED = frozenset(
    {"id", "name", "state", "private", "creator_user_id", "metadata_created", "metadata_modified"}
)
_RESOURCE_KEPT = frozenset({"created", "metadata_modified"})


@dataclass(frozen=True, slots=True)
class Governed:
    """The fields that follow the record. All others belong to people and plugins and stay."""

    dataset: Collection[str]
    resource: Collection[str]


def create(plan: Plan, new: Target) -> None:
    """Plan a dataset that is not there yet."""
    package = dict(new.package)
    extras.plan(plan, package, None, new.extras)
    plan.insert(model.package_table, package)
    for resource in new.resources:
        plan.insert(model.resource_table, _as_stored(resource))
    for tag in new.tags:
        plan.link_tag(package["id"], tag)
    if package["owner_org"]:
        plan.link_group(package["id"], package["owner_org"], ORGANIZATION)
    for group_id in new.groups:
        plan.link_group(package["id"], group_id, PUBLIC)


def update(plan: Plan, old: Stored, new: Target, governed: Governed, at: datetime) -> bool:
    """Plan what differs; whether anything does. Then, and only then, the dataset is modified."""
    package, kept = _package(old, new, governed)
    changed = [
        any(package[name] != old.package[name] for name in PACKAGE_COLUMNS),
        kept != old.extras,
        _resources(plan, old, new, governed, at),
        _tags(plan, old, new),
        _members(plan, old, new),
    ]
    if not any(changed):
        return False
    package["metadata_modified"] = at
    extras.plan(plan, package, old.extras, kept)
    plan.update(model.package_table, package)
    return True


def _package(old: Stored, new: Target, governed: Governed) -> tuple[Row, dict[str, str]]:
    package = {name: old.package[name] for name in PACKAGE_COLUMNS}
    for name in PACKAGE_COLUMNS:
        given = new.package[name] is not None or name in governed.dataset
        if given and name not in _NEVER_CHANGED:
            package[name] = new.package[name]
    if package["state"] == "deleted":
        package["state"] = "active"
    others = {key: value for key, value in old.extras.items() if key not in governed.dataset}
    return package, {**others, **new.extras}


def _resources(plan: Plan, old: Stored, new: Target, governed: Governed, at: datetime) -> bool:
    """Resources that people added stay, behind the record's own."""
    ours = {resource["id"] for resource in new.resources}
    foreign = sorted(
        (
            each
            for key, each in old.resources.items()
            if key not in ours and each["state"] == "active" and not target.is_ours(key)
        ),
        key=lambda each: each["position"] or 0,
    )
    gone = [
        each
        for key, each in old.resources.items()
        if key not in ours and each["state"] == "active" and target.is_ours(key)
    ]
    changed = False
    for resource in new.resources:
        changed |= _resource(plan, old.resources.get(resource["id"]), resource, governed, at)
    for position, each in enumerate(foreign, start=len(new.resources)):
        if each["position"] != position:
            changed = True
            plan.update(model.resource_table, {"id": each["id"], "position": position})
    for each in gone:
        plan.update(model.resource_table, {"id": each["id"], "state": "deleted"})
    return changed or bool(gone)


def _resource(
    plan: Plan, old: dict[str, Any] | None, new: Row, governed: Governed, at: datetime
) -> bool:
    if old is None:
        plan.insert(model.resource_table, _as_stored(new))
        return True
    row = {name: old[name] for name in RESOURCE_COLUMNS}
    for name in RESOURCE_COLUMNS:
        given = new[name] not in (None, "") or name in governed.resource
        if given and name not in _RESOURCE_KEPT:
            row[name] = new[name]
    before = old["extras"] or {}
    others = {key: value for key, value in before.items() if key not in governed.resource}
    row["extras"] = {**others, **new["extras"]}
    if all(row[name] == old[name] for name in row if name != "extras") and row["extras"] == before:
        return False
    row["metadata_modified"] = at
    if row["url"] != old["url"]:
        plan.changed_urls.append(row["id"])
    plan.update(model.resource_table, _as_stored(row))
    return True


def _as_stored(resource: Row) -> Row:
    return {**resource, "extras": target.stored_extras(resource["extras"])}


def _tags(plan: Plan, old: Stored, new: Target) -> bool:
    """Free tags follow the record; tags of vocabularies stay unless the record has them too."""
    wanted = set(new.tags)
    changed = False
    linked = set()
    for link in old.tags:
        tag = (link.name, link.vocabulary_id)
        state = "active" if tag in wanted else "deleted"
        if tag not in wanted and link.vocabulary_id is not None:
            state = link.state
        linked.add(tag)
        if link.state != state:
            plan.update(model.package_tag_table, {"id": link.id, "state": state})
            changed = True
    for tag in new.tags:
        if tag not in linked:
            plan.link_tag(new.package["id"], tag)
            changed = True
    return changed


def _members(plan: Plan, old: Stored, new: Target) -> bool:
    """The organisation and the theme groups follow the record; other groups stay."""
    package_id = new.package["id"]
    wanted = {(group_id, PUBLIC) for group_id in new.groups}
    if new.package["owner_org"]:
        wanted.add((new.package["owner_org"], ORGANIZATION))
    changed = False
    linked = set()
    for member in old.members:
        key = (member.group_id, member.capacity)
        state = "active" if key in wanted and key not in linked else "deleted"
        if key not in wanted and member.capacity != ORGANIZATION and member.group_type != THEME:
            state = member.state
        linked.add(key)
        if member.state != state:
            plan.update(model.member_table, {"id": member.id, "state": state})
            changed = True
    for group_id, capacity in sorted(wanted - linked):
        plan.link_group(package_id, group_id, capacity)
        changed = True
    return changed
