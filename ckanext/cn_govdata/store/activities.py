"""Activities of harvested datasets: the rows that CKAN's plugin `activity` would write, set-based.

Only where `harvest.activities` says so: a night of harvests fills the activity streams.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model
from ckan.lib.plugins import get_permission_labels

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.store import shown
from ckanext.cn_govdata.store.schemas import compilable, site_schema
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Mapping

NEW, CHANGED, DELETED = "new package", "changed package", "deleted package"


def record(kinds: Mapping[str, str], user: model.User) -> None:
    """Write an activity of a kind (`NEW`, `CHANGED`, `DELETED`) for each dataset; no commit."""
    if not kinds or not _wanted():
        return
    from ckanext.activity.model import Activity  # noqa: PLC0415 - of a plugin that may be off

    rows = []
    for package, dictionary in shown.read(kinds):
        activity = Activity(
            user.id,
            package.id,
            kinds[package.id],
            {"package": _as_shown(package, dictionary), "actor": user.name},
            get_permission_labels().get_dataset_labels(package),
        )
        activity.timestamp = now()
        rows.append({str(c.name): getattr(activity, c.name) for c in Activity.__table__.c})
    model.Session.execute(sa.insert(Activity.__table__), rows)


def _wanted() -> bool:
    return (
        settings.harvest_activities()
        and p.plugin_loaded("activity")
        and tk.config["ckan.activity_streams_enabled"]
    )


def _as_shown(package: model.Package, dictionary: dict[str, Any]) -> dict[str, Any]:
    """The dataset as `package_show` gives it."""
    context = {**shown.show_context(), "validate": True, "package": package}
    if compilable(dictionary["type"]):
        dictionary = site_schema(dictionary["type"]).show.custom(dictionary, context)
    for plugin in p.PluginImplementations(p.IPackageController):
        plugin.after_dataset_show(context, dictionary)
    return dictionary
