"""Harvest sources of the type `cn_portal`: from a registry row to a source, from a source to a run."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.model import HarvestSource
from ckanext.harvest.utils import DATASET_TYPE_NAME

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.portals import source as portal_source
from ckanext.cn_govdata.schema import organizations
from ckanext.cn_govdata.schema.site_user import as_site_user

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.client import ClientSettings
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.portals.registry import Portal


def config_of(row: HarvestSource) -> dict[str, Any]:
    """The stored configuration of a source as a dictionary."""
    return json.loads(row.config or "{}")


def portal_id(row: HarvestSource) -> str:
    """The frozen id of the portal; a source without one is known by its own id."""
    return config_of(row).get("portal_id") or row.id


def owner_org(row: HarvestSource) -> str | None:
    """The id of the organisation that owns the source and its datasets."""
    package = model.Package.get(row.id)
    return package.owner_org if package else None


def resolve(row: HarvestSource) -> tuple[Source, ClientSettings]:
    """What the engine and the client need to harvest a source.

    Raises `ConfigError` when the stored configuration is not valid any more.
    """
    config = {
        "withdraw_after_days": settings.harvest_withdraw_after_days(),
        "max_withdraw_share": settings.harvest_max_withdraw_share(),
        **config_of(row),
        "portal_id": portal_id(row),
    }
    source = portal_source.build(config, row.url, secrets=_secret)
    refresh = settings.harvest_detail_refresh_days()
    return replace(source, detail_refresh_days=refresh), settings.client_settings(config)


def _secret(name: str) -> str | None:
    """Look up a secret: an entry of the ini file, else of the environment."""
    return tk.config.get(name) or os.environ.get(name)


def create(
    portal: Portal,
    *,
    url: str | None = None,
    schedule: str = "MANUAL",
    settings_: dict[str, Any] | None = None,
) -> tuple[str, bool]:
    """The harvest source of a registry row, made if it is not there yet.

    Returns its name and whether it was made now. `url` replaces the registry's address (a mirror,
    a test); `settings_` are further keys of the source's configuration.
    """
    name = f"portal-{portal.portal_id}"
    config = {
        "family": portal.family,
        "portal_id": portal.portal_id,
        "parameters": dict(portal.parameters),
        **portal.settings,
        **(settings_ or {}),
    }
    existing = model.Package.get(name)
    data = {
        "name": name,
        "title": portal.name_zh or portal.government_zh,
        "url": url or portal.base_url,
        "source_type": SOURCE_TYPE,
        "frequency": schedule,
        "owner_org": organizations.ensure(portal.division_code),
        "config": json.dumps(config, ensure_ascii=False),
    }
    if existing is None:
        tk.get_action("harvest_source_create")(as_site_user(), data)
    elif _differs(existing.id, data):
        tk.get_action("harvest_source_update")(as_site_user(), {**data, "id": existing.id})
    return name, existing is None


def check_unique(package: dict[str, Any]) -> None:
    """Refuse to save a source whose portal another active source harvests already.

    Raises `ValidationError` naming the key; packages of other types pass.
    """
    if package.get("type") != DATASET_TYPE_NAME or package.get("source_type") != SOURCE_TYPE:
        return
    own = json.loads(package.get("config") or "{}").get("portal_id")
    if own is None:
        return
    others = (
        model.Session.query(HarvestSource)
        .filter_by(type=SOURCE_TYPE, active=True)
        .filter(HarvestSource.id != package["id"])
    )
    taken = [row.title or row.url for row in others if portal_id(row) == own]
    if taken:
        message = tk._("portal_id: {0} is harvested by the source {1} already")
        raise tk.ValidationError({"config": [message.format(own, taken[0])]})


def _differs(source_id: str, data: dict[str, Any]) -> bool:
    row = HarvestSource.get(source_id)
    wanted = json.loads(data["config"])
    return (row.url, row.frequency, config_of(row)) != (data["url"], data["frequency"], wanted)
