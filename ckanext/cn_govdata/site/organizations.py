"""What the page of an organisation shows beside its fields: its place in the hierarchy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model

from ckanext.cn_govdata.schema.registry import helper
from ckanext.cn_govdata.site import parents

if TYPE_CHECKING:
    from collections.abc import Mapping


@helper
def organizations_above(organization: Mapping[str, Any]) -> list[model.Group]:
    """The organisations above one, the highest first."""
    group = model.Group.get(organization["id"])
    above = parents.of(group) if group else []
    groups = model.Session.query(model.Group).filter(model.Group.id.in_(above)) if above else []
    by_id = {each.id: each for each in groups}
    return [by_id[each] for each in reversed(above)]


@helper
def organizations_below(organization: Mapping[str, Any]) -> list[model.Group]:
    """The organisations directly below one, in the order of their names (codes of divisions)."""
    group = model.Group.get(organization["id"])
    below = group.get_children_groups(type=group.type) if group else []
    return sorted(below, key=lambda each: each.name)


@helper
def organization_fields(
    fields: list[Mapping[str, Any]], organization: Mapping[str, Any]
) -> list[Mapping[str, Any]]:
    """The filled fields of an organisation or a theme that stand nowhere else on its page."""
    return [
        field
        for field in fields
        if field["field_name"] not in _ELSEWHERE
        and field.get("display_snippet", "") is not None
        and organization.get(field["field_name"]) not in (None, "")
    ]


_ELSEWHERE = frozenset({"title", "name", "description", "image_url"})
