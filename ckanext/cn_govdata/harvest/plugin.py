"""The plugin `cn_govdata_harvest`: interface methods only."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckanext.harvest.interfaces import IHarvester

from ckanext.cn_govdata.harvest import (
    action,
    auth,
    chained,
    chained_show,
    helpers,
    metrics,
    operation_views,
    saving,
    schedule,
    views,
)
from ckanext.cn_govdata.harvest.harvester import PortalHarvester


@tk.blanket.actions(
    {name: getattr(room, name) for room in (action, chained, chained_show) for name in room.__all__}
)
@tk.blanket.auth_functions(auth)
@tk.blanket.blueprints([views.blueprint, operation_views.blueprint])
@tk.blanket.helpers(helpers.HELPERS)
class CnGovdataHarvestPlugin(p.SingletonPlugin, PortalHarvester):
    """Harvest source type `cn_portal`."""

    p.implements(p.IApiToken, inherit=True)
    p.implements(p.IConfigurable)
    p.implements(IHarvester)
    p.implements(p.IPackageController, inherit=True)

    def configure(self, config: Any) -> None:  # noqa: ANN401, ARG002 - CKAN's own
        """Keep scheduled sources at their slots in the night."""
        schedule.listen()

    def decode_api_token(self, encoded: str, **kwargs: Any) -> dict[str, Any] | None:  # noqa: ANN401, ARG002
        """Know the monitor's token, which is no user's: CKAN would log an error at every call."""
        return {"sub": "metrics"} if metrics.may_read(encoded) else None

    def after_dataset_create(self, context: dict[str, Any], pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Refuse a source that cannot be saved."""
        saving.check(pkg_dict)

    def after_dataset_update(self, context: dict[str, Any], pkg_dict: dict[str, Any]) -> None:  # noqa: ARG002
        """Refuse a source that cannot be saved."""
        saving.check(pkg_dict)
