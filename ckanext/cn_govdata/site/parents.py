"""The groups above a group, as CKAN shows them and as pages need them.

CKAN finds them among the memberships of all datasets of the group. To show them it counts the
datasets of every group of the site, validates each as if it were to be saved, for which it reads
all groups, and then leaves all but their names out.
"""

from __future__ import annotations

from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata.schema.once import once

# What the schema of CKAN leaves of the groups above one.
_SHOWN = {"name", "capacity", "__extras"}


def of(group: model.Group) -> list[str]:
    """The ids of the active groups above one of the same type, the highest last."""
    edges = once(("parents", group.type), lambda: _edges(group.type))
    above: list[str] = []
    lowest = [group.id]
    while lowest := [each for one in lowest for each in edges.get(one, ()) if each not in above]:
        above += lowest
    return above


def known(context: dict[str, Any], data_dict: dict[str, Any], group: model.Group) -> bool:
    """Whether `shown` gives the groups that the answer of CKAN's action has."""
    if "schema" in context or "groups" in context.get("limits", {}) or not of(group):
        return False
    schema = lib_plugins.lookup_group_plugin(group.type).show_group_schema()
    if set(schema.get("groups", ())) != _SHOWN:
        return False
    try:
        return tk.asbool(data_dict.get("include_groups", True))
    except ValueError:
        return False


def shown(group: model.Group) -> list[dict[str, Any]]:
    """The groups directly above one, in the order of their titles."""
    member = model.Member
    rows = (
        model.Session.query(model.Group, member.capacity)
        .join(member, member.table_id == model.Group.id)
        .filter(
            member.group_id == group.id,
            member.state == "active",
            member.table_name == "group",
        )
        .all()
    )
    rows.sort(key=lambda row: tk.h.strxfrm(row[0].title or row[0].name))
    return [{"name": above.name, "capacity": capacity} for above, capacity in rows]


def _edges(group_type: str) -> dict[str, list[str]]:
    """The ids of the active groups of a type directly above each group."""
    member, parent = model.Member, model.Group
    rows = (
        model.Session.query(member.group_id, parent.id)
        .join(parent, parent.id == member.table_id)
        .filter(
            member.table_name == "group",
            member.state == "active",
            parent.type == group_type,
            parent.state == "active",
        )
        .order_by(parent.id)
    )
    found: dict[str, list[str]] = {}
    for group_id, parent_id in rows:
        found.setdefault(group_id, []).append(parent_id)
    return found
