"""New local datasets as rows, many in one transaction: what `package_create` would make of them.

The site's own schema validates them with all obligations, in the name of a person. Sites on which
more than that hangs on `package_create` are named by `because`; there the actions do it
(`deferred.py`).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib import signals
from ckan.lib.datapreview import get_default_view_plugins

from ckanext.cn_govdata.schema.package import DATASET_TYPE, theme_group_name
from ckanext.cn_govdata.schema.tags import cleaned
from ckanext.cn_govdata.schema.themes import GROUP_TYPE
from ckanext.cn_govdata.store import difference, hooks, stored, target
from ckanext.cn_govdata.store.hooks import Write
from ckanext.cn_govdata.store.plan import Plan
from ckanext.cn_govdata.store.schemas import BATCH, BatchFacts, site_schema
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PackageDict = dict[str, Any]
_ACTION = "package_create"


def because(packages: Iterable[PackageDict]) -> list[str]:
    """Why these datasets cannot be created as rows on this site; empty if they can."""
    reasons = hooks.not_honoured(DATASET_TYPE)
    if list(signals.action_succeeded.receivers_for(_ACTION)):
        reasons.append("activities or other listeners follow package_create")
    for plugin in p.PluginImplementations(p.IAuthFunctions):
        if _ACTION in plugin.get_auth_functions():
            reasons.append(f"{plugin.name} decides who may create a dataset")
    if any(package.get("resources") for package in packages) and get_default_view_plugins():
        reasons.append("resources get views")
    return reasons


def create(packages: Sequence[PackageDict], context: dict[str, Any]) -> list[str]:
    """Create datasets as the user of the context; does not commit. Returns their ids.

    Raises `tk.ValidationError` for the first that is not valid, `tk.NotAuthorized`, and whatever
    the database raises.
    """
    for owner in {package.get("owner_org") for package in packages}:
        tk.check_access(_ACTION, dict(context), {"owner_org": owner, "type": DATASET_TYPE})
    user = model.User.get(context["user"])
    groups = stored.groups_by_name_or_id({package["owner_org"] for package in packages})
    themes = _theme_groups()
    at, plan, writes = now(), Plan(), []
    context = {**context, "model": model, "session": model.Session}
    facts = {**context, BATCH: BatchFacts(organizations=groups)}
    schema = site_schema(DATASET_TYPE).create
    for package in packages:
        data, errors = schema.validate(cleaned(package), facts)
        if errors:
            raise tk.ValidationError({str(path[0]): found for path, found in errors.items()})
        _identify(data)
        data["creator_user_id"] = user.id if user else None
        row = target.of(data, groups=groups, user_id=data["creator_user_id"], at=at)
        row.groups = [themes[name] for name in _themes(row) if name in themes]
        difference.create(plan, row)
        writes.append(Write(data, created=True))
    plan.apply()
    hooks.call(writes, context, ())
    return [write.data["id"] for write in writes]


def _identify(data: PackageDict) -> None:
    """Ids as CKAN's models give them."""
    data["id"] = data.get("id") or str(uuid.uuid4())
    for resource in data.get("resources") or ():
        resource["id"] = resource.get("id") or str(uuid.uuid4())


def _themes(row: target.Target) -> list[str]:
    """The theme group of the domain, as `schema.themes.follow_domain` chooses it."""
    domain = row.extras.get("domain")
    return [theme_group_name(domain)] if domain else []


def _theme_groups() -> dict[str, str]:
    group = model.group_table
    statement = sa.select(group.c.name, group.c.id).where(
        group.c.type == GROUP_TYPE, group.c.state == "active"
    )
    return {row.name: row.id for row in model.Session.execute(statement)}
