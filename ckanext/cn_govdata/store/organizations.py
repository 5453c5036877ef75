"""Organisations of many divisions at once: the rows that `organization_create` makes, in batches."""

from __future__ import annotations

import uuid
from itertools import groupby
from typing import TYPE_CHECKING, Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata.schema import organizations
from ckanext.cn_govdata.schema.site_user import as_site_user
from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.store import bulk
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Iterable

_TYPE = "organization"
_ACTION = "organization_create"
_EXTRAS_IN_GROUP = "extras" in model.group_table.c  # since CKAN 2.12


def ensure_all(codes: Iterable[str]) -> dict[str, str]:
    """The ids of the organisations of divisions; those missing, and those above, are created.

    Commits. Where a plugin replaces `organization_create`, or an organisation was deleted, the
    action itself does it. Raises `ValueError` for an unknown code, `ValidationError` where the
    site's own schema refuses one.
    """
    wanted = list(dict.fromkeys(codes))
    for code in wanted:
        if not divisions.history(code):
            raise ValueError(f"{code} is not a code of GB/T 2260")
    needed = {above.code for code in wanted for above in divisions.ancestors(code)} | set(wanted)
    found = _stored(needed)
    deleted = {code for code, (_, state) in found.items() if state != "active"}
    missing = needed - found.keys()
    if _is_replaced():
        deleted, missing = deleted | missing, set()
    ordered = sorted(missing, key=_depth)
    for _, level in groupby(ordered, key=_depth):
        _create(list(level))
    model.Session.commit()
    for code in sorted(deleted, key=_depth):
        organizations.ensure(code)
    ids = _stored(wanted)
    return {code: ids[code][0] for code in wanted}


def missing(codes: Iterable[str]) -> set[str]:
    """Of these divisions and those above them, the codes that have no active organisation."""
    needed = {above.code for code in codes for above in divisions.ancestors(code)} | set(codes)
    return needed - {code for code, (_, state) in _stored(needed).items() if state == "active"}


def _stored(codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Id and state of the organisations that exist, by code."""
    names = {organizations.organization_name(code): code for code in codes}
    rows = model.Session.query(model.Group.name, model.Group.id, model.Group.state).filter(
        any_of(model.group_table.c.name, names)
    )
    return {names[name]: (group_id, state) for name, group_id, state in rows}


def _depth(code: str) -> int:
    return len(divisions.ancestors(code))


def _is_replaced() -> bool:
    return any(_ACTION in plugin.get_actions() for plugin in p.PluginImplementations(p.IActions))


def _create(codes: list[str]) -> None:
    """Write organisations of one depth: those above them are there."""
    plugin = lib_plugins.lookup_group_plugin(_TYPE)
    parents = _stored(above.code for code in codes if (above := divisions.parent(code)))
    context = {**as_site_user(), "model": model, "session": model.Session}
    groups, members, extras = [], [], []
    for code in codes:
        data = _validated(plugin, organizations.described(code), context)
        row = _group_row(data)
        pairs = {each["key"]: each["value"] for each in data.get("extras", ())}
        if _EXTRAS_IN_GROUP:
            row["extras"] = pairs
        else:
            extras += [_extra_row(row["id"], key, value) for key, value in pairs.items()]
        groups.append(row)
        above = divisions.parent(code)
        if above is not None:
            members.append(_member_row(row["id"], parents[above.code][0]))
    bulk.insert(model.group_table, groups)
    bulk.insert(model.member_table, members)
    if extras:
        bulk.insert(model.group_extra_table, extras)
    _tell([row["id"] for row in groups])


def _validated(
    plugin: Any,  # noqa: ANN401
    data: dict[str, Any],
    context: dict[str, Any],
) -> dict[str, Any]:
    schema = plugin.create_group_schema()  # scheming consumes it
    given = {**data, "is_organization": True}
    checked, errors = lib_plugins.plugin_validate(plugin, dict(context), given, schema, _ACTION)
    if errors:
        raise tk.ValidationError(errors)
    return checked


def _group_row(data: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "name": data["name"],
        "title": data.get("title"),
        "type": _TYPE,
        "description": data.get("description") or "",
        "image_url": data.get("image_url") or "",
        "created": now(),
        "is_organization": True,
        "approval_status": data.get("approval_status") or "approved",
        "state": data.get("state") or "active",
    }


def _member_row(group_id: str, parent_id: str) -> dict[str, Any]:
    """The parent is core's membership `groups`."""
    return {
        "id": str(uuid.uuid4()),
        "group_id": group_id,
        "table_name": "group",
        "table_id": parent_id,
        "capacity": "public",
        "state": "active",
    }


def _extra_row(group_id: str, key: str, value: str) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "group_id": group_id,
        "key": key,
        "value": value,
        "state": "active",
    }


def _tell(ids: list[str]) -> None:
    """Call the hook of other plugins for new organisations, as the action does."""
    plugins = list(p.PluginImplementations(p.IOrganizationController))
    if not plugins:
        return
    query = model.Session.query(model.Group).filter(any_of(model.group_table.c.id, ids))
    for group in query:
        for plugin in plugins:
            plugin.create(group)
