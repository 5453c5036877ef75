"""Theme groups: one CKAN group of the type `theme` for each national domain.

A dataset belongs to the group of its `domain`, a harvested one also to those that its record
names. Groups of other types are never touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata.schema.package import theme_group_name
from ckanext.cn_govdata.schema.provenance import is_harvested, written_by_harvest
from ckanext.cn_govdata.schema.site_user import as_site_user, without_creator
from ckanext.cn_govdata.standards.codelists import codelist

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GROUP_TYPE = "theme"
DOMAINS = "open_domain_22"


def ensure() -> int:
    """Create the theme groups that are missing. Returns how many were created."""
    names = [theme_group_name(code) for code in codelist(DOMAINS)]
    rows = model.Session.query(model.Group.name).filter(model.Group.name.in_(names))
    present = {row.name for row in rows}
    missing = [code for code in codelist(DOMAINS) if theme_group_name(code) not in present]
    for code in missing:
        _create(code)
    return len(missing)


def _create(code: str) -> None:
    group = {
        "name": theme_group_name(code),
        "title": codelist(DOMAINS)[code].label_zh,
        "type": GROUP_TYPE,
        "domain": code,
    }
    created = tk.get_action("group_create")(as_site_user(), group)
    without_creator(created["id"])


def follow_domain(context: Mapping[str, Any], package: Mapping[str, Any]) -> None:
    """Bring a saved dataset into the theme group of its domain and out of the others.

    Written as rows in the open transaction: an editor need not be a member of the groups, and
    no action runs again. `package` is what CKAN hands to `after_dataset_create` and `_update`.
    """
    extras = {extra["key"]: extra["value"] for extra in package.get("extras") or ()}
    domain = extras.get("domain")
    wanted = {theme_group_name(domain)} if domain else set()
    if written_by_harvest(context):
        wanted.update(group.get("name", "") for group in package.get("groups") or ())
    present = _memberships(package["id"])
    if present.keys() == wanted:
        return
    if wanted <= present.keys() and is_harvested(context, package["id"]):
        return
    for name in present.keys() - wanted:
        present[name].state = "deleted"
    _join(package["id"], wanted - present.keys())


def _memberships(package_id: str) -> dict[str, model.Member]:
    rows = (
        model.Session.query(model.Group.name, model.Member)
        .join(model.Member, model.Member.group_id == model.Group.id)
        .filter(
            model.Member.table_name == "package",
            model.Member.table_id == package_id,
            model.Member.state == "active",
            model.Group.type == GROUP_TYPE,
        )
    )
    return dict(rows.all())


def _join(package_id: str, names: Iterable[str]) -> None:
    groups = model.Session.query(model.Group).filter(
        model.Group.name.in_(list(names)),
        model.Group.type == GROUP_TYPE,
        model.Group.state == "active",
    )
    for group in groups:
        member = model.Member(
            group=group,
            group_id=group.id,
            table_id=package_id,
            table_name="package",
            capacity="public",
            state="active",
        )
        model.Session.add(member)
    model.Session.flush()
