"""The groups above a group, as CKAN shows them and as pages need them.

CKAN finds them among the memberships of all datasets of the group. To show them it counts the
datasets of every group of the site, and validates each as if it were to be saved, for which it
reads all groups.
"""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.dictization import model_dictize
from ckan.lib.search.common import make_connection

from ckanext.cn_govdata.site.once import once


def of(group: model.Group) -> list[str]:
    """The ids of the active groups above one of the same type, the highest last."""
    return _above(group.id, _edges_of(group.type))


def wanted(context: dict[str, Any], data_dict: dict[str, Any]) -> bool:
    """Whether the answer of `organization_show` or `group_show` has the groups above."""
    if "groups" in context.get("limits", {}) or "dataset_counts" in context:
        return False
    try:
        return tk.asbool(data_dict.get("include_groups", True))
    except ValueError:
        return False


def shown(group: model.Group, context: dict[str, Any]) -> list[dict[str, Any]]:
    """The groups above one as CKAN dictizes them, with the numbers of their datasets."""
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
    within = {
        **context,
        "with_capacity": True,
        "dataset_counts": _datasets(_above(group.id, _edges_of(None))),
    }
    return model_dictize.group_list_dictize(rows, within, include_groups=True)


def _datasets(group_ids: list[str]) -> dict[str, dict[str, int]]:
    """Numbers of datasets as `get_group_dataset_counts` gives them, of a few groups alone."""
    groups = model.Session.query(model.Group).filter(model.Group.id.in_(group_ids)).all()
    keys = [
        ("owner_org", group.id) if group.is_organization else ("groups", group.name)
        for group in groups
    ]
    queries = [f'{field}:"{value}"' for field, value in keys]
    filters = [
        f'site_id:"{tk.config["ckan.site_id"]}"',
        "dataset_type:dataset",
        "state:active",
    ]
    asked = {"facet": "true", "facet.query": queries}
    answer = make_connection().search("*:*", fq=filters, rows=0, **asked)
    counts: dict[str, dict[str, int]] = {"owner_org": {}, "groups": {}}
    for (field, value), query in zip(keys, queries, strict=True):
        counts[field][value] = answer.facets["facet_queries"][query]
    return counts


def _above(group_id: str, edges: dict[str, list[str]]) -> list[str]:
    """The ids above one, each once, the nearest first."""
    above: list[str] = []
    lowest = [group_id]
    while lowest := [each for one in lowest for each in edges.get(one, ()) if each not in above]:
        above += lowest
    return above


def _edges_of(group_type: str | None) -> dict[str, list[str]]:
    return once(("parents", group_type), lambda: _edges(group_type))


def _edges(group_type: str | None) -> dict[str, list[str]]:
    """The ids of the groups directly above each group: active ones of a type, or all."""
    member, parent = model.Member, model.Group
    query = (
        model.Session.query(member.group_id, parent.id)
        .join(parent, parent.id == member.table_id)
        .filter(member.table_name == "group", member.state == "active")
        .order_by(parent.id)
    )
    if group_type is not None:
        query = query.filter(parent.type == group_type, parent.state == "active")
    found: dict[str, list[str]] = {}
    for group_id, parent_id in query:
        found.setdefault(group_id, []).append(parent_id)
    return found
