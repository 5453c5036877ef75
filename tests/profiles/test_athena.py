"""athena: datasets and interfaces, and the code table of each host."""

from __future__ import annotations

from ckanext.cn_govdata.crawl.messages import Outcome

from .wire import Wire, crawl

ANSWERS = {
    'catalog/page "pageNum":1': "catalog-page.json",
    "catalog/page": '{"data": {"total": 752, "rows": []}}',
    "getDetails?dataId=18873": "catalog-getDetails.json",
    "getDetails?": '{"data": {"openCond": "有条件开放"}}',
    "getApiData baseDataId=90211": (
        '{"data": {"title": "公交线路查询接口", "deptContact": "0575-85123457", '
        '"downloadDataInfo": {"themeName": "交通运输", "openCondition": "有条件开放"}}}'
    ),
    "getInterfaceDataByPage pageNum=1&": "interface-getInterfaceDataByPage.json",
    "getInterfaceDataByPage": '{"data": {"total": 125, "list": []}}',
}


def test_datasets_and_interfaces():
    records, report = crawl("330600", Wire("athena", ANSWERS))
    assert list(records) == ["18873", "18874", "18875", "90211"]
    assert (report.outcome, report.total) == (Outcome.INCOMPLETE, 752 + 125)
    record = records["18873"]
    assert (record.title, record.notes) == ("绍兴市公共厕所信息", "公共厕所名称、地址")
    assert (record.provider_name, record.domain_text) == ("市综合行政执法局", "城建住房")
    assert (record.open_attribute, record.frequency, record.record_count) == ("1", "yearly", 2210)
    assert (record.issued, record.modified) == ("2021-06-11", "2023-06-01")
    assert record.contact[0].phone == "0575-85123456"
    assert record.url == "https://data.sx.gov.cn/kf/open/table/detail/18873"
    assert record.source_extra["downloadDataInfo"] == {"themeName": "城建住房"}
    assert (record.source_views, record.source_downloads) == (120, 13)
    assert [one.format for one in record.resources] == ["xls", "csv", "json"]
    assert all(one.download_url is None for one in record.resources)
    assert (records["18874"].open_attribute, records["18874"].notes) == ("2", None)


def test_an_interface_is_a_dataset_of_kind_api():
    record = crawl("330600", Wire("athena", ANSWERS))[0]["90211"]
    assert (record.title, record.frequency) == ("公交线路查询接口", "daily")
    assert [(one.format, one.kind) for one in record.resources] == [("api", "api")]
    assert (record.open_attribute, record.contact[0].phone) == ("2", "0575-85123457")
    assert record.source_extra["downloadDataInfo"] == {"themeName": "交通运输"}
    assert record.url == "https://data.sx.gov.cn/kf/open/interface/detail/90211"


def test_taizhou_sorts_and_shows_elsewhere():
    wire = Wire("athena", ANSWERS)
    records, _ = crawl("331000", wire)
    assert b'"orderField":"7"' in wire.requests[0].body
    assert records["18873"].frequency == "yearly"
    assert records["18873"].url == "https://data.zjtz.gov.cn/tz/open/table/detail/18873"


def test_the_codes_of_yichang_are_not_guessed():
    record = crawl("420500", Wire("athena", ANSWERS))[0]["18873"]
    assert (record.frequency, record.frequency_text) == (None, None)
    assert record.source_extra["updateFreq"] == 6
