"""hunan-webapp: a list per theme, paged by offset."""

from __future__ import annotations

from ckanext.cn_govdata.crawl.messages import Outcome

from .wire import Wire, crawl

NO_ROWS = "<html><body><div class='page'>1/42页</div></body></html>"


def test_chenzhou_reads_every_theme_by_offset():
    wire = Wire(
        "hunan-webapp",
        {
            "dataList.jsp?data=all": "dataList.html",
            "dataListIframe.jsp dataInfo.offset=0&": "dataListIframe-chenzhou.html",
            "dataListIframe.jsp dataInfo.offset=3&": NO_ROWS,
            "dataDetail.jsp": "dataDetail-chenzhou.html",
        },
    )
    records, report = crawl("431000-www", wire)
    lists = [one.url for one in wire.requests if "Iframe" in one.url]
    assert "type=1&id=11&" in lists[0]
    assert "type=2&id=21&" in lists[2]
    assert list(records) == ["1203", "1204", "1188"]
    assert report.repeated == 3
    assert report.outcome is Outcome.INCOMPLETE  # page 2 of 42 stated was empty
    record = records["1203"]
    assert (record.title, record.provider_name) == ("郴州市医疗机构信息", "市卫健委")
    assert (record.domain_text, record.open_attribute) == ("医疗卫生", "1")
    assert (record.frequency, record.notes) == ("yearly", "医疗机构名称、地址、等级")
    assert (record.issued, record.modified) == ("2020-11-20", "2022-06-15")
    assert [one.format for one in record.resources] == ["xls", "csv"]
    assert record.url == "https://www.czs.gov.cn/webapp/czs/dataPublic/dataDetail.jsp?id=1203"
    assert record.source_extra == {}


def test_yueyang_has_another_markup():
    wire = Wire(
        "hunan-webapp",
        {
            "dataList.jsp?data=zt": "<ul><li class='list-group-item-action'>"
            "<a onclick='go(0,7)'>全部</a></li></ul>",
            "dataListIframe.jsp type=0&id=7& offset=0&": "dataListIframe-yueyang.html",
            "dataListIframe.jsp": NO_ROWS,
            "dataDetail.jsp": "dataDetail-yueyang.html",
        },
    )
    records, _ = crawl("430600", wire)
    record = records["2001"]
    assert list(records) == ["2001", "2002", "2003"]
    assert (record.title, record.provider_name) == ("岳阳市A级景区", "市文旅广电局")
    assert (record.issued, record.modified) == ("2021-03-05", "2023-01-09")
    assert [one.format for one in record.resources] == ["xls"]
    assert record.source_extra == {}
