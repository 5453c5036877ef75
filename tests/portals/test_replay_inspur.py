"""The inspur-oportal renderer against the family's samples and over HTTP."""

from __future__ import annotations

import json
import re

import httpx2 as httpx
import pytest
from parsel import Selector

from . import catalogue
from .exchange import Request
from .records import Record
from .server import ReplayPortal
from .site import Site
from .structure import keys, sample, skeleton, tree, words

KINDERGARTENS = Record(
    "3f0c1a7be0d94b0f9a5c2d7716e4a811",
    {
        "标题": "幼儿园名录信息",
        "来源部门": "市教育局",
        "重点领域": "教育",
        "发布时间": "2022-03-25",
        "更新时间": "2023-06-13",
        "开放条件": "无条件开放",
        "数据量": "1,286",
        "所属行业": "教育",
        "更新频率": "每年",
        "部门电话": "0543-3162121",
        "部门邮箱": "jyjbgs@bz.shandong.cn",
        "标签": "幼儿园,学前教育",
        "描述": "幼儿园名称、地址、办学类型",
        "数据格式": ["xls", "xml", "json", "csv", "rdf", "api"],
    },
)
PARKING = KINDERGARTENS.changed(
    标题="公共停车场基本信息",
    描述="公共停车场名称、泊位数、收费标准\xa0（含“P+R”停车场）",
    标签="停车场\r\n\t交通出行",
    数据格式="['xls']",
)


def get(site: Site, target: str) -> str:
    body = site.answer(Request("GET", target, {})).body
    assert isinstance(body, str)
    return body


def portal(name: str) -> tuple[catalogue.Portal, list[Record]]:
    found = next(known for known in catalogue.portals() if known.file == name)
    return found, found.records()


def test_list_has_the_structure_of_the_sample():
    site = Site("inspur-oportal", [KINDERGARTENS])
    shown, stored = (
        get(site, "/oportal/catalog/index?page=1"),
        sample("inspur-oportal/list-page1.html"),
    )
    for css in (".bottom-content > ul > li", ".top-title"):
        assert skeleton(tree(shown, css)) == skeleton(tree(stored, css))
    card = words(tree(shown, ".bottom-content > ul > li"))
    card.remove("幼儿园名称、地址、办学类型")
    expected = words(tree(stored, ".bottom-content > ul > li"))
    expected.remove("全市幼儿园名称、地址、办园性质等信息。")
    assert card == expected


@pytest.mark.parametrize(
    ("record", "options", "name"),
    [
        (KINDERGARTENS, {}, "detail.html"),
        (
            KINDERGARTENS.changed(数据格式=["xls"]),
            {"files": "ajax", "context": "/portal"},
            "detail-files-by-ajax.html",
        ),
    ],
)
def test_detail_has_the_structure_of_the_sample(record, options, name):
    site = Site("inspur-oportal", [record], **options)
    shown = get(site, f"{options.get('context', '/oportal')}/catalog/{record.id}")
    stored = sample(f"inspur-oportal/{name}")
    assert skeleton(tree(shown)) == skeleton(tree(stored))
    labels = "li[name=basicinfo] td:nth-child(odd)::text, li[name=dataitem] th::text"
    assert Selector(shown).css(labels).getall() == Selector(stored).css(labels).getall()


def test_json_answers_have_the_keys_of_the_samples():
    site = Site("inspur-oportal", [KINDERGARTENS.changed(数据格式=["xls", "csv"])])
    query = f"cataId={KINDERGARTENS.id}&pageNum=1&pageSize=100&fileFormat="
    with ReplayPortal("inspur-oportal", site.records) as served:
        files = httpx.get(f"{served.base_url}/oportal/catalog/getResourceWithFormat?{query}")
        rows = httpx.post(
            f"{served.base_url}/oportal/catalog/{KINDERGARTENS.id}/getData",
            data={"draw": 1, "start": 0, "length": 10, "param": ""},
        )
    assert keys(files.json()) == keys(
        json.loads(sample("inspur-oportal/getResourceWithFormat.json"))
    )
    stored = json.loads(sample("inspur-oportal/getData.json"))
    assert rows.json().keys() == stored.keys()
    assert keys(rows.json()["items"]) == keys(stored["items"])
    assert rows.json()["recordsTotal"] == 1286
    assert len(rows.json()["data"]) == 10


def test_all_records_of_a_portal_appear_once():
    found, records = portal("guangxi_laibin")
    seen: list[str] = []
    with ReplayPortal("inspur-oportal", records, context=found.context) as served:
        client = httpx.Client(base_url=served.base_url)
        for number in range(1, 100):
            page = Selector(client.get(f"/lb/catalog/index?page={number}").text)
            ids = page.css("input[name=catalogidinput]::attr(value)").getall()
            assert page.css("div.top-title > span::text").get() == "805"
            if not ids:
                break
            seen += ids
    assert seen == [record.id for record in records]
    assert number == 82


def test_totals_have_thousands_commas():
    records = portal("sichuan_dazhou")[1]
    page = get(Site("inspur-oportal", records), "/oportal/catalog/index?page=1")
    assert Selector(page).css("div.top-title > span::text").get() == "5,637"


def test_cells_hold_entities_and_no_break_spaces():
    plain = Site("inspur-oportal", [PARKING], padded=True)
    page = get(plain, f"/oportal/catalog/{PARKING.id}")
    assert "&ldquo;P+R&rdquo;" in page
    assert "<td>教育&nbsp;</td>" in page
    cell = Selector(page).css("li[name=basicinfo] tr:last-child td:last-child::text").get()
    assert cell == PARKING.cells["描述"] + "\xa0"
    twice = get(
        Site("inspur-oportal", [PARKING], escaped_twice=True), f"/oportal/catalog/{PARKING.id}"
    )
    cell = Selector(twice).css("li[name=basicinfo] tr:last-child td:last-child::text").get()
    assert cell == "公共停车场名称、泊位数、收费标准&nbsp;（含&ldquo;P+R&rdquo;停车场）"


def test_labels_differ_from_site_to_site():
    record = Record("0" * 32, {"标题": "甲", "开放类型": "有条件开放", "文件数": "5"})
    site = Site("inspur-oportal", [record], domain_label="主题", modified_label="数据更新时间")
    page = get(site, f"/oportal/catalog/{record.id}")
    head = "".join(Selector(page).css(".list-inline li::text").getall())
    assert "主题：" in head
    assert "数据更新时间：" in head
    assert "开放类型：" in head
    assert "开放条件" not in head
    assert "<td>文件数</td><td>5</td>" in page


def test_formats_may_show_as_classes_only():
    site = Site(
        "inspur-oportal", [KINDERGARTENS.changed(数据格式=["xls", "接口"])], formats="classes"
    )
    listed = Selector(get(site, "/oportal/catalog/index?page=1")).css(".file-type li")
    assert listed.css("::attr(class)").getall() == ["xls", "api"]
    assert listed.css("::text").getall() == []


def test_files_download_and_conditional_sets_show_none():
    conditional = PARKING.changed(开放条件="有条件开放")
    twin = Record("f" * 32, conditional.cells)
    with ReplayPortal("inspur-oportal", [KINDERGARTENS, twin]) as served:
        client = httpx.Client(base_url=f"{served.base_url}/oportal/catalog")
        page = Selector(client.get(f"/{KINDERGARTENS.id}").text)
        keys_ = page.css("li[name=file-download] tr[fileformat=csv] input::attr(file-id)").getall()
        assert len(keys_) == 1
        query = {"cataId": KINDERGARTENS.id, "cataName": "幼儿园名录信息", "idInRc": keys_[0]}
        file = client.get("/download", params=query)
        assert file.headers["content-type"].startswith("text/csv")
        assert "幼儿园名录信息" in file.content.decode("gb18030")
        assert client.get("/download", params={**query, "idInRc": "0"}).status_code == 404
        assert not Selector(client.get(f"/{twin.id}").text).css("tr[fileformat]")
        asked = client.get("/getResourceWithFormat", params={"cataId": twin.id})
        assert asked.json()["object"]["records"] == []
        assert client.get("/download", params={"cataId": twin.id}).status_code == 302


def test_records_may_change_while_it_runs():
    other = Record("a" * 32, KINDERGARTENS.cells)
    with ReplayPortal("inspur-oportal", [KINDERGARTENS, other]) as served:
        address = f"{served.base_url}/oportal/catalog/{other.id}"
        assert "幼儿园名录信息" in httpx.get(address).text
        served.records[1] = other.changed(标题="改名")
        assert "<h4>改名</h4>" in httpx.get(address).text
        assert "改名" in httpx.get(f"{served.base_url}/oportal/catalog/index").text
        del served.records[0]
        assert "<span>1</span>" in httpx.get(f"{served.base_url}/oportal/catalog/index").text
        assert httpx.get(address).status_code == 200
        assert httpx.get(address.replace(other.id, KINDERGARTENS.id)).status_code == 404


def test_other_contexts_and_lists():
    site = Site("inspur-oportal", [KINDERGARTENS, PARKING], context="/cd", list_path="/catalog/")
    assert re.search("<span>2</span>", get(site, "/cd/catalog/?page=1"))
    assert site.answer(Request("GET", "/oportal/catalog/?page=1", {})).status == 404
    assert "<span>1</span>" in get(site, "/cd/catalog/?page=1&Q=停车")
