"""epoint-openportal: encoded JSON under a form's content type, formats by address, Yichun."""

from __future__ import annotations

import json
from urllib.parse import unquote

import pytest

from ckanext.cn_govdata.crawl.messages import Outcome

from .support import OWN_SAMPLES
from .wire import Wire, crawl

ONE = "4a1d8b62-7d23-4a0e-9b51-1c6a2f0f9d11"
DETAIL = json.loads((OWN_SAMPLES / "epoint-openportal" / "getResourceDetail.json").read_text())


def answers(service: str = "dataOpen") -> dict[str, str]:
    return {
        f'POST /extranet/rest/{service}/getResourceList "currentPage":0,': "getResourceList.json",
        f"POST /extranet/rest/{service}/getResourceList": (
            '{"custom": {"total": "801", "resultList": []}}'
        ),
        f'POST /{service}/getResourceDetail "rowGuid":"{ONE}"': "getResourceDetail.json",
        "POST getResourceDetail": '{"custom": {"openScope": "有条件开放"}}',
    }


def test_list_and_detail():
    wire = Wire("epoint-openportal", answers())
    records, report = crawl("320000", wire)
    assert (report.outcome, report.total, len(records)) == (Outcome.INCOMPLETE, 801, 3)
    record = records[ONE]
    assert (record.title, record.provider_name) == ("江苏省A级旅游景区", "省文化和旅游厅")
    assert record.notes == "全省A级旅游景区名称、等级、地址"
    assert (record.domain_text, record.industry) == ("生活服务", "R")
    assert (record.open_attribute, record.frequency) == ("1", "yearly")
    assert (record.issued, record.modified) == ("2021-05-20", "2023-03-15")
    assert record.source_modified == "2023-03-15"
    assert (record.record_count, record.source_views, record.source_downloads) == (621, 1203, 88)
    assert [one.format for one in record.resources] == ["json", "csv", "xlsx"]
    assert all(one.download_url is None for one in record.resources)
    base = "https://data.jszwfw.gov.cn:8118"
    assert (
        record.resources[0].url == f"{base}/extranet/rest/dataOpen/download?type=json&rowGuid=4a1d"
    )
    assert record.source_extra["resourceUsage"] == "旅游出行"
    assert record.source_extra["editionNum"] == "V1.0"
    service = records["5b1d8b62-7d23-4a0e-9b51-1c6a2f0f9d12"]
    assert [(one.format, one.kind) for one in service.resources] == [("api", "api")]
    assert service.open_attribute == "2"


def test_the_body_is_encoded_json_and_nothing_else():
    wire = Wire("epoint-openportal", answers())
    crawl("320000", wire)
    first = wire.requests[0]
    assert first.headers["content-type"] == "application/x-www-form-urlencoded"
    assert first.body.startswith(b"%7B%22token%22%3Anull")
    params = json.loads(unquote(first.body.decode()))["params"]
    assert (params["currentPage"], params["pageSize"], params["city"]) == (0, "15", "")


def test_tongliao_has_a_service_of_its_own():
    records, _ = crawl("150500", Wire("epoint-openportal", answers("tldataOpen")))
    assert records[ONE].title == "江苏省A级旅游景区"


def yichun() -> dict[str, str]:
    detail = {**DETAIL["custom"], "updateDate": None, "updateTime": "2023-04-01", "dataCount": "7"}
    return {
        'getResourceList "currentPage":0, "isCountyOu":0': "yichun-getResourceList.json",
        "getResourceList": '{"custom": {"resourceList": []}}',
        'getServiceList "currentPage":0,': "yichun-getServiceList.json",
        "getServiceList": '{"custom": {"serviceList": []}}',
        "apitextapistore/getResourceDetail Epoint_WebSerivce": json.dumps({"custom": detail}),
    }


def test_yichun_states_no_total():
    records, report = crawl("360900", Wire("epoint-openportal", yichun()))
    assert (list(records), report.outcome) == (["e0c1", "e0c2", "e0c3", "s0c1"], Outcome.COMPLETE)
    assert records["e0c1"].modified == "2023-04-01"
    assert records["e0c1"].record_count == 7
    service = records["s0c1"]
    assert (service.title, service.notes) == ("不动产登记办理进度查询", "按受理编号查询")
    assert (service.issued, service.source_modified[:10]) == ("2023-02-01", "2023-05-11")
    assert [one.kind for one in service.resources] == ["api"]
    assert service.source_extra == {"apiStatus": "正常", "isApplyPass": False}
    assert service.url.endswith("/pages/api/api_detail.html?rowguid=s0c1")


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(json.dumps({"custom": {"total": 1, "resultList": [{"rowGuid": "r1"}]}})),
        json.dumps({"custom": {"total": "1", "resultList": {"rowGuid": "r1"}}}),
        json.dumps({"custom": json.dumps({"total": "1", "resultList": [{"rowGuid": "r1"}]})}),
    ],
    ids=["quoted", "one element", "quoted within"],
)
def test_wrapped_lists(body):
    wire = Wire("epoint-openportal", {"getResourceList": body, **answers()})
    detail = json.dumps({**DETAIL, "custom": {**DETAIL["custom"], "rowGuid": "r1"}})
    wire.answers = {"getResourceDetail": detail, **wire.answers}
    records, report = crawl("320000", wire)
    assert (list(records), report.outcome) == (["r1"], Outcome.COMPLETE)


@pytest.mark.parametrize("custom", [None, {}, {"resultList": None}, {"total": "0"}, "x"])
def test_odd_answers_do_not_break_the_run(custom):
    wire = Wire("epoint-openportal", {"getResourceList": json.dumps({"custom": custom})})
    records, report = crawl("320000", wire)
    assert records == {}
    assert report.outcome in {Outcome.EMPTY, Outcome.BROKEN}
