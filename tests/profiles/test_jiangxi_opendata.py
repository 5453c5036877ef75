"""jiangxi-opendata: datasets and interfaces, withdrawn records by their code."""

from __future__ import annotations

import json

from ckanext.cn_govdata.crawl.messages import Outcome

from .wire import Wire, crawl

END = '{"code": 200, "data": [], "page": {"pages": 1, "total": 3}}'
SERVICES = (
    '{"code": 200, "data": [{"apiId": "a1", "apiName": "x"}], "page": {"pages": 1, "total": 1}}'
)


def test_records():
    wire = Wire(
        "jiangxi-opendata",
        {
            'openData/page "current":1,': "openData-page.json",
            "openData/page": END,
            "openData/infoById 0001": "openData-infoById.json",
            "openData/infoById 0002": '{"code": 500, "msg": "数据不存在", "data": null}',
            "openData/infoById 0003": '{"code": "200", "data": {"resShareType":'
            ' "402882a75885fd150158860e3d170006", "resUpdateCycle": "9"}}',
            "apiService/page": SERVICES,
            "apiService/infoById?apiId=a1": "apiService-infoById.json",
        },
    )
    records, report = crawl("360000", wire)
    first = json.loads(wire.requests[0].body)
    assert (first["current"], first["pageSize"], first["orderUpdateTime"]) == (1, 10, "desc")
    assert all(one.headers["authorization"] == "Bearer" for one in wire.requests)
    assert list(records) == ["402882a77f1d0001", "402882a77f1d0003", "a1"]
    assert report.outcome is Outcome.INCOMPLETE
    assert report.failed_details == 0
    record = records["402882a77f1d0001"]
    assert (record.title, record.provider_name) == ("江西省三甲医院名录", "省卫生健康委")
    assert (record.domain_text, record.frequency) == ("医疗卫生", "yearly")
    assert (record.issued, record.modified) == ("2022-05-10", "2023-06-02")
    assert (record.open_attribute, record.open_condition) == (None, "无")
    assert record.source_extra["open_attribute"] == "402882a75885fd150158860e3d170007"
    assert (record.record_count, record.source_views, record.source_downloads) == (112, 530, 25)
    assert [one.format for one in record.resources] == ["xls", "csv", "json"]
    conditional = records["402882a77f1d0003"]
    assert (conditional.open_attribute, conditional.frequency_text) == ("2", "长期")
    service = records["a1"]
    assert (service.title, service.frequency) == ("不动产权证查询", "realtime")
    assert [one.kind for one in service.resources] == ["api"]
    assert service.source_extra["servicePath"] == "/api/bdc/query"
