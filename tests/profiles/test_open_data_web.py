"""open-data-web: JSON, or the script of its guard."""

from __future__ import annotations

from ckanext.cn_govdata.crawl.messages import Outcome

from .wire import Wire, crawl


def test_records():
    wire = Wire(
        "open-data-web",
        {
            "queryKfZyPage.do currentPageNo=1&": "queryKfZyPage.json",
            "queryKfZyPage.do": '{"data": {"totalPageCount": 33, "result": []}}',
            "getKfzyDetail.do": "getKfzyDetail.json",
        },
    )
    records, report = crawl("340100", wire)
    assert len(records) == 3
    assert report.outcome is Outcome.INCOMPLETE
    assert report.total is None
    bodies = [one.body.decode() for one in wire.requests if one.body]
    assert bodies[1] == (
        "id=5D216F8449604196BAD899D8B79G0EC1&zyId=ff80808187735f120188da12f9bc7c35&zylx=1&czlx=1"
    )
    record = records["5D216F8449604196BAD899D8B79G0EC2"]
    assert (record.title, record.provider_name) == ("民办幼儿园名录", "合肥市教育局")
    assert (record.domain_text, record.frequency) == ("教育文化", "yearly")
    assert (record.issued, record.modified) == ("2023-07-20", "2023-07-25")
    assert record.source_modified == "2023-07-25T09:30:12+08:00"
    assert (record.source_views, record.source_downloads) == (130, 22)
    assert [one.format for one in record.resources] == ["xls", "csv"]
    assert record.source_extra == {"zxtbsj": "20230725093012"}


def test_the_script_of_its_guard_is_blocked():
    records, report = crawl("340100", Wire("open-data-web", {"queryKfZyPage.do": "waf-step1.html"}))
    assert records == {}
    assert report.outcome is Outcome.BLOCKED
    assert "<script>" in report.evidence
