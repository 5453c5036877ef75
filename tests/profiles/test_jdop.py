"""jdop: HTML in JSON, a cookie first, pages of labels, withdrawn records."""

from __future__ import annotations

import pytest

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.messages import ItemStatus, Outcome
from ckanext.cn_govdata.portals.source import build

from .support import BASE, fetcher, read, site_of
from .wire import Wire, crawl

ANSWERS = {
    "data_public.do": "<html></html>",
    "datapubliclist.do pageNumber=1&": "datapubliclist.json",
    "datapubliclist.do": '{"data": "<span class=onColor>1,013</span>"}',
    "detail/data.do": "detail-data.html",
}


def test_records():
    wire = Wire("jdop", ANSWERS)
    records, report = crawl("330300", wire)
    assert list(records) == ["6348", "12297", "13341"]
    assert (report.outcome, report.total) == (Outcome.INCOMPLETE, 1013)
    assert wire.requests[0].url.endswith("/jdop_front/channal/data_public.do")
    record = records["6348"]
    assert (record.title, record.notes) == ("温州市水文潮位信息", "全市潮位站实时潮位")
    assert (record.provider_name, record.domain_text) == ("市水利局", "生态环境")
    assert (record.open_attribute, record.frequency, record.industry) == ("1", "daily", "N")
    assert (record.issued, record.modified) == ("2021-03-02", "2024-05-21")
    assert (record.record_count, record.tags) == (20113, ("水文",))
    assert record.contact[0].phone == "0577-88119123"
    assert "内部编码" not in record.source_extra
    assert [one.format for one in record.resources] == ["csv", "json", "csv", "api"]
    assert [item.name_zh for item in record.data_items] == ["测站编码", "时间", "潮位"]
    assert record.resources[3].url.endswith("/jdop_front/detail/api.do?iid=6349")
    assert record.resources[3].download_url is None
    assert record.resources[2].download_url.endswith("fileType=csv&iid=6348&history=20240420")
    assert {one.login_required for one in record.resources[:3]} == {"no"}


def test_the_province_asks_for_its_own():
    wire = Wire("jdop", ANSWERS)
    crawl("330000", wire)
    assert "regionId=shengji" in wire.requests[1].body.decode()


def test_a_replayed_portal_is_read_whole():
    site = site_of("330300", 40)
    items, report = read(site, code="330300")
    assert report.outcome is Outcome.COMPLETE, report.reason
    assert {item.source_id for item in items} == {stored.id for stored in site.records}
    assert len(items) == 40
    assert all(item.record.provider_name for item in items)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [({"ends_after": 1}, Outcome.INCOMPLETE), ({"challenge": "412"}, Outcome.BLOCKED)],
)
def test_faults_have_their_outcome(fault, outcome):
    site = site_of("330300", 250)
    for name, value in fault.items():
        setattr(site.faults, name, value)
    assert read(site, code="330300")[1].outcome is outcome


def test_a_withdrawn_record():
    site = site_of("330300", 5)
    fetch = fetcher(site)
    gone = site.records[2].id

    def withdrawing(request):
        if "detail/data.do" in request.url and gone in request.url:
            site.records = [stored for stored in site.records if stored.id != gone]
        return fetch(request)

    source = build({"family": "jdop", "portal_id": "330300"}, BASE)
    statuses = {item.source_id: item.status for item in flow.crawl(source, withdrawing)}
    assert list(statuses.values()).count(ItemStatus.WITHDRAWN) == 1
    assert statuses[gone] is ItemStatus.WITHDRAWN
