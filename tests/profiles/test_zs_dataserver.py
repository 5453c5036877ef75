"""zs-dataserver: a fragment of HTML as list, a table as detail."""

from __future__ import annotations

import pytest

from .wire import Wire, crawl


@pytest.mark.parametrize(("portal", "context"), [("442000", "/web"), ("130800", "/shuju/web")])
def test_records(portal, context):
    wire = Wire(
        "zs-dataserver",
        {
            f"POST {context}/queryDomain page=1&": "queryDomain.html",
            f"POST {context}/queryDomain": "<div class='f-page'></div>",
            f"{context}/dataServerView?id=402881e57f0a&": "dataServerView.html",
            f"{context}/dataServerView": "<h2>其他数据</h2>",
        },
    )
    records, report = crawl(portal, wire)
    assert list(records) == ["402881e57f0a", "402881e57f0b", "402881e57f0c"]
    assert "page 2 of 61 stated is empty" in report.reason
    record = records["402881e57f0a"]
    assert (record.title, record.provider_name) == ("中山市学校信息", "市教育体育局")
    assert (record.domain_text, record.notes) == ("教育文化", "全市学校名称、地址")
    assert (record.open_attribute, record.frequency) == ("1", "yearly")
    assert (record.record_count, record.temporal_end) == (812, "2022-06-30")
    assert (record.issued, record.modified) == ("2019-10-21", "2022-07-01")
    assert record.url.endswith(f"{context}/dataServerView?id=402881e57f0a&pageNum=1")
    assert record.source_extra == {}
