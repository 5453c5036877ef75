"""Further families, sketched: the vocabulary carries them without a line of code."""

from __future__ import annotations

from datetime import date

import pytest

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.messages import ItemStatus, Outcome
from ckanext.cn_govdata.crawl.source import Source

from .support import BASE, fetcher, portal, site_of, sketch


def crawl(family: str, code: str, limit: int = 40):
    site = site_of(code, limit)
    source = Source(
        sketch(family), code, BASE, code, portal(code).parameters, today=date(2024, 5, 1)
    )
    listing = flow.crawl(source, fetcher(site))
    return site, list(listing), listing.report


@pytest.mark.parametrize(
    ("family", "code"),
    [("gd-findpage", "350100"), ("jdop", "330300"), ("exchangeopengateway", "510600")],
)
def test_other_families_are_read_whole(family, code):
    site, items, report = crawl(family, code)
    assert report.outcome is Outcome.COMPLETE, report.reason
    assert {item.status for item in items} == {ItemStatus.CHANGED}
    assert len(items) == len(site.records)
    titles = {stored.title.strip() for stored in site.records}
    assert {item.record.title for item in items} <= {" ".join(title.split()) for title in titles}
    assert all(item.record.provider_name for item in items)


def test_files_of_gd_findpage_are_downloads():
    _, items, _ = crawl("gd-findpage", "350100", 6)
    resources = [resource for item in items for resource in item.record.resources]
    assert resources
    assert all("/downloadFiles/open-file/" in one.download_url for one in resources)
    assert all("%2F" not in one.download_url for one in resources)


def test_a_withdrawn_record_of_jdop():
    site = site_of("330300", 5)
    fetch = fetcher(site)
    gone = site.records[2].id

    def withdrawing(request):
        if "detail/data.do" in request.url and gone in request.url:
            site.records = [stored for stored in site.records if stored.id != gone]
        return fetch(request)

    source = Source(sketch("jdop"), "330300", BASE, "330300", {})
    items = list(flow.crawl(source, withdrawing))
    statuses = {item.source_id: item.status for item in items}
    assert list(statuses.values()).count(ItemStatus.WITHDRAWN) == 1
    assert statuses[gone] is ItemStatus.WITHDRAWN
