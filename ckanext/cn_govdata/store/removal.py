"""Deletion of datasets as `package_delete` does it, set-based."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.plugin import Harvest

from ckanext.cn_govdata.schema import site_user
from ckanext.cn_govdata.store import activities, hooks
from ckanext.cn_govdata.store.bulk import any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

_ACTION = "package_delete"
Plugin = Any  # its interfaces are looked at when it runs


def delete(ids: Collection[str]) -> list[str]:
    """Delete those of these datasets that are not deleted yet; their ids. Does not commit.

    The dataset and its memberships become deleted, its collaborators go; its moment of change stays.
    The rows are locked in the order in which a writer locks them.
    """
    package, member = model.package_table, model.member_table
    statement = (
        sa.select(package.c.id)
        .where(any_of(package.c.id, ids), package.c.state != "deleted")
        .order_by(package.c.id)
        .with_for_update()
    )
    present = list(model.Session.execute(statement).scalars())
    if not present:
        return []
    if hooks.replaced(_ACTION):
        _by_action(present)
        return present
    _call_hooks(present)
    model.Session.execute(
        sa.update(package).where(any_of(package.c.id, present)).values(state="deleted")
    )
    model.Session.execute(
        sa.update(member)
        .where(
            any_of(member.c.table_id, present),
            member.c.table_name == "package",
            member.c.state == "active",
        )
        .values(state="deleted")
    )
    collaborator = model.PackageMember.__table__
    model.Session.execute(sa.delete(collaborator).where(any_of(collaborator.c.package_id, present)))
    _tell(present)
    return present


def _by_action(ids: Iterable[str]) -> None:
    """Delete by CKAN's action, which a plugin of the site has extended; it commits each."""
    for package_id in ids:
        tk.get_action(_ACTION)(site_user.as_site_user(), {"id": package_id})


def _tell(ids: Collection[str]) -> None:
    """What follows a deletion: observers, listeners, the activity."""
    gone = set(ids)
    # CKAN's session does not expire on commit: whoever holds such an object would see it as it was.
    for entity in list(model.Session.registry().identity_map.values()):
        if isinstance(entity, model.Package) and sa.inspect(entity).identity[0] in gone:
            model.Session.expire(entity)
    table = model.package_table
    deleted = model.Session.query(model.Package).filter(any_of(table.c.id, ids))
    hooks.notify_changed(deleted.populate_existing())
    for package_id in ids:
        hooks.announce(_ACTION, site_user.as_site_user(), {"id": package_id})
    activities.record(
        dict.fromkeys(ids, activities.DELETED), model.User.by_name(site_user.user()["name"])
    )


def _call_hooks(ids: Collection[str]) -> None:
    """`delete` and `after_dataset_delete` of other plugins.

    Not ckanext-harvest's, which shows every dataset only to see that it is no harvest source.
    """
    plugins = [
        plugin
        for plugin in p.PluginImplementations(p.IPackageController)
        if not isinstance(plugin, Harvest)
    ]
    with_rows = [each for each in plugins if _overrides(each, "delete")]
    if with_rows:
        table = model.package_table
        for package in model.Session.query(model.Package).filter(any_of(table.c.id, ids)):
            for plugin in with_rows:
                plugin.delete(package)
    for plugin in plugins:
        if _overrides(plugin, "after_dataset_delete"):
            for package_id in ids:
                plugin.after_dataset_delete(
                    {"model": model, "session": model.Session, "ignore_auth": True},
                    {"id": package_id},
                )


def _overrides(plugin: Plugin, name: str) -> bool:
    return getattr(type(plugin), name, None) is not getattr(p.IPackageController, name)
