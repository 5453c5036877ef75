"""inspur-odweb: JSON list with offsets, HTML details, the files and lists of its variants."""

from __future__ import annotations

import json

import pytest

from ckanext.cn_govdata.crawl.messages import Outcome

from .support import OWN_SAMPLES
from .wire import Wire, crawl

ONE = "3c1e6644bcbb48fbbb55fba8a29788aa"
SAMPLES = OWN_SAMPLES / "inspur-odweb"
END = '{"recordsTotal": 1005, "data": []}'
BARE = '<span class="detail-title">停车场信息</span>'


def answers(**more: str) -> dict[str, str]:
    return {
        **more,
        "POST GetCatalog start=0& length=10&pageLength=10 _order=cc.update_time": "list.json",
        "POST GetCatalog start=0& length=6&": "list.json",
        "POST GetCatalog": END,
        f"GET catalogDetail.htm?cata_id={ONE}": "detail.html",
        "GET catalogDetail.htm": BARE,
        f"POST catalogDetail.do?method=GetDownLoadInfo cata_id={ONE}&conf_type=2&file_type=1,3": (
            "getDownLoadPageInfo.json"
        ),
        "POST GetDownLoadInfo": '{"data": []}',
    }


@pytest.fixture(scope="module")
def changzhi():
    return crawl("140400", Wire("inspur-odweb", answers()))


def test_list_detail_and_items(changzhi):
    records, report = changzhi
    assert (report.outcome, report.total, len(records)) == (Outcome.INCOMPLETE, 1005, 3)
    record = records[ONE]
    assert (record.title, record.provider_name) == ("市属中等职业学校基本情况", "市教育局")
    assert record.notes == "中等职业学校名称、专业、在校生数"
    assert (record.open_attribute, record.frequency, record.industry) == ("1", "yearly", "P")
    assert (record.domain_text, record.record_count) == ("文化、体育", 18)
    assert (record.issued, record.modified) == ("2022-03-25", "2021-12-14")
    assert record.source_modified == "2021-12-14T09:05:31+08:00"
    assert record.tags == ("教育", "职业教育", "学校")
    assert [(one.name_zh, one.data_type) for one in record.data_items] == [
        ("学校", "C"),
        ("在校生数", "N"),
    ]
    assert (record.source_views, record.source_downloads) == (812, 35)
    assert (
        record.url == f"https://www.changzhi.gov.cn/odweb/catalog/catalogDetail.htm?cata_id={ONE}"
    )
    assert record.source_extra["catalogStatistic"]["use_scores"] == 4.5
    assert record.source_extra["conf_use_type"] == "1,2"


def test_files(changzhi):
    xls, csv = changzhi[0][ONE].resources
    assert (xls.name, xls.format, xls.size) == ("市属中等职业学校基本情况_xls", "xls", 20480)
    assert (csv.format, csv.size, csv.modified) == ("csv", 1024, "2021-12-14T09:05:31+08:00")
    assert xls.download_url == (
        "https://www.changzhi.gov.cn/odweb/catalog/CatalogDetailDownload.do"
        "?method=getFileDownloadAddr&fileId=f3a1b0c4"
    )


def test_without_files_the_formats_of_the_list(changzhi):
    record = changzhi[0]["98381"]
    assert (record.open_attribute, record.frequency) == ("2", "monthly")
    assert [(one.format, one.login_required) for one in record.resources] == [("xls", "apply")]
    assert len(record.data_items) == 8
    assert record.data_items[2].name_zh == "总泊位"


def test_use_type_3_is_an_interface(changzhi):
    record = changzhi[0]["9ad25f01af0742d2a68c4f1e4f05e0bb"]
    assert [(one.format, one.kind) for one in record.resources] == [("api", "api")]
    assert record.source_modified == "2022-06-27T11:50:02+08:00"


def test_a_smaller_page_is_asked_for_where_ten_are_refused():
    wire = Wire("inspur-odweb", answers())
    crawl("140400", wire)
    starts = [one.body for one in wire.requests if b"start=" in (one.body or b"")]
    assert b"start=0&length=10" in starts[0]
    assert b"start=0&length=6" in starts[1]
    assert b"start=3&length=6" in starts[2]


def test_scalars_that_come_as_lists_with_blanks():
    row = json.loads((SAMPLES / "list-foshan-variant-record.json").read_text("utf-8"))
    page = json.dumps({**row, "recordsTotal": 1}, ensure_ascii=False)
    records, report = crawl("140400", Wire("inspur-odweb", {"GetCatalog": page, **answers()}))
    assert (list(records), report.outcome) == (["43270"], Outcome.COMPLETE)
    record = records["43270"]
    assert record.notes == "佛山市停车场信息"
    assert record.source_modified == "2017-06-08T10:00:00+08:00"
    assert record.modified == "2020-04-20"
    assert record.source_extra["group_name"] == ["交通运输、仓储和邮政业", "交通出行"]


def test_urumqi_asks_for_the_default_type():
    wire = Wire("inspur-odweb", answers())
    crawl("650100", wire)
    assert b"cata_type=default" in wire.requests[0].body


@pytest.mark.parametrize(
    ("row", "formats"),
    [
        ({"fileName": "a_json", "fileFormat": "zip"}, ["json"]),
        ({"fileName": "a_b_XLSX", "fileFormat": "zip"}, ["xlsx"]),
        ({"fileName": "a", "fileFormat": "zip"}, ["zip"]),
        ({"fileName": "a_csv", "fileFormat": "csv", "fileType": "4"}, []),
        ({"fileName": "a_csv", "fileFormat": "csv", "fileType": 4}, []),
        ({"fileName": "a", "fileFormat": "xml", "fileType": None}, ["xml"]),
        ({"fileName": "a.csv"}, ["csv"]),
    ],
)
def test_rows_of_files(row, formats):
    files = json.dumps({"data": [{"fileId": "f1", **row}]})
    wire = Wire("inspur-odweb", {"GetDownLoadInfo": files, **answers()})
    found = crawl("140400", wire)[0][ONE].resources
    assert [one.format for one in found if one.download_url] == formats


def wuxi() -> Wire:
    return Wire(
        "inspur-odweb",
        {
            "POST /data/catalog/catalog.do?method=GetCatalog page=1& _order=cc.data_update_time": (
                "list.json"
            ),
            "POST GetCatalog": END,
            "GET /data/catalog/catalogDetail.htm": "wuxi-detail.html",
            "POST CatalogDetail.do?method=getDownLoadPageInfo&cata_id=": "getDownLoadPageInfo.json",
            "queryApiList&page=1": "wuxi-queryApiList.json",
        },
    )


def test_wuxi():
    records, report = crawl("320200", wuxi())
    assert report.total == 1006
    record = records[ONE]
    assert record.title == "市属中等职业学校基本情况"
    assert record.notes == "中等职业学校名称、专业 （含“3+2”）"
    assert (record.issued, record.modified) == ("2021-03-25", "2023-12-14")
    assert (record.record_count, record.domain_text) == (1018, "教育文化")
    assert record.contact[0].phone == "0510-81821234"
    assert "getFileDownloadAddrby&fileId=f3a1b0c4" in record.resources[0].download_url


def test_interfaces_of_wuxi_and_an_id_beyond_53_bits():
    record = crawl("320200", wuxi())[0]["9007199254740993"]
    assert (record.title, record.provider_name) == ("停车场查询", "市交通运输局")
    assert [one.kind for one in record.resources] == ["api"]
    assert record.url == (
        "https://data.wuxi.gov.cn/data/dev/developer/serviceDetail.htm?service_id=9007199254740993"
    )
    assert (record.source_views, record.source_downloads) == (12, 3)


def test_datong_lists_in_html():
    wire = Wire(
        "inspur-odweb",
        {
            "GET /Dataopen/list?pageNumber=1": "datong-list.html",
            "GET /Dataopen/list?pageNumber=2": '<ul id="catalog-list"></ul>',
            "GET /Dataopen/detail": "detail.html",
        },
    )
    records, report = crawl("140200", wire)
    assert list(records) == ["d1", "d2"]
    assert report.outcome is Outcome.INCOMPLETE
    record = records["d1"]
    assert record.provider_name == "市教育局"
    assert record.url == "http://www.dt.gov.cn/Dataopen/detail?cata_id=d1"
    assert records["d2"].url == "http://www.dt.gov.cn/Dataopen/detail/d2"
    assert [one.format for one in record.resources] == ["xls", "xml", "json", "csv"]
    assert all(one.download_url is None for one in record.resources)
