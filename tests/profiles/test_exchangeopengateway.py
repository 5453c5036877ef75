"""exchangeopengateway: ids with a slash, epoch dates, formats parted by backslashes."""

from __future__ import annotations

import pytest

from ckanext.cn_govdata.crawl.messages import Outcome

from .support import read, site_of
from .wire import Wire, crawl

SERVICES = (
    '{"data": {"totalPage": 1, "rows": [{"mlbh": "03035/006697", "mlmc": "图书馆借阅服务接口"}]}}'
)


def test_records():
    wire = Wire(
        "exchangeopengateway",
        {
            'getMlxxList ["03"]': SERVICES,
            'getMlxxList "pageNo":1,': "getMlxxList.json",
            "getZyfwxq?mlbh=03035/006697&appCode=": "getZyfwxq.json",
            "getMlxxList": '{"data": {"totalPage": 133, "rows": []}}',
            "mlbh=04/021882": "getSjmlxq.json",
            "getSjmlxq": '{"data": {"kflx": "01", "gxzq": "03"}}',
        },
    )
    records, report = crawl("510600", wire)
    assert report.outcome is Outcome.INCOMPLETE
    assert any("mlbh=04%2F021882" in one.url for one in wire.requests)
    record = records["04/021882"]
    assert (record.title, record.notes) == (
        "省级工程研究中心名单",
        "省级工程研究中心名称、依托单位",
    )
    assert (record.provider_name, record.domain_text) == ("市发展改革委", "科技创新")
    assert (record.open_attribute, record.frequency, record.industry) == ("1", "yearly", "M")
    assert (record.issued, record.modified) == ("2022-06-23", "2023-06-12")
    assert (record.record_count, record.tags) == (57, ("工程研究中心",))
    assert record.contact[0].phone == "0838-2501234"
    assert [one.format for one in record.resources] == ["xml", "json", "xlsx", "csv"]
    assert record.url == "https://www.dysdsj.cn/#/DataDirectory/04%2F021882"
    service = records["03035/006697"]
    assert [(one.format, one.kind) for one in service.resources] == [("api", "api")]
    assert (service.domain_text, service.frequency) == ("教育文化", "daily")
    assert (service.issued, service.modified) == ("2022-02-27", "2022-10-22")
    assert service.source_extra["gxsx"] == "无条件共享"
    assert service.open_attribute is None
    other = records["31003/027357"]
    assert (other.open_attribute, other.frequency) == ("2", "monthly")
    assert other.provider_name == "市住房城乡建设局"


@pytest.mark.parametrize("code", ["510600", "320300"])
def test_a_replayed_portal_is_read_whole(code):
    site = site_of(code, 40)
    items, report = read(site, code=code)
    assert report.outcome is Outcome.COMPLETE, report.reason
    assert [item.source_id for item in items] == [stored.id for stored in site.records]


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"silent_first_page": True}, Outcome.INCOMPLETE),
        ({"missing_pages": frozenset({2})}, Outcome.INCOMPLETE),
        ({"challenge": "412"}, Outcome.BLOCKED),
    ],
)
def test_faults_have_their_outcome(fault, outcome):
    site = site_of("510600", 40)
    for name, value in fault.items():
        setattr(site.faults, name, value)
    assert read(site, code="510600")[1].outcome is outcome
