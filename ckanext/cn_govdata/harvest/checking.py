"""Checks of portals with what the catalogue knows: its sources, its settings, the last check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.harvest import registered, sources
from ckanext.cn_govdata.portals.check import changes
from ckanext.cn_govdata.portals.source import build
from ckanext.cn_govdata.store import remembered_checks

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.cn_govdata.crawl.client import ClientSettings
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.portals.check import Check
    from ckanext.cn_govdata.portals.registry import Portal


def tasks(portals: Iterable[Portal]) -> list[tuple[Source, ClientSettings]]:
    """What is to be read of each portal: as its harvest source says, else as the registry does."""
    known = registered.by_portal()
    found = []
    for portal in portals:
        row = known.get(portal.portal_id)
        if row is not None:
            found.append(sources.resolve(row))
        else:
            config = portal.config()
            found.append((build(config, portal.base_url), settings.client_settings(config)))
    return found


def remember(check: Check) -> dict[str, Any]:
    """Keep a check; return it with what changed since the one before."""
    before = remembered_checks.last(check.portal_id)
    result = {**check.as_dict(), "changes": changes(before, check)}
    remembered_checks.add(result)
    return result
