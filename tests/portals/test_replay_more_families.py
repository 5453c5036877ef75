"""The renderers of gd-findpage, jdop and exchangeopengateway against their samples."""

from __future__ import annotations

import io
import json
import zipfile

import httpx2 as httpx
import pytest
from parsel import Selector

from . import catalogue
from .exchange import FORM, JSON, Request
from .records import Record
from .site import Site
from .structure import keys, sample, skeleton, tree

GATEWAY = "/exchangeopengateway/v1.0"


def post(site: Site, target: str, asked: dict[str, object], kind: str = FORM) -> object:
    body = json.dumps(asked) if kind == JSON else str(httpx.QueryParams(asked))
    answer = site.answer(Request("POST", target, {"content-type": kind}, body.encode()))
    assert isinstance(answer.body, str)
    return json.loads(answer.body)


def stored_site(name: str, **options: object) -> Site:
    portal = next(known for known in catalogue.portals() if known.file == name)
    return catalogue.site([portal], {portal.portal: portal.records()}, **options)


def scalars_match(shown: dict, stored: dict) -> None:
    """Same keys; a value is of the sample's type, or null."""
    assert shown.keys() == stored.keys()
    different = {
        name
        for name, value in shown.items()
        if value is not None and stored[name] is not None and keys(value) != keys(stored[name])
    }
    assert not different


class TestGdFindpage:
    site = staticmethod(lambda: stored_site("fujian_fuzhou"))

    def page(self, site, number, size=6, kind=FORM):
        asked = {"pageNo": number, "pageSize": size, "sortType": "DESC"}
        return json.loads(post(site, "/data/dataSet/findPage", asked, kind)["dataList"])

    def test_structure(self):
        shown = self.page(self.site(), 1)
        stored = json.loads(json.loads(sample("gd-findpage/v1-findPage.json"))["dataList"])
        assert shown.keys() == stored.keys()
        scalars_match(shown["otherData"], stored["otherData"])
        scalars_match(shown["list"][0], stored["list"][0])
        asked = {"resId": shown["list"][0]["resId"]}
        detail = post(self.site(), "/data/catalog/selectDataCatalogByResId", asked)
        scalars_match(detail, json.loads(sample("gd-findpage/v1-selectDataCatalogByResId.json")))
        assert "/" in detail["resId"]
        columns = post(self.site(), "/data/dataSet/getPreviewDataItem", asked)
        assert keys(columns) == keys(json.loads(sample("gd-findpage/v1-getPreviewDataItem.json")))

    def test_pages_add_up_and_newest_come_first(self):
        site = self.site()
        rows = [row for page in range(1, 9) for row in self.page(site, page, 3)["list"]]
        assert len({row["resId"] for row in rows}) == len(rows) == len(site.records) == 20
        days = [row["dataUpdateTime"][:10] for row in rows]
        assert days == sorted(days, reverse=True)
        other = self.page(site, 1)["otherData"]
        assert other["cityCount"] + other["countyCount"] == 20

    def test_json_to_the_form_endpoint_is_page_one(self):
        site = self.site()
        site_order = [record.id for record in site.records[:6]]
        assert [row["resId"] for row in self.page(site, 3, 2, JSON)["list"]] == site_order

    def test_files(self):
        site = self.site()
        record = next(record for record in site.records if not record.conditional)
        files = post(site, "/data/dataSet/getFileList", {"resId": record.id})
        assert keys(files) == keys(json.loads(sample("gd-findpage/v1-getFileList.json")))
        assert [file["sourceSuffix"] for file in files] == ["csv", "json", "rdf", "xlsx", "xml"]
        target = f"/downloadFiles/open-file/{record.id.replace('/', '_')}/{files[0]['fileUrl']}"
        assert site.answer(Request("GET", target, {})).content_type == "text/csv"

    @pytest.mark.parametrize(("word", "code"), [("每日", "2"), ("其他", "99"), ("", "")])
    def test_cycles_are_codes(self, word, code):
        site = Site("gd-findpage", [Record("29200/00403632", {"名称": "甲", "更新周期": word})])
        assert self.page(site, 1)["list"][0]["updateCycle"] == code


class TestJdop:
    target = "/jdop_front/channal/datapubliclist.do"

    def cards(self, site, number, size=10, kind=FORM):
        asked = {"pageNumber": number, "pageSize": size, "orderField": 2}
        return Selector(text=post(site, self.target, asked, kind)["data"])

    def test_structure(self):
        site = stored_site("zhejiang_wenzhou")
        stored = json.loads(sample("jdop/datapubliclist.json"))
        with_api = [record for record in site.records if not record.number("api", 2)]
        site.records[:] = with_api
        shown = self.cards(site, 1)
        css = "div.search_result"
        assert skeleton(shown.css(css)[0].root) == skeleton(tree(stored["data"], css))
        assert skeleton(shown.css(".search_num")[0].root) == skeleton(
            tree(stored["data"], ".search_num")
        )
        target = f"/jdop_front/detail/data.do?iid={site.records[0].id}"
        page = site.answer(Request("GET", target, {})).body
        detail = sample("jdop/detail-data.html")
        labels = "table td:nth-child(odd)::text"
        assert Selector(page).css(labels).getall() == Selector(detail).css(labels).getall()
        rows = "table tr:not(:last-child)"
        assert [skeleton(row.root) for row in Selector(page).css(rows)] == [
            skeleton(row.root) for row in Selector(detail).css(rows)
        ]
        assert skeleton(tree(page, "span")) == skeleton(tree(detail, "span"))

    def test_pages_add_up(self):
        site = stored_site("zhejiang_wenzhou")
        seen = []
        for number in range(1, 51):
            page = self.cards(site, number, 20)
            assert page.css("span.onColor::text").get() == "987"
            seen += page.css(".search_result_left_tit a::attr(href)").re(r"iid=(\d+)")
        assert len(set(seen)) == len(seen) == 987
        assert not self.cards(site, 51, 20).css(".search_result")
        assert len(self.cards(site, 5, 20, JSON).css(".search_result")) == 10

    def test_downloads_and_withdrawn_records(self):
        site = stored_site("zhejiang_wenzhou")
        target = f"/jdop_front/resource/data/download.do?fileType=csv&iid={site.records[3].id}"
        packed = site.answer(Request("GET", target, {})).body
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            assert site.records[3].title in archive.read(archive.namelist()[0]).decode("gbk")
        gone = site.answer(Request("GET", "/jdop_front/detail/data.do?iid=0", {}))
        assert gone.status == 200
        assert not Selector(gone.body).css("span.sjxqTit1::text")


class TestExchangeopengateway:
    def page(self, site, number, size=10, kind=JSON):
        asked = {"pageNo": number, "pageSize": size, "zylx": ["01", "02"], "wjlx": ["00"]}
        return post(site, f"{GATEWAY}/mh/sjml/getMlxxList", asked, kind)["data"]

    def test_structure(self):
        site = stored_site("sichuan_deyang")
        shown, stored = (
            self.page(site, 1),
            json.loads(sample("exchangeopengateway/getMlxxList.json")),
        )
        assert shown.keys() == stored["data"].keys()
        scalars_match(shown["rows"][0], stored["data"]["rows"][0])
        target = f"{GATEWAY}/mlxx/getSjmlxq?mlbh={shown['rows'][0]['mlbh'].replace('/', '%2F')}"
        detail = json.loads(site.answer(Request("GET", target, {})).body)
        stored = json.loads(sample("exchangeopengateway/getSjmlxq.json"))
        assert detail.keys() == stored.keys()
        detail["data"]["mlbqmcList"] = ["x"]
        scalars_match(detail["data"], stored["data"])
        assert detail["data"]["zygs"] == "xml\\json\\xlsx\\csv"

    @pytest.mark.parametrize("name", ["sichuan_deyang", "jiangsu_xuzhou"])
    def test_pages_add_up(self, name):
        site = stored_site(name)
        pages = self.page(site, 1, 50)["totalPage"]
        seen = [row["mlbh"] for n in range(1, pages + 1) for row in self.page(site, n, 50)["rows"]]
        assert seen == [record.id for record in site.records]
        assert self.page(site, pages + 1, 50)["rows"] == []

    def test_a_form_is_page_one(self):
        site = stored_site("sichuan_deyang")
        trapped = self.page(site, 7, 3, FORM)
        assert (trapped["pageNo"], len(trapped["rows"])) == (1, 10)

    def test_codes(self):
        cells = {"标题": "甲", "更新周期": "半年", "开放类型": "有条件开放"}
        row = self.page(Site("exchangeopengateway", [Record("04/021882", cells)]), 1)["rows"][0]
        assert (row["gxzq"], row["kflx"]) == ("06", "01")
