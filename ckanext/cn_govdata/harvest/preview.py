"""A look at the first records of a source, by the same path as the harvest, writing nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.client import Client
from ckanext.cn_govdata.harvest import sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.harvest.model import HarvestSource

    from ckanext.cn_govdata.crawl.messages import Report


def show(row: HarvestSource, limit: int, echo: Callable[[str], object]) -> Report:
    """Print the first `limit` records of a source as JSON, and how the listing went."""
    source, client_settings = sources.resolve(row)
    source = replace(source, max_records=limit, details="all")
    with Client(client_settings) as client:
        listing = flow.crawl(source, client.fetch)
        for item in listing:
            shown = item.record.as_dict() if item.record else {"refused": item.reason}
            echo(json.dumps(shown, ensure_ascii=False, indent=2))
            for finding in item.findings:
                echo(f"  {finding.field}: {finding.value!r}: {finding.reason}")
    echo(f"{listing.report.outcome.value}: {listing.report.total} records at the portal")
    return listing.report
