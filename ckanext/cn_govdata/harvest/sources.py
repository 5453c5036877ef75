"""Harvest sources of the type `cn_portal`: from a registry row to a source, from a source to a run."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.harvest import registered
from ckanext.cn_govdata.portals import source as portal_source
from ckanext.cn_govdata.store import organizations
from ckanext.cn_govdata.store import sources as store
from ckanext.cn_govdata.store.queue import Place

if TYPE_CHECKING:
    from ckanext.harvest.model import HarvestSource

    from ckanext.cn_govdata.crawl.client import ClientSettings
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.portals.registry import Portal


def config_of(row: HarvestSource) -> dict[str, Any]:
    """The stored configuration of a source as a dictionary."""
    return json.loads(row.config or "{}")


def portal_id(row: HarvestSource) -> str:
    """The frozen id of the portal; a source without one is known by its own id."""
    return config_of(row).get("portal_id") or row.id


def place(row: HarvestSource) -> Place:
    """The name of the source's lease and the host that it asks."""
    return Place(portal_id(row), urlsplit(row.url).netloc.lower())


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
    """The harvest source of one registry row, made or brought up to date.

    Returns its name and whether it was made now. `url` replaces the registry's address (a mirror,
    a test); `settings_` are further keys of the source's configuration.
    """
    owner = organizations.ensure_all([portal.division_code])[portal.division_code]
    wanted = registered.source_of(portal, owner, schedule, url=url, settings_=settings_)
    row, state = store.find([wanted.name]).get(wanted.name, (None, ""))
    if row is None or state == "deleted" or _differs(row, wanted):
        store.write([wanted])
    return wanted.name, row is None


def _differs(row: HarvestSource, wanted: store.Source) -> bool:
    stored = (row.url, row.frequency, config_of(row))
    return stored != (wanted.url, wanted.frequency, wanted.config)
