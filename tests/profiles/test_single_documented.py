"""Portals of which no answer is stored: the shape that is documented, with values of our own."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from ckanext.cn_govdata.crawl.messages import Outcome

from .wire import Wire, crawl

Json = dict[str, Any]
LARGE = 1110939328643821568
DATE = "2023-06-01 10:00:00"
MS = 1685584800000  # the same moment
COMMON = {
    "title": "公交站点",
    "provider_name": "市交通局",
    "issued": "2023-06-01",
    "open_attribute": "1",
}


class Case(NamedTuple):
    """List and detail as a portal sends them, what marks their requests, and what must come out."""

    portal: str
    listing: tuple[str, Json]
    detail: tuple[str, Json]
    source_id: str
    expected: dict[str, Any]


CASES = {
    "single-huainan": Case(
        "340400",
        ("getGovDataList page=1&", {"total": 1, "rows": [{"dataId": "d1"}]}),
        (
            "getGovDataById?dataId=d1",
            {
                "data": {
                    "dataName": "公交站点",
                    "pubDeptName": "市交通局",
                    "pubTime": DATE,
                    "modifyTime": DATE,
                    "dataDomainName": "交通运输",
                    "openAttrName": "无条件",
                    "dataTypeName": "接口",
                }
            },
        ),
        "d1",
        {"modified": "2023-06-01", "domain_text": "交通运输", "kinds": ["api"]},
    ),
    "single-suzhou": Case(
        "320500",
        ('"current":1,', {"data": {"pages": 1, "records": [{"id": LARGE}]}}),
        (
            f"getResourceInfo?id={LARGE}",
            {
                "data": {
                    "resourceName": "公交站点",
                    "createrDeptName": "市交通局",
                    "createTime": DATE,
                    "updateFrequency": "3",
                    "resourceType": "接口",
                    "openAttributeName": "无条件开放",
                    "contacts": "（人名）",
                    "contactTel": "0512-65000000",
                }
            },
        ),
        str(LARGE),
        {"frequency": "weekly", "kinds": ["api"], "phone": "0512-65000000"},
    ),
    "single-guangzhou": Case(
        "440100",
        ('"page":1,', {"total": "1", "pageSize": 10, "body": [{"sid": "s1", "updateCycle": "4"}]}),
        (
            "findDsDataTableExtDetail/s1",
            {
                "body": {
                    "name": "公交站点",
                    "orgName": "市交通局",
                    "created": DATE,
                    "lastUpdated": DATE,
                    "openStatus": 1,
                    "subjectName": "交通运输",
                    "dataFileList": [{"fileFormat": "xlsx"}, {"fileFormat": "csv"}],
                }
            },
        ),
        "s1",
        {"frequency": "monthly", "domain_text": "交通运输", "formats": ["xlsx", "csv"]},
    ),
    "single-leshan": Case(
        "511100",
        (
            "getDirectoryList?pageIndex=1&",
            {"data": {"recordCount": 1, "rows": [{"resourceId": 9}]}},
        ),
        (
            "getDirectoryDetails?resourceId=9",
            {
                "data": {
                    "resourceName": "公交站点",
                    "resourceProvider": "市交通局",
                    "publishTime": DATE,
                    "updateTime": "",
                    "sharedType": "无条件开放",
                    "updateCycle": "每年",
                    "resourceFormat": "xls",
                    "remark": "站点名称",
                }
            },
        ),
        "9",
        {"modified": None, "frequency": "yearly", "formats": ["xls"], "notes": "站点名称"},
    ),
    "single-neijiang": Case(
        "511000",
        ("pageList?page=1&", {"data": {"totalPages": 1, "content": [{"id": "n1"}]}}),
        (
            'getById "id":"n1"',
            {
                "data": {
                    "catalogName": "公交站点",
                    "departmentName": "市交通局",
                    "topicNameList": ["交通运输", "生活服务"],
                    "createdDate": MS,
                    "lastUpdatedDate": MS,
                    "openTypeValue": "无条件开放",
                    "dataNum": 12,
                    "accessFrequency": "每日",
                    "departPhone": "0832-2000000",
                }
            },
        ),
        "n1",
        {
            "modified": "2023-06-01",
            "frequency": "daily",
            "record_count": 12,
            "domain_text": "交通运输、生活服务",
            "phone": "0832-2000000",
        },
    ),
    "single-aba": Case(
        "513200",
        (
            "getTableList?page=1&",
            {"data": {"resultMap": {"total": 1, "abaTableList": [{"tableId": 5}]}}},
        ),
        (
            "getTableDetail?tableId=5",
            {
                "data": {
                    "resultMap": {
                        "abaTableDetail": {
                            "subjectBaseName": "公交站点",
                            "orgName": "市交通局",
                            "fieldName": "交通运输",
                            "releaseTime": DATE,
                            "updateTime": DATE,
                            "openTypeName": "无条件开放",
                            "dataNumSum": 7,
                            "frequency": "每月",
                            "orgPhone": "0837-2000000",
                        }
                    }
                }
            },
        ),
        "5",
        {"record_count": 7, "frequency": "monthly", "phone": "0837-2000000"},
    ),
    "single-ningbo": Case(
        "330200",
        ('"pageNo":1,', {"list": {"pages": 1, "rows": [{"uuid": "u1"}]}}),
        (
            'dataSetInfo "uuid":"u1"',
            {
                "bTCataResources": {
                    "resourceName": "公交站点",
                    "domainName": "交通运输",
                    "corresFormat": "xls,json",
                    "createTime": DATE,
                    "updateFrequency": "每日",
                    "openConditions": "无条件开放",
                    "dataNumber": 30,
                    "dataUnitTel": "0574-80000000",
                }
            },
        ),
        "u1",
        {
            "provider_name": None,
            "frequency": "daily",
            "record_count": 30,
            "formats": ["xls", "json"],
            "phone": "0574-80000000",
        },
    ),
    "single-guangyuan": Case(
        "510800",
        ('"currentPage":1,', {"data": {"totalPage": 1, "rows": [{"ID": "g1"}]}}),
        (
            'queryDetails "id":"g1"',
            {
                "data": {
                    "details": [
                        {
                            "name": "公交站点",
                            "department": "市交通局",
                            "add_time": DATE,
                            "release_time": "2024-01-01",
                            "cycle": "8",
                            "SharedStructuredRecords": "0",
                            "remarks": "站点名称",
                        }
                    ]
                }
            },
        ),
        "g1",
        {"frequency": "realtime", "notes": "站点名称", "modified": "2024-01-01"},
    ),
    "single-nanchong": Case(
        "511300",
        ("find? page=1&", {"count": 1, "data": [{"ID": 157138}]}),
        (
            "getdetailsbyid?id=157138",
            {
                "data": [
                    {
                        "NAME": "公交站点",
                        "PROVIDEDEPT": "市交通局",
                        "TAG_ID1": "交通运输",
                        "CREATETIME": DATE,
                        "UPDATE_TIME": DATE,
                        "OPENTYPE": 1,
                        "RESOURCESNUM": 5,
                        "FORMATNAME": "XLS",
                        "ABSRACTINFO": "站点名称",
                        "provideDetail": "",
                    }
                ]
            },
        ),
        "157138",
        {"record_count": 5, "notes": "站点名称", "formats": ["xls"], "phone": None},
    ),
    "single-bazhong": Case(
        "511900",
        (
            "listCatalog page=1&",
            {
                "data": {
                    "total": 1,
                    "data": [{"catalogInfo": {"id": LARGE, "resourceName": "公交"}}],
                }
            },
        ),
        (
            f"dataCatalogId={LARGE}",
            {
                "data": {
                    "catalogInfo": {
                        "resourceName": "公交站点",
                        "dataSource": "市交通局",
                        "publishTime": DATE,
                        "updateTime": DATE,
                        "openType": "无条件开放",
                        "dataVolume": 11,
                        "industryCategory": "交通运输",
                        "industryField": "教育",
                        "dataUpdatePeriod": "每年",
                        "departmentContactTel": "0827-5000000",
                    }
                }
            },
        ),
        str(LARGE),
        {
            "domain_text": "交通运输",
            "industry": "P",
            "record_count": 11,
            "frequency": "yearly",
            "phone": "0827-5000000",
        },
    ),
}


@pytest.mark.parametrize("family", CASES)
def test_every_documented_field(family):
    case = CASES[family]
    answers = dict([case.listing, case.detail])
    wire = Wire(family, {words: json.dumps(body) for words, body in answers.items()})
    records, report = crawl(case.portal, wire)
    assert report.outcome is Outcome.COMPLETE, report.reason
    assert list(records) == [case.source_id]
    record = records[case.source_id]
    found = {
        **record.as_dict(),
        "kinds": [one.kind for one in record.resources],
        "formats": [one.format for one in record.resources],
        "phone": record.contact[0].phone if record.contact else None,
    }
    expected = {**COMMON, **case.expected}
    assert {name: found.get(name) for name in expected} == expected
    assert "人名" not in json.dumps(record.as_dict(), ensure_ascii=False)


def test_nantong_ends_with_an_empty_page_and_drops_persons():
    name = "赵" + "钱孙"
    detail = {
        "resName": "公交站点",
        "companyName": "市交通局",
        "createTime": DATE,
        "isOpenToSociety": "2",
        "linkman": name,
        "phone": "0513-85000000",
    }
    files = '{"data": {"childFiles": [{"fileType": "xls"}]}}'
    answers = {
        "findResourceByPage page=0&": '{"data": {"content": [{"id": "r1"}, {"id": "r2"}]}}',
        "findResourceByPage page=1&": '{"data": {"content": []}}',
        "getResourceById": json.dumps({"data": detail}),
        "listFiles resId=r1": files,
        "listFiles resId=r2": '{"data": null}',
    }
    records, report = crawl("320600", Wire("single-nantong", answers))
    assert report.outcome is Outcome.COMPLETE
    assert list(records) == ["r1", "r2"]
    assert [one.format for one in records["r1"].resources] == ["xls"]
    assert records["r2"].resources == ()
    assert (records["r1"].open_attribute, records["r1"].issued) == ("2", "2023-06-01")
    assert records["r1"].contact[0].phone == "0513-85000000"
    said = json.dumps([one.as_dict() for one in records.values()], ensure_ascii=False)
    assert name not in said
