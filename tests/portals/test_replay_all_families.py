"""Every further renderer against the stored samples of its family, and its paging."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest
from parsel import Selector

from .exchange import FORM, JSON, Request
from .records import Record
from .site import Site
from .structure import sample, skeleton, tree

CELLS = {
    "标题": "市属中等职业学校",
    "描述": "学校名称,专业,在校生数",
    "来源部门": "市教育局",
    "重点领域": "教育文化",
    "所属行业": "教育",
    "开放条件": "无条件开放",
    "发布时间": "2021-05-20",
    "更新时间": "2023-06-01",
    "更新频率": "每年",
    "标签": "学校",
    "数据格式": ["xls", "csv"],
    "部门电话": "0551-62999801",
    "数据量": "112",
}
EPOINT = "/extranet/rest/dataOpen/"
YANCHENG = "/opendata/ump_gateway/open/"
# Family, list (method, address, where it is asked), page and first page, sample, rows; then the
# detail: method, address with {}, sample, the detail in it. Samples are `<family>/<name>.json`.
JSON_FAMILIES = [
    ("athena", ("POST", "/athena/catalog/page", JSON), "pageNum", 1, "catalog-page", "data.rows",
     ("GET", "/athena/catalog/getDetails?dataId={}"), "catalog-getDetails", "data"),
    ("open-data-web", ("GET", "/open-data-web/kfzy/queryKfZyPage.do", ""), "currentPageNo", 1,
     "queryKfZyPage", "data.result", ("POST", "/open-data-web/kfzy/getKfzyDetail.do", {"id": "{}"}),
     "getKfzyDetail", "data"),
    ("single-anhui", ("POST", "/dataopen-web/data/findByPage", FORM), "pageNum", 1, "findByPage",
     "data.rows", ("POST", "/dataopen-web/data/findByRid", {"rid": "{}"}), "findByRid", "data"),
    ("single-shanghai", ("POST", "/zq/api/data_set/search/", JSON), "pageNum", 1, "data_set-search",
     "data.content", ("GET", "/zq/api/data_set/{}/"), "data_set-detail", "data"),
    ("fujian-open-portal", ("GET", "/datadevelop/prod-api/open-portal/catalog/list", ""), "pageNum",
     1, "catalog-list", "data.rows",
     ("GET", "/datadevelop/prod-api/open-portal/catalog/getCataInfo?cataId={}"), "getCataInfo",
     "data"),
    ("jiangxi-opendata", ("POST", "/opendata-portal/prod-api/openData/page", JSON), "current", 1,
     "openData-page", "data", ("GET", "/opendata-portal/prod-api/openData/infoById?dataId={}"),
     "openData-infoById", "data"),
    ("openresource", ("GET", "/prod-api/openResource/rest/page", ""), "page", 0, "page",
     "data.content", ("GET", "/prod-api/openResource/rest/findView?id={}"), "findView", "data"),
    ("inspur-odweb", ("POST", "/odweb/catalog/catalog.do?method=GetCatalog", FORM), "start", 0,
     "list", "data", None, "", ""),
    ("portal-dataservice", ("POST", "/portal/dataservice/getPage", FORM), "page", 1, "getPage",
     "result.rows", None, "", ""),
]  # fmt: skip


def records(count: int) -> list[Record]:
    return [Record(str(1000 + number), CELLS) for number in range(count)]


def ask(site: Site, method: str, target: str, kind: str = "", asked: dict | None = None) -> str:
    body = b""
    if asked and kind == JSON:
        body = json.dumps(asked).encode()
    elif asked and kind == FORM:
        body = urlencode(asked).encode()
    elif asked:
        target += ("&" if "?" in target else "?") + urlencode(asked)
    answer = site.answer(Request(method, target, {"content-type": kind} if kind else {}, body))
    assert isinstance(answer.body, str)
    return answer.body


def at(value: object, path: str) -> object:
    for name in path.split(".") if path else ():
        value = value[name]
    return value


@pytest.mark.parametrize(
    ("family", "listing", "page", "first", "listed", "rows", "detail", "detailed", "inside"),
    JSON_FAMILIES,
    ids=[one[0] for one in JSON_FAMILIES],
)
def test_json_is_as_in_the_samples(
    family, listing, page, first, listed, rows, detail, detailed, inside
):
    site = Site(family, records(3))
    method, target, kind = listing
    shown = json.loads(ask(site, method, target, kind, {page: first}))
    stored = json.loads(sample(f"{family}/{listed}.json"))
    assert shown.keys() == stored.keys()
    assert set(at(shown, rows)[0]) == set(at(stored, rows)[0])
    if detail is None:
        return
    method, target, *form = detail
    asked = {name: value.format("1001") for name, value in form[0].items()} if form else None
    found = json.loads(ask(site, method, target.format("1001"), FORM if form else "", asked))
    stored = json.loads(sample(f"{family}/{detailed}.json"))
    members, known = set(at(found, inside)), set(at(stored, inside))
    assert known <= members
    # What else there is stands under the portal's own labels.
    assert members - known <= CELLS.keys()


@pytest.mark.parametrize(
    ("family", "listing", "page", "first", "rows"),
    [(one[0], one[1], one[2], one[3], one[5]) for one in JSON_FAMILIES],
    ids=[one[0] for one in JSON_FAMILIES],
)
def test_pages_add_up(family, listing, page, first, rows):
    site = Site(family, records(25))
    method, target, kind = listing
    step = 6 if page == "start" else 1  # a list asked for by offset
    seen: list[str] = []
    for number in range(5):
        shown = json.loads(ask(site, method, target, kind, {page: first + number * step}))
        seen += [json.dumps(row, sort_keys=True) for row in at(shown, rows)]
    assert len(seen) == len(set(seen)) == 25


def test_chuzhou_is_looked_up_by_title():
    cells = {**CELLS, "开放主题": "其他", "开放领域": "教育科技"}
    site = Site("single-chuzhou", [Record("7", cells), Record("8", cells)])
    shown = json.loads(ask(site, "GET", "/data/api/OpenDirectory/select", asked={"page": 0}))
    stored = json.loads(sample("single-chuzhou/select.json"))
    assert shown.keys() == stored.keys()
    assert shown["content"][0].keys() == stored["content"][0].keys()
    assert shown["content"][1]["themes"]["title"] == "教育科技"
    detail = json.loads(
        ask(site, "GET", "/data/api/OpenDirectory/selectName", asked={"name": CELLS["标题"]})
    )
    assert detail["data"]["id"] == 7
    assert set(json.loads(sample("single-chuzhou/selectName.json"))["data"]) <= set(detail["data"])


def test_epoint_takes_json_text_alone():
    site = Site("epoint-openportal", records(20))
    body = json.dumps({"token": None, "params": {"currentPage": 1, "pageSize": "15"}}).encode()
    answer = site.answer(Request("POST", EPOINT + "getResourceList", {"content-type": FORM}, body))
    shown = json.loads(answer.body)["custom"]
    stored = json.loads(sample("epoint-openportal/getResourceList.json"))["custom"]
    assert shown.keys() == stored.keys()
    assert shown["resultList"][0].keys() == stored["resultList"][0].keys()
    assert (shown["total"], len(shown["resultList"])) == ("20", 5)
    asked = json.dumps({"params": {"rowGuid": "1003", "type": "1"}}).encode()
    answer = site.answer(
        Request("POST", EPOINT + "getResourceDetail", {"content-type": FORM}, asked)
    )
    detail = json.loads(answer.body)["custom"]
    stored = json.loads(sample("epoint-openportal/getResourceDetail.json"))["custom"]
    assert stored.keys() <= detail.keys()
    assert detail["csvUrl"]
    assert detail["jsonUrl"] == ""


def test_openresource_answers_xml_unless_json_is_asked_for():
    site = Site("openresource", records(1), xml=True)
    target = "/prod-api/openResource/rest/page?page=0"
    shown = Selector(ask(site, "GET", target), type="xml")
    stored = Selector(sample("openresource/page.xml"), type="xml")
    path = "/BusinessMessage/data/content/content[1]/*"
    names = [one.root.tag for one in shown.xpath(path)]
    assert names == [one.root.tag for one in stored.xpath(path)]
    answer = site.answer(Request("GET", target, {"accept": "application/json"}))
    assert answer.content_type == JSON


def test_a_guard_stands_before_hefei():
    site = Site("open-data-web", records(1), guarded=True)
    target = "/open-data-web/kfzy/queryKfZyPage.do"
    first = site.answer(Request("GET", target, {}))
    assert first.body == sample("open-data-web/waf-step1.html").strip()
    second = site.answer(Request("GET", target, {"cookie": "__jsl_clearance_s=1"}))
    assert second.body == sample("open-data-web/waf-step2.html").strip()
    passed = site.answer(Request("GET", target, {"cookie": "__jsl_clearance_s=1687230000.22"}))
    assert json.loads(passed.body)["success"]


@pytest.mark.parametrize(
    ("family", "target", "stored", "css"),
    [
        ("inspur-odweb", "/odweb/catalog/catalogDetail.htm?cata_id=1000", "inspur-odweb/detail.html",
         "div.detail-header, div.info-title, div.tab-header li:first-child"),
        ("portal-dataservice", "/portal/service_detail?id=1000&type=opendata&orgId=",
         "portal-dataservice/service_detail.html", "h2, ul.desc-list-info li:first-child"),
        ("zs-dataserver", "/web/dataServerView?id=1000&pageNum=1", "zs-dataserver/dataServerView.html",
         "div.header"),
        ("hunan-webapp", "/webapp/dataDetail.jsp?id=1000", "hunan-webapp/dataDetail-chenzhou.html",
         "h2, tr:first-child"),
        ("site-label", "/site/tpl/6621?resourceId=1000", "site-label/bengbu-detail.html",
         "h1, li:first-child"),
    ],
)  # fmt: skip
def test_html_details_are_as_in_the_samples(family, target, stored, css):
    page = Selector(ask(Site(family, records(1)), "GET", target))
    known = Selector(sample(stored))
    found = [skeleton(one.root) for one in page.css(css)]
    assert found
    assert found == [skeleton(one.root) for one in known.css(css)]


@pytest.mark.parametrize(
    ("family", "options", "method", "target", "asked", "stored", "css"),
    [
        ("zs-dataserver", {}, "POST", "/web/queryDomain", {"page": 1}, "zs-dataserver/queryDomain.html", "dl dd"),
        ("hunan-webapp", {}, "GET", "/webapp/dataListIframe.jsp?type=zt&id=0", {},
         "hunan-webapp/dataListIframe-chenzhou.html", "table"),
        ("hunan-webapp", {"boxes": True}, "GET", "/webapp/dataListIframe.jsp?type=zt&id=0", {},
         "hunan-webapp/dataListIframe-yueyang.html", "div.szkf-box-list"),
        ("site-label", {}, "GET", "/site/label/8888?labelName=dataOpenResourcePageList", {},
         "site-label/bengbu-list.html", "div.sj_list li"),
        ("site-label", {"catalogue": True}, "GET", "/site/label/8888?labelName=dataOpenResourceCatalogList", {},
         "site-label/huangshan-list.html", "ul.clearfix > li"),
    ],
)  # fmt: skip
def test_html_lists_are_as_in_the_samples(family, options, method, target, asked, stored, css):
    cells = {**CELLS, "数据格式": ["csv"]}
    site = Site(family, [Record("1000", cells)], **options)
    page = ask(site, method, target, FORM if asked else "", asked)
    assert skeleton(tree(page, css)) == skeleton(tree(sample(stored), css))


def test_what_a_family_has_no_place_for_is_shown_under_its_label():
    cells = {**CELLS, "应用场景": "政府办事"}
    for family, target in (
        ("athena", "/athena/catalog/getDetails?dataId=1"),
        ("inspur-oportal", "/oportal/catalog/1"),
        ("jdop", "/jdop_front/detail/data.do?iid=1"),
    ):
        page = ask(Site(family, [Record("1", cells)]), "GET", target)
        assert "应用场景" in page
        assert "政府办事" in page


def test_huaian_zhoushan_huainan_neijiang_yancheng_and_lianyungang_answer():
    site = Site("single-huaian", records(2))
    found = json.loads(ask(site, "GET", "/api/catalog/catalogDetail?catalogId=1001"))["data"]
    assert found["dataUpdatePeriod"] == "每年"
    site = Site(
        "single-zhoushan", [Record("5", {"资源名称": "甲", "数据领域": ["其他", "教育文化"]})]
    )
    page = json.loads(ask(site, "POST", "/catalog/dataOpen/otherPage", JSON, {"pageNo": 1}))
    assert page["data"]["records"][0]["datadomain"] == "99,7"
    site = Site("single-huainan", [Record("5", {"标题": "甲", "数据类型": "api"})])
    found = json.loads(ask(site, "GET", "/odssite/govData/getGovDataById?dataId=5"))["data"]
    assert found["dataTypeName"] == "接口"
    site = Site("single-neijiang", records(1))
    target = "/api/openPortal/resourceCatalog/"
    page = json.loads(ask(site, "POST", target + "pageList?page=1&size=20"))
    assert page["data"]["totalPages"] == 1
    found = json.loads(ask(site, "POST", target + "getById", JSON, {"id": 1000}))["data"]
    assert found["createdDate"] == 1621440000000
    site = Site("single-yancheng", records(30))
    page = json.loads(ask(site, "GET", YANCHENG + "data_service/listPageCatalogVo?pageNumber=3"))
    assert page["resultData"]["pager"]["pageCount"] == 3
    site = Site("single-lianyungang", records(1))
    page = Selector(ask(site, "GET", "/data/showDataController/showdata.do?pageNum1=1"))
    assert page.css("li h1::attr(onclick)").get() == "view('1000')"
    page = Selector(ask(site, "GET", "/data/showDataController/showdetail.do?dmid=1000"))
    assert len(page.css("table.tw-table-form")) == 4
