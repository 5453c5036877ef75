"""gd-findpage: JSON in JSON (v1), JSON (v2), ids with a slash, files that anyone may take."""

from __future__ import annotations

import json

import pytest

from ckanext.cn_govdata.crawl.messages import Outcome

from .support import read, site_of
from .wire import Wire, crawl

EMPTY = json.dumps(
    {"dataList": json.dumps({"otherData": {"cityCount": 2984, "countyCount": 828}, "list": []})}
)


def test_v1():
    wire = Wire(
        "gd-findpage",
        {
            "/dataSet/findPage pageNo=1&": "v1-findPage.json",
            "/dataSet/findPage": EMPTY,
            "/api/findPageByParams pageNo=1&pageSize=10&sortType=DESC": (
                "v1-api-findPageByParams.json"
            ),
            "/api/findPageByParams": EMPTY.replace("dataList", "apiList").replace("2984", "1102"),
            "selectDataCatalogByResId resId=29200/01503668": '{"updateCycle": 1, "phone": null}',
            "selectDataCatalogByResId resId=29200/00403632": "v1-selectDataCatalogByResId.json",
            "selectDataCatalogByResId": '{"openMode": "有条件开放", "updateCycle": "99"}',
            "getPreviewDataItem": "v1-getPreviewDataItem.json",
            "getFileList resId=29200/00403632": "v1-getFileList.json",
            "getFileList": "[]",
        },
    )
    records, report = crawl("440300", wire)
    assert (report.outcome, report.total) == (Outcome.INCOMPLETE, 3812 + 1930)
    record = records["29200/00403632"]
    assert (record.provider_name, record.domain_text) == ("深圳市市场监督管理局", "经济建设")
    assert (record.open_attribute, record.frequency, record.industry) == ("1", "daily", "S")
    assert (record.issued, record.modified) == ("2018-09-20", "2023-06-12")
    assert record.source_modified == "2023-06-12T02:11:45+08:00"
    assert (record.record_count, record.tags) == (3512204, ("商事登记", "企业", "营业执照"))
    assert record.contact[0].phone == "0755-83070137"
    assert [one.name_zh for one in record.data_items] == ["企业名称", "统一社会信用代码"]
    assert [one.format for one in record.resources] == ["csv", "xlsx"]
    base = "https://opendata.sz.gov.cn"
    assert record.resources[0].download_url == (
        f"{base}/downloadFiles/open-file/29200_00403632/3a0f1b8c-20230612.csv"
    )
    assert record.url == f"{base}/data/dataSet/toDataDetails/29200_00403632"
    assert records["3070220200043/000089"].open_attribute == "2"
    service = records["29200/01503668"]
    assert (service.title, service.provider_name) == ("实时路况", "深圳市交通运输局")
    assert [(one.format, one.kind) for one in service.resources] == [("api", "api")]
    assert service.frequency == "realtime"
    assert service.url == f"{base}/data/dataSet/toDataDetails/29200_01503668"


def test_v2_of_a_city_of_guangdong():
    wire = Wire(
        "gd-findpage",
        {
            'openCatalog/findPageBySearch "pageNo":1,': "v2-findPageBySearch.json",
            "openCatalog/findPageBySearch": (
                '{"data": {"page": {"total": 97775, "pages": 12222, "list": []}}}'
            ),
            'dataManageApi/api/findPageBySearch "officecCode":"38"': (
                '{"data": {"page": {"total": 1, "pages": 1, "list": '
                '[{"resId": "a/1", "resTitle": "排水查询"}]}}}'
            ),
            'dataManageApi/api/selectDataApiByResId {"resId":"a/1"}': (
                '{"data": {"resTitle": "排水查询", "openMode": "普遍开放"}}'
            ),
            "selectDataCatalogByResId": "v2-selectDataCatalogByResId.json",
            "getPreviewDataItem": "v2-getPreviewDataItem.json",
        },
    )
    records, report = crawl("440600", wire)
    assert (report.outcome, report.total) == (Outcome.INCOMPLETE, 97776)
    assert json.loads(wire.requests[0].body) == {"pageNo": 1, "pageSize": 10, "officeCode": "38"}
    service = records["a/1"]
    assert (service.open_attribute, service.resources[0].kind) == ("1", "api")
    record = records["3070220200043/000089"]
    assert (record.title, record.open_condition) == ("佛山市养老机构信息", "需审核")
    assert (record.open_attribute, record.contact) == ("2", ())
    assert (record.issued, record.modified) == ("2020-07-20", "2022-11-18")
    assert [one.data_type for one in record.data_items] == ["C", "N"]
    assert [(one.format, one.download_url) for one in record.resources] == [("xlsx", None)]


def test_a_replayed_portal_is_read_whole():
    site = site_of("350100")
    items, report = read(site, code="350100")
    assert report.outcome is Outcome.COMPLETE, report.reason
    assert {item.source_id for item in items} == {stored.id for stored in site.records}
    assert len(items) == 20
    resources = [one for item in items for one in item.record.resources if one.download_url]
    assert resources
    assert all("/downloadFiles/open-file/" in one.download_url for one in resources)
    assert all("%2F" not in one.download_url for one in resources)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"silent_first_page": True}, Outcome.INCOMPLETE),
        ({"challenge": "412"}, Outcome.BLOCKED),
    ],
)
def test_faults_have_their_outcome(fault, outcome):
    site = site_of("350100")
    for name, value in fault.items():
        setattr(site.faults, name, value)
    assert read(site, code="350100")[1].outcome is outcome


def test_suizhou():
    wire = Wire(
        "gd-findpage",
        {
            "POST dataSet/findPage page=1&": "suizhou-findPage.json",
            "POST dataSet/findPage": '{"count": 812, "list": []}',
            "POST dataApi/findPage page=1&": '{"count": 1, "list": [{"id": "api1", "resTitle": "天气"}]}',
            "GET dataApi/toDataDetails/api1": '{"apiMetadata": {"UpdateCycle": "实时"}}',
            "GET toDataDetails/5b1c": "suizhou-toDataDetails.json",
            "GET toDataDetails": '{"setMetadata": {"openLevel": "有条件开放"}}',
        },
    )
    records, report = crawl("421300", wire)
    assert (report.outcome, report.total) == (Outcome.INCOMPLETE, 813)
    record = records["5b1c"]
    assert (record.title, record.provider_name) == ("随州市旅行社名录", "市文化和旅游局")
    assert (record.domain_text, record.frequency) == ("生活服务", "yearly")
    assert (record.open_attribute, record.issued) == ("1", "2022-08-12")
    assert record.source_modified == "2023-05-30T00:00:00+08:00"
    assert [one.format for one in record.resources] == ["xls", "csv"]
    assert records["5b1e"].open_attribute == "2"
    assert (records["api1"].frequency, records["api1"].resources[0].kind) == ("realtime", "api")
