"""site-label: Bengbu's pages, Huangshan's list and JSON."""

from __future__ import annotations

from ckanext.cn_govdata.crawl.messages import Outcome

from .wire import Wire, crawl

API = """<div class="sj_list"><ul><li><div class="sjinfo"><a href="/site/tpl/6541?resourceId=91">公交到站</a>
</div></li></ul></div><script>var info="共(1)条数据";</script>"""


def test_bengbu():
    wire = Wire(
        "site-label",
        {
            "resourceType=download siteId=6795621 pageIndex=0&": "bengbu-list.html",
            "resourceType=download": "<ul></ul><script>共(87)条数据</script>",
            "resourceType=api": API,
            "/site/tpl/6541?resourceId=91": "<h1>公交</h1>"
            "<div class='data_newtitle'><h1>公交到站</h1></div>",
            "/site/tpl/6621": "bengbu-detail.html",
        },
    )
    records, report = crawl("340300", wire)
    assert list(records) == ["5260", "5257", "5249", "91"]
    assert report.outcome is Outcome.INCOMPLETE
    assert "3 distinct records of 87" in report.reason
    record = records["5257"]
    assert (record.title, record.provider_name) == ("蚌埠市免费旅游景区名录", "市文化体育旅游局")
    assert record.domain_text.startswith("生态资源，民生服务，文化休闲")
    assert (record.issued, record.modified) == ("2023-07-03", "2023-07-03")
    assert (record.open_attribute, record.frequency, record.notes) == (None, None, None)
    assert [one.format for one in record.resources] == ["xls", "csv"]
    assert record.url == "https://www.bengbu.gov.cn/site/tpl/6621?resourceId=5257"
    assert [one.kind for one in records["91"].resources] == ["api"]


def test_huangshan():
    wire = Wire(
        "site-label",
        {
            "dataOpenResourceCatalogList pageIndex=1&": "huangshan-list.html",
            "dataOpenResourceCatalogList": "<ul></ul><script>pageCount:25</script>",
            "dataOpenResourceCatDetail isJson=true": "huangshan-detail.json",
        },
    )
    records, report = crawl("341000", wire)
    assert list(records) == ["2626", "2442", "1400"]
    assert "page 2 of 25 stated is empty" in report.reason
    record = records["2626"]
    assert (record.title, record.provider_name) == ("全市公共体育场馆名录", "市数据局")
    assert (record.domain_text, record.frequency) == ("医疗卫生", "irregular")
    assert (record.issued, record.modified) == ("2023-08-14", "2023-08-14")
    assert (record.source_modified, record.record_count) == ("2023-08-14T09:00:00+08:00", 64)
    assert [one.format for one in record.resources] == ["csv"]
    assert record.url == "https://www.huangshan.gov.cn/site/tpl/4656?resourceId=2626"
