"""Harvest sources of a list of portals, such as replay servers print."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE
from ckanext.cn_govdata.portals import registry
from ckanext.cn_govdata.portals.source import check_config
from ckanext.cn_govdata.store import organizations
from ckanext.cn_govdata.store import sources as store

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Entry = dict[str, Any]


def create(
    entries: Sequence[Entry], settings: Mapping[str, Any], *, frequency: str = "MANUAL"
) -> list[str]:
    """Make or update the harvest sources of listed portals in bulk; their names, in order.

    An entry has `portal` (an id of the registry, or a division's code and whatever follows it),
    `family`, `base_url`, and may have `name`, `context`, `parameters` and `settings`, which are
    keys of the source's configuration and go before the `settings` for all. The division's
    organisations own the sources. Raises `ValueError` naming the portal that cannot be made.
    """
    for entry in entries:
        missing = {"portal", "family", "base_url"} - entry.keys()
        if missing:
            raise ValueError(f"{entry}: lacks {', '.join(sorted(missing))}")
    codes = [_division(entry) for entry in entries]
    owners = organizations.ensure_all(codes)
    wanted = []
    for entry, code in zip(entries, codes, strict=True):
        config = _config(entry, settings)
        try:
            check_config(config)
        except ValueError as error:
            raise ValueError(f"{entry['portal']}: {error}") from error
        wanted.append(
            store.Source(
                name=f"portal-{entry['portal']}",
                title=_title(entry),
                url=entry["base_url"],
                source_type=SOURCE_TYPE,
                frequency=frequency,
                owner_org=owners[code],
                config=config,
            )
        )
    store.write(wanted)
    return [source.name for source in wanted]


def _division(entry: Entry) -> str:
    portal = registry.get(entry["portal"])
    return portal.division_code if portal else entry["portal"][:6]


def _title(entry: Entry) -> str:
    portal = registry.get(entry["portal"])
    return entry.get("name") or (portal.title if portal else entry["portal"])


def _config(entry: Entry, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration: the registry's where the portal is in it, the entry's own before it."""
    portal = registry.get(entry["portal"])
    known = portal.config() if portal and portal.family == entry["family"] else {}
    context = {"context": entry["context"]} if entry.get("context") else {}
    own = dict(entry.get("settings") or {})
    parameters = {
        **known.get("parameters", {}),
        **context,
        **(entry.get("parameters") or {}),
        **own.pop("parameters", {}),
    }
    return {
        **known,
        "family": entry["family"],
        "portal_id": entry["portal"],
        **settings,
        **own,
        "parameters": parameters,
    }
