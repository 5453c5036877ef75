"""Previews of harvest sources, and of addresses that are no source yet."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.harvest import sources
from ckanext.cn_govdata.portals.preview import Preview, preview
from ckanext.cn_govdata.portals.source import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ckanext.harvest.model import HarvestSource

WEB_SECONDS = 25.0  # below the time-outs of the servers that stand before CKAN
WEB_RECORDS = 2


def of_source(row: HarvestSource, limit: int) -> Preview:
    """Look at a saved source. Raises `ConfigError` when its configuration is not valid any more."""
    source, client = sources.resolve(row)
    return preview(source, client, limit=limit)


def of_address(config: Mapping[str, Any], url: str, limit: int) -> Preview:
    """Look at an address with a configuration. Raises `ConfigError` when it is not valid."""
    return preview(build(config, url), settings.client_settings(config), limit=limit)


def for_page(config: Mapping[str, Any], url: str, *, limit: int = WEB_RECORDS) -> Preview:
    """The same, short enough for somebody who waits for a page."""
    client = settings.client_settings(config)
    hasty = replace(
        client,
        connect_timeout=min(client.connect_timeout, 8.0),
        read_timeout=min(client.read_timeout, 12.0),
    )
    return preview(build(config, url), hasty, limit=limit, seconds=WEB_SECONDS)


def lines(found: Preview) -> Iterator[str]:
    """What the command prints: requests, records with raw texts and values, findings."""
    for asked in found.requests:
        status = "no answer" if asked.status is None else f"{asked.status}, {asked.size} bytes"
        yield f"{asked.method} {asked.url}: {status}, {asked.seconds:.2f} s"
        if asked.body:
            yield f"  {asked.body}"
    for seen in found.records:
        yield f"\n{seen.source_id}: {seen.title or seen.reason}"
        for pair in seen.fields:
            yield f"  {pair['name']}: {_json(pair['value'])}  ← {_json(pair['raw'])}"
        if seen.extra:
            yield f"  in source_extra: {_json(seen.extra)}"
        for finding in seen.findings:
            yield f"  ! {finding['field']}: {finding['value']!r}: {finding['reason']}"
    yield f"\n{found.outcome}: {found.total} records at the portal"
    for label, text in (("reason", found.reason), ("evidence", found.evidence)):
        if text:
            yield f"{label}: {text}"


def _json(value: Any) -> str:  # noqa: ANN401 - JSON values
    return json.dumps(value, ensure_ascii=False)
