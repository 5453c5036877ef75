"""portal-dataservice: a JSON list and pages of labels."""

from __future__ import annotations

from ckanext.cn_govdata.crawl.messages import Outcome

from .wire import Wire, crawl

ID = "8a3f847d87bccc2a0188c1d3cf1d0aaa"


def test_records():
    wire = Wire(
        "portal-dataservice",
        {
            "getPage page=1&": "getPage.json",
            "getPage": '{"result": {"pages": 412, "rows": []}}',
            f"service_detail?id={ID}": "service_detail.html",
            "service_detail": "<ul class='desc-list-info'><li><span>提供单位：</span>"
            "<span>市卫生健康委</span></li></ul>",
        },
    )
    records, report = crawl("510500", wire)
    assert len(records) == 3
    assert report.outcome is Outcome.INCOMPLETE
    assert "codeId=031435e690e74555937e3285bfceba88&" in wire.requests[0].body.decode()
    record = records[ID]
    assert (record.title, record.provider_name) == ("龙马潭区文化馆活动安排", "龙马潭区文旅局")
    assert (record.domain_text, record.frequency) == ("文化、卫生、体育", "yearly")
    assert (record.open_attribute, record.issued) == ("1", "2023-06-16")
    assert (record.modified, record.source_modified) == ("2023-06-16", "2023-06-16")
    assert record.contact[0].phone == "0830-0000000"
    assert record.source_views == 21
    assert record.resources == ()
    assert record.url.endswith(f"/portal/service_detail?id={ID}&type=opendata&orgId=")
    assert record.source_extra["目录编码"] == "510503/000123"
    other = records["8a43568a88aee2fa0188aef3be2d0ccc"]
    assert (other.title, other.open_attribute) == ("眉山市医疗机构信息", "2")
    assert (other.provider_name, other.modified) == ("市卫生健康委", "2023-06-12")
