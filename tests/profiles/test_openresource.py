"""openresource: one interface in JSON and in XML."""

from __future__ import annotations

import pytest

from ckanext.cn_govdata.crawl.messages import Outcome

from .wire import Wire, crawl

PARKING = "5bcc0a007b16426f99ae925b378412d5"
XML_END = (
    "<?xml version='1.0'?><BusinessMessage><data><content/><totalElements>{}</totalElements>"
    "<totalPages>{}</totalPages></data></BusinessMessage>"
)


def check(record, title: str, provider: str) -> None:
    assert (record.title, record.provider_name) == (title, provider)
    assert record.notes == "停车场名称、地址、泊位数"
    assert (record.domain_text, record.industry) == ("城市服务", "G")
    assert (record.open_attribute, record.open_condition) == ("1", "无条件开放")
    assert (record.frequency, record.frequency_text) == ("yearly", "每年")
    assert (record.issued, record.modified) == ("2021-11-05", "2024-05-20")
    assert (record.record_count, record.source_views, record.source_downloads) == (310, 91, 8)
    assert record.tags == ("停车场",)
    assert [one.format for one in record.resources] == ["xls", "csv"]


def test_json_with_interfaces():
    wire = Wire(
        "openresource",
        {
            "openResource/rest/page page=0&": "page.json",
            "openResource/rest/page": '{"data": {"content": [], "totalPages": 425}}',
            "openService/rest/page page=0&": "openService-page.json",
            "openService/rest/page": '{"data": {"content": [], "totalPages": 2}}',
            f"findView {PARKING}": "findView.json",
            "findView id=7b": '{"data": {"resMountType": "API", "isOpen": "0"}}',
            "findView": '{"data": {"resMountType": "其他", "isOpen": "1"}}',
        },
    )
    records, report = crawl("321100", wire)
    assert all(one.headers["accept"].startswith("application/json") for one in wire.requests)
    assert len(records) == 4
    assert report.outcome is Outcome.INCOMPLETE
    assert "of 4248 stated" in report.reason
    check(records[PARKING], "镇江市公共停车场信息", "市城市管理局")
    assert records[PARKING].source_extra["instanceId"] == "2cc2b8de"
    credit = records["6bcc0a007b16426f99ae925b378412d6"]
    assert (credit.open_attribute, credit.frequency) == ("2", "monthly")
    bus = records["7bcc0a007b16426f99ae925b378412d7"]
    assert (bus.frequency, bus.tags) == ("realtime", ("公交", "实时"))
    assert [one.kind for one in bus.resources] == ["api"]
    service = records["s1"]
    assert (service.title, service.notes) == ("实时公交到站查询", "按线路查询")
    assert (service.issued, service.source_views) == ("2022-04-01", 33)
    assert [one.kind for one in service.resources] == ["api"]


def test_xml():
    wire = Wire(
        "openresource",
        {
            "rest/page page=0&": "page.xml",
            "rest/page": XML_END.format(121, 13),
            "findView": "findView.xml",
        },
    )
    records, report = crawl("420800", wire)
    assert wire.requests[0].headers["accept"].startswith("application/xml")
    assert list(records)[1:] == [
        "6bcc0a007b16426f99ae925b378412d6",
        "7bcc0a007b16426f99ae925b378412d7",
    ]
    assert "3 distinct records of 121" in report.reason
    check(records[PARKING], "荆门市义务教育学校名录", "市教育局")


@pytest.mark.parametrize("rows", [0, 1])
def test_xml_with_one_element_or_none(rows):
    one = "<content><id>x1</id><resourceName>甲</resourceName></content>" * rows
    page = XML_END.format(rows, 1).replace("<content/>", f"<content>{one}</content>")
    records, report = crawl(
        "420800", Wire("openresource", {"rest/page": page, "findView": "findView.xml"})
    )
    assert len(records) == rows
    assert report.outcome is (Outcome.COMPLETE if rows else Outcome.EMPTY)
