"""The interfaces of single portals: each sample, and every documented field it must give."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from ckanext.cn_govdata.crawl.messages import Outcome

from .support import OWN_SAMPLES
from .wire import Wire, crawl

# The fields that are compared as they are; formats and kinds are those of the resources.
Fields = dict[str, Any]


class Case(NamedTuple):
    """A registered portal, what it answers, which record is looked at, and what must come out."""

    portal: str
    answers: dict[str, str]
    ids: list[str]
    expected: Fields
    formats: list[str]


NO_DOCS = '{"page": {"countPage": 1560}, "object": {"docs": []}}'
CASES = {
    "single-beijing": Case(
        "110000",
        {
            "cms/web/search curPage=1": "search.json",
            "cms/web/search": NO_DOCS,
            "zyml": "detail.html",
        },
        [
            "https://data.beijing.gov.cn/zyml/ajg/sjtysj/1a2b3c4d.htm",
            "https://data.beijing.gov.cn/zyml/ajg/sjyw/2a2b3c4d.htm",
            "https://data.beijing.gov.cn/zyml/ajg/swjw/3a2b3c4d.htm",
        ],
        {
            "title": "公交线路站点信息",
            "notes": "公交线路及站点名称",
            "domain_text": "交通服务",
            "provider_name": "北京市交通委员会",
            "issued": "2013-08-06",
            "modified": "2023-06-12",
            "frequency": "yearly",
            "tags": ("公交", "站点"),
            "open_attribute": "1",
            "url": "https://data.beijing.gov.cn/zyml/ajg/sjtysj/1a2b3c4d.htm",
        },
        [],
    ),
    "single-tianjin": Case(
        "120000",
        {
            "sjj.json": "sjj.json",
            "sjjk.json": '{"dataList": [{"href": "/sjyy/sjjk/9.html", "documentType": "json"}]}',
            ".html": "detail.html",
        },
        [
            *(f"https://data.tj.gov.cn/sjyy/sjj/202306/t20230612_{n}.html" for n in (1, 2, 3)),
            "/sjyy/sjjk/9.html",
        ],
        {
            "title": "天津市幼儿园信息",
            "notes": "幼儿园名称、地址",
            "domain_text": "教育文化",
            "provider_name": "市教委",
            "issued": "2021-05-20",
            "modified": "2023-06-12",
            "frequency": "yearly",
            "open_attribute": "1",
        },
        ["xls", "csv", "json"],
    ),
    "single-shanghai": Case(
        "310000",
        {
            'POST search/ "pageNum":1,': "data_set-search.json",
            "POST search/": '{"data": {"totalPageNum": 451, "content": []}}',
            "GET /zq/api/data_set/": "data_set-detail.json",
        },
        ["AB7202021002", "O5915184142025253", "AC0012015001"],
        {
            "title": "公共停车场（库）基本信息",
            "notes": "停车场名称、地址、泊位数",
            "tags": ("停车场", "交通"),
            "domain_text": "道路交通",
            "provider_name": "上海市交通委员会",
            "issued": "2015-09-01",
            "modified": "2023-06-12",
            "frequency": "monthly",
            "open_attribute": "1",
        },
        ["xlsx", "csv", "json", "xml"],
    ),
    "single-chongqing": Case(
        "500000",
        {
            'graphql "offset":0,': "graphql-response.json",
            "graphql": '{"data": {"result": {"total": 5612, "data": []}}}',
        },
        ["1465123456789012345", "1465123456789012346", "1465123456789012347"],
        {
            "title": "重庆市养老机构信息",
            "notes": "养老机构名称、地址、床位数",
            "domain_text": "社会救助",
            "industry": "Q",
            "provider_name": "市民政局",
            "modified": "2023-06-12",
            "frequency": "yearly",
            "open_attribute": "1",
            "source_views": 300,
            "source_downloads": 12,
            "url": "https://data.cq.gov.cn/rop/assets/detail?resId=1465123456789012345",
        },
        ["xlsx", "csv"],
    ),
    "single-hainan": Case(
        "460000",
        {
            "search/data/list curPage=0&": "search-data-list.json",
            "search/data/list": '{"data": {"totalPages": 210, "content": []}}',
            "search/interface/list": '{"data": {"totalPages": 1, "content": [{"id": "77"}]}}',
            "/sjj/": "detail.html",
            "/sjjk/77.htm": "detail.html",
        },
        ["1652489765", "1652489766", "1652489767", "77"],
        {
            "title": "海南省A级景区",
            "notes": "景区名称、等级",
            "domain_text": "文化旅游",
            "provider_name": "省旅文厅",
            "issued": "2020-09-12",
            "modified": "2023-06-01",
            "frequency": "yearly",
            "open_attribute": "1",
            "source_extra": {},
        },
        ["xls", "csv"],
    ),
    "single-wuhan": Case(
        "420100",
        {
            'catalog/page "current":1,': "catalog-page.json",
            "catalog/page": '{"data": {"pages": 203, "records": []}}',
            "catalog/detail": "catalog-detail.json",
        },
        ["8a8080f37f1d0001", "8a8080f37f1d0002", "8a8080f37f1d0003"],
        {
            "title": "武汉市公共厕所信息",
            "notes": "公厕名称、位置",
            "tags": ("公厕", "城管"),
            "provider_name": "市城管执法委",
            "domain_text": "城建住房",
            "industry": "N",
            "issued": "2020-12-01",
            "modified": "2023-06-12",
            "frequency": "yearly",
            "open_attribute": "1",
        },
        ["xls", "csv", "json"],
    ),
    "single-hangzhou": Case(
        "330100",
        {
            'list.action "pageNumber":1,': "list-action.json",
            "list.action": '{"total": 6600, "rows": []}',
            "dataDetail.action": "dataDetail-action.json",
            'apiDetail.action "71062"': "apiDetail-action.json",
            'dataFileList.action "resId":"47542"': "dataFileList-action.json",
            "dataFileList.action": '{"fileList": []}',
        },
        ["47542", "71062", "70387"],
        {
            "title": "公共停车场信息",
            "notes": "停车场名称、地址、泊位",
            "provider_name": "市城管局",
            "domain_text": "城建住房",
            "issued": "2018-11-30",
            "modified": "2024-06-20",
            "frequency": "daily",
            "open_attribute": "1",
            "open_condition": "无条件",
            "record_count": 812,
            "source_views": 1203,
            "source_downloads": 88,
        },
        ["json", "csv"],
    ),
    "single-anhui": Case(
        "340000",
        {
            "findByPage pageNum=1&": "findByPage.json",
            "findByPage": '{"data": {"pages": 70, "rows": []}}',
            "findByRid": "findByRid.json",
        },
        ["a0001", "a0002", "a0003"],
        {
            "title": "六次全省人口普查基本情况信息",
            "provider_name": "省统计局",
            "domain_text": None,
            "issued": "2020-07-20",
            "modified": "2020-07-20",
            "frequency": "yearly",
            "open_attribute": "1",
        },
        ["api"],
    ),
    "single-wuhu": Case(
        "340200",
        {"getDataSetByWhere pageNo=1&": "getDataSetByWhere.txt"},
        ["7b741c71-20d7-464b-bdc7-017491a49e30", "94e43bcb-8d08-437b-a946-8927f6cf114a"],
        {
            "title": "邮政局所情况_1995",
            "notes": "邮政局所情况_1995\n年份,汽车邮路,邮政局所,信筒信箱,邮路总长度(公里),农村投递线路(公里)",
            "provider_name": "市统计局",
            "domain_text": "商贸流通",
            "issued": "2022-12-15",
            "modified": "2023-02-16",
            "frequency": "yearly",
            "open_attribute": "1",
            "source_views": 355,
            "source_downloads": 1,
        },
        ["xlsx"],
    ),
    "single-huaibei": Case(
        "340600",
        {
            "pagelist curPageNumber=1&": "dataset-pagelist.json",
            "pagelist": '{"result": {"count": 375, "data": []}}',
            "dataset/detail": "dataset-detail.json",
        },
        ["808080d280a26c3301838295cfe10aaa", "808080d280a26c3301838254b9530bbb"],
        {
            "title": "居民消费价格指数(上年=100）",
            "provider_name": "市统计局",
            "domain_text": "财税金融",
            "issued": "2023-08-03",
            "modified": "2023-08-03",
            "frequency_text": "按年更新",
            "record_count": 1,
        },
        ["xls"],
    ),
    "single-chuzhou": Case(
        "341100",
        {
            "select? page=0&": "select.json",
            "select?": '{"totalElements": 850, "content": []}',
            "selectName?name=滁州市公益开放体育馆": "selectName.json",
            "selectName": '{"data": {"id": 116678904204}}',
        },
        ["116679623064", "116678904204"],
        {
            "title": "滁州市公益开放体育馆",
            "notes": "滁州市公益开放体育馆信息汇总。",
            "provider_name": "滁州市教育体育局",
            "domain_text": "教育科技、其他",
            "issued": "2022-11-09",
            "modified": "2023-02-14",
            "open_attribute": "1",
            "tags": ("滁州市公益开放体育馆",),
        },
        ["xlsx"],
    ),
    "single-xiamen": Case(
        "350200",
        {
            'catalog/list "currentPage":1,': "catalog-list.json",
            "catalog/list": '{"data": {"page": {"totalPage": 101}, "list": []}}',
            "catalog/detail": "catalog-detail.json",
        },
        ["1620", "1621", "1622"],
        {
            "title": "厦门市中小学校信息",
            "notes": "学校名称、地址",
            "provider_name": "市教育局",
            "domain_text": "教育文化",
            "industry": "P",
            "issued": "2021-03-02",
            "modified": None,
            "frequency": "yearly",
            "open_attribute": "1",
            "tags": ("学校",),
        },
        ["xls", "json", "csv"],
    ),
    "single-shaanxi": Case(
        "610000",
        {"page.pageNo=1": "query.json", "query?": '[{"result": []}]'},
        ["311", "312"],
        {
            "title": "省级自然保护区名录",
            "notes": "自然保护区名称、面积",
            "provider_name": "省生态环境厅",
            "domain_text": "公共服务、生态环保",
            "issued": "2021-02-22",
            "tags": ("自然保护区",),
            "url": "http://www.sndata.gov.cn/info?id=311",
        },
        [],
    ),
}


@pytest.mark.parametrize("family", CASES)
def test_every_documented_field(family):
    case = CASES[family]
    records, report = crawl(case.portal, Wire(family, case.answers))
    assert list(records) == case.ids, report.reason
    assert report.failed_details == 0
    record = records[case.ids[0]]
    found = {name: getattr(record, name) for name in case.expected}
    assert found == case.expected
    assert [one.format for one in record.resources] == case.formats


@pytest.mark.parametrize(
    ("family", "outcome", "words"),
    [
        ("single-beijing", Outcome.INCOMPLETE, "page 2 of 1560 stated is empty"),
        ("single-tianjin", Outcome.COMPLETE, ""),
        ("single-shaanxi", Outcome.COMPLETE, ""),
        ("single-wuhu", Outcome.COMPLETE, ""),
        ("single-chongqing", Outcome.INCOMPLETE, "3 distinct records of 5612"),
        ("single-huaibei", Outcome.INCOMPLETE, "2 distinct records of 375"),
    ],
)
def test_how_a_list_ends(family, outcome, words):
    case = CASES[family]
    _, report = crawl(case.portal, Wire(family, case.answers))
    assert report.outcome is outcome
    assert words in (report.reason or "")


@pytest.mark.parametrize(
    ("family", "source_id"),
    [
        ("single-tianjin", "/sjyy/sjjk/9.html"),
        ("single-hainan", "77"),
        ("single-hangzhou", "71062"),
        ("single-chongqing", "1465123456789012346"),
    ],
)
def test_interfaces(family, source_id):
    case = CASES[family]
    records, _ = crawl(case.portal, Wire(family, case.answers))
    assert [one.kind for one in records[source_id].resources] == ["api"]


def test_contacts():
    cases = {"single-wuhan": "027-85751234", "single-xiamen": "0592-2135001"}
    for family, phone in cases.items():
        records, _ = crawl(CASES[family].portal, Wire(family, CASES[family].answers))
        assert records[CASES[family].ids[0]].contact[0].phone == phone
    case = CASES["single-shanghai"]
    records, _ = crawl(case.portal, Wire("single-shanghai", case.answers))
    (contact,) = records[case.ids[0]].contact
    assert (contact.email, contact.phone) == ("sjkf@jtw.sh.gov.cn", None)


def test_files_of_hangzhou_are_downloads_where_open_to_all():
    case = CASES["single-hangzhou"]
    records, _ = crawl(case.portal, Wire("single-hangzhou", case.answers))
    first = records["47542"].resources[0]
    assert first.download_url == "https://data.hangzhou.gov.cn/dop/file/85055.json"
    assert records["71062"].open_attribute == "2"
    closed = (OWN_SAMPLES / "single-hangzhou" / "dataDetail-action.json").read_text("utf-8")
    for level in ("1", "2"):
        detail = closed.replace('"open_level": "3"', f'"open_level": "{level}"')
        answers = {**case.answers, "dataDetail.action": detail}
        records, _ = crawl(case.portal, Wire("single-hangzhou", answers))
        assert [one.download_url for one in records["47542"].resources] == [None, None]


def test_uploaders_of_wuhu_never_come_out():
    mobile, name = "138" + "0013" + "8000", "赵" + "钱孙"
    file = OWN_SAMPLES / "single-wuhu" / "getDataSetByWhere.txt"
    body = file.read_text("utf-8").replace("（手机）", mobile).replace("（人名）", name)
    assert body.count(mobile) >= 4
    records, _ = crawl("340200", Wire("single-wuhu", {"getDataSetByWhere": body}))
    assert len(records) == 2
    said = json.dumps([record.as_dict() for record in records.values()], ensure_ascii=False)
    assert mobile not in said
    assert name not in said
    assert "市大数据中心" not in said
