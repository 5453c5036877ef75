"""Further portals of which no answer is stored: the documented shape, with values of our own."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import pytest

from ckanext.cn_govdata.crawl.messages import Outcome
from ckanext.cn_govdata.portals import families

from .support import OWN_SAMPLES
from .wire import Wire, crawl

DATE = "2023-06-01 10:00:00"
MS = 1685584800000  # the same moment
LARGE = 5482990672852830721
PERSON = "赵" + "钱孙"
MOBILE = "138" + "0013" + "8000"


class Case(NamedTuple):
    """What a portal answers to which request, the ids it lists, and what the first must become."""

    portal: str
    answers: dict[str, Any]
    ids: list[str]
    expected: dict[str, Any]
    outcome: Outcome = Outcome.COMPLETE


COMMON = {"title": "公交站点", "provider_name": "市交通局", "issued": "2023-06-01"}
CELLS = (
    "公交站点名称",
    "公交",
    "每年",
    "xls",
    "市交通局",
    "交通运输",
    "12/3",
    "教育",
    "20",
    "一级",
    "无条件开放",
    "2023-06-02",
    "2023-06-01",
)
EZHOU = (
    "<ul class='table_p1'>"
    + "".join(f"<div class='content-td'> {c} </div>" for c in CELLS)
    + "</ul>"
)

CASES = {
    "single-zhoushan": Case(
        "330900",
        {
            'otherPage "pageNo":1,': {
                "data": {
                    "pages": 1,
                    "records": [
                        {
                            "id": 30242,
                            "resName": "公交站点",
                            "resSummary": "名称",
                            "datadomain": "6,7",
                            "idPocName": "市交通局",
                            "releaseDate": MS,
                            "updateDate": MS,
                            "isopen": "1",
                            "frequery": "3",
                        }
                    ],
                }
            },
            "selectOne?id=30242&isStructuredData=1": {
                "data": {"dataCount": 5, "resFormatName": "XLS,CSV", "createDate": MS}
            },
        },
        ["30242"],
        {
            "domain_text": "交通运输、教育文化",
            "open_attribute": "1",
            "record_count": 5,
            "frequency": None,
            "frequency_text": "3",
            "modified": "2023-06-01",
            "formats": ["xls", "csv"],
        },
    ),
    "single-chizhou": Case(
        "341700",
        {
            "sjml?page=1": "<div id='listContent'><div class='list-content-item'><div class='text ell'><a href='/f/x_1.xlsx'>公交站点</a></div>"
            "<div class='file-type-wrap'> XLSX </div><div class='content-item ell'>数据领域：交通运输</div>"
            "<div class='content-item ell'>提供单位：市交通局</div><div class='content-item ell'>发布时间：2023-6-1</div>"
            "<div class='content-item ell'>备注：早晚</div></div></div><pagination pagecount='1'></pagination>",
        },
        ["x_1"],
        {"domain_text": "交通运输", "formats": ["xlsx"], "source_extra": {"备注": "早晚"}},
    ),
    "single-huaian": Case(
        "320800",
        {
            "catalog? pageNum=1&": {"data": {"total": 1, "data": [{"id": LARGE}]}},
            f"catalogDetail?catalogId={LARGE}": {
                "data": {
                    "catalogName": "公交站点",
                    "orgName": "市交通局",
                    "publishTime": DATE,
                    "dataUpdateTime": None,
                    "dataUpdatePeriod": "每年",
                    "openCondition": "无条件开放",
                    "linkman": PERSON,
                }
            },
        },
        [str(LARGE)],
        {"frequency": "yearly", "open_attribute": "1", "modified": None},
    ),
    "single-yancheng": Case(
        "320900",
        {
            "listPageCatalogVo?pageNumber=1&": {
                "resultData": {
                    "pager": {"pageCount": 1},
                    "list": [
                        {
                            "catalogPk": "c1",
                            "catalogName": "公交站点",
                            "isJson": 1,
                            "isExcel": "0",
                            "isCsv": 1,
                            "viewCount": 9,
                        }
                    ],
                }
            },
            "dataSetDetailById?catalogId=c1": {
                "resultData": {
                    "catalogName": "公交站点",
                    "deptName": "市交通局",
                    "publishTime": DATE,
                    "createTime": "2023-05-01",
                    "openType": 1,
                    "openCondition": None,
                    "subjectName": "交通运输",
                    "isJson": 1,
                    "isExcel": "0",
                    "isCsv": 1,
                }
            },
        },
        ["c1"],
        {
            "open_attribute": "1",
            "domain_text": "交通运输",
            "formats": ["json", "csv"],
            "source_views": 9,
        },
    ),
    "single-lianyungang": Case(
        "320700",
        {
            "showdata.do?pageNum1=1&": "<ul><li><div><h1 onclick=\"view('03a1-5b')\">公交站点</h1><span>a</span><span>b</span>"
            "<span>浏览<a>12</a></span><span>下载<a>3</a></span></div></li></ul><div class='page-footer'>共<span>1</span>页</div>",
            "showdetail.do?dmid=03a1-5b": "<table class='tw-table-form tm-table-form'><tr><th>信息资源名称:</th><td>公交站点</td></tr>"
            "<tr><th>信息资源提供方:</th><td>市交通局</td><th>所属主题:</th><td>交通运输</td></tr>"
            "<tr><th>是否向社会开放:</th><td>是</td><th>上传时间:</th><td>2023-06-01 10:00</td></tr><tr><th>数据量:</th><td>7</td></tr></table>"
            "<table class='tw-table-form tm-table-form'></table>"
            "<table class='tw-table-form tm-table-form'><tr><th>xls 下载</th></tr><tr><th>csv 下载</th></tr></table>"
            "<table class='tw-table-form tm-table-form'></table>",
        },
        ["03a1-5b"],
        {
            "formats": ["xls", "csv"],
            "open_attribute": "1",
            "source_views": 12,
            "source_downloads": 3,
            "source_extra": {"数据量": "7"},
        },
    ),
    "single-hebei": Case(
        "130000-hebdata",
        {
            "getData pageNo=1&": {
                "page": {
                    "totalPage": 1,
                    "dataList": [
                        {
                            "METADATA_ID": "m/1",
                            "CREAT_DATE": DATE,
                            "UPDATE_DATE": DATE,
                            "THEME_NAME": "交通运输",
                        }
                    ],
                }
            },
            "resourceDetails rowkey=m/1&": "<div class='info'><tr></tr><table><tr><td>信息资源分类：基础</td></tr><tr><td>开放条件：无条件开放</td></tr></table></div>"
            "<div class='resdetails_table_box page1'><table><tr><td><p>信息资源名称:</p></td><td><p>公交站点</p></td></tr>"
            "<tr><td><p>资源提供方:</p></td><td><p>市交通局</p></td></tr><tr><td><p>资源摘要:</p></td><td><p></p></td></tr>"
            f"<tr><td><p>更新周期:</p></td><td><p>每年</p></td></tr><tr><td><p>资源联系人:</p></td><td><p>{PERSON}</p></td></tr>"
            f"<tr><td><p>联系电话:</p></td><td><p>{MOBILE}</p></td></tr></table></div>",
            "GET": "<html>首页</html>",
        },
        ["m/1"],
        {
            "domain_text": "交通运输",
            "frequency": "yearly",
            "open_attribute": "1",
            "contact": (),
            "source_extra": {
                "信息资源分类": "基础",
                "division_assignment": {"rule": "unnamed", "within": "130000"},
            },
        },
    ),
    "single-jincheng": Case(
        "140500",
        {
            "getSearchList curPage=1&": "jincheng-getSearchList.json",
            "getSearchList": json.dumps(
                {"jsonStr": json.dumps({"obj": {"totalPages": 57, "pagingList": []}})}
            ),
            "goDetails&catalogid=": "<div class='dt-title'> 公交站点 </div><div class='dl-part'><p class='dl-part-text'>名称</p></div>"
            "<div class='dt-con-text'><ul><li><span>提供单位</span>市交通局</li><li><span>发布时间</span> 2023-06-01 10:00</li></ul>"
            "<ul><li><span>更新频率：</span>每年</li><li><span>库表</span>无此项的</li></ul></div>",
            "goList": "<html>目录</html>",
        },
        ["8f1c", "8f1d", "8f1e"],
        {"notes": "名称", "frequency": "yearly", "source_extra": {"库表": "无此项的"}},
        Outcome.INCOMPLETE,
    ),
    "single-yuncheng": Case(
        "140800",
        {
            "GET data.htm? pageIndex=1": "<div class='etab1'><ul><li><h2 class='tit'><a href='/portal/l-zh_CN/d.htm?id=7'>公交站点</a></h2></li></ul></div>",
            "GET data.htm?": "<div class='etab1'><ul></ul></div>",
            "POST d.htm?id=7": "<div class='details-con'><div><p><b>公交站点</b></p></div><table class='details-tab'><tbody>"
            "<tr><td>提供单位</td><td>市交通局</td></tr><tr><td>发布时间</td><td>2023年06月01日</td></tr></tbody></table>"
            "<table class='details-tab-active'><tbody><tr><td>摘要</td><td>名称</td></tr></tbody></table></div>",
        },
        ["/portal/l-zh_CN/d.htm?id=7"],
        {"notes": "名称", "url": "https://sjkf.yczhcs.cn/portal/l-zh_CN/d.htm?id=7"},
    ),
    "single-inner-mongolia": Case(
        "150000-nmgdata",
        {
            "dataSet/list page=1": {"ttlpage": 1, "data": [{"id": LARGE}]},
            f"dataInfo id={LARGE}": {
                "record": {
                    "title": "公交站点",
                    "orgName": "市交通局",
                    "publishDate": DATE,
                    "updateDate": DATE,
                    "openType": "有条件开放",
                    "remark": "名称",
                    "subjectName": "交通运输",
                    "dataUpdatePeriod": "每月",
                    "createUserName": PERSON,
                }
            },
        },
        [str(LARGE)],
        {"open_attribute": "2", "frequency": "monthly", "domain_text": "交通运输", "notes": "名称"},
    ),
    "single-hinggan": Case(
        "152200",
        {
            'pageData "pageNum":1,': {
                "data": {"pages": "1", "data": [{"id": "a/1", "name": "公交站点"}]}
            },
            "dataResource/a%2F1": {},
            "dataResource/a/1": {
                "data": {
                    "name": "公交站点",
                    "deptName": "市交通局",
                    "releaseTime": DATE,
                    "updateTime": DATE,
                    "subjectName": "交通运输",
                    "description": "名称",
                }
            },
            "GET": "<html></html>",
        },
        ["a/1"],
        {"modified": "2023-06-01", "notes": "名称"},
    ),
    "single-ganzhou": Case(
        "360700",
        {
            "POST page_1/": "<div class='com_shiye'><a class='shiy_rigA1' id='31'>公交站点</a></div>",
            "POST page_": "<div></div>",
            "id_31/": "<div class='gzTt_r'><a class='shiy_rigA1'>公交站点</a></div><div class='shiy_left'><p>01</p><p>2023-06</p></div>"
            "<div class='shiyr_div3'><span>单位：<em>市交通局</em></span><span>主题：<em>交通运输</em></span></div>"
            "<div class='shiyr_div3'><span>数据量：<em>9</em></span></div><div class='zlxg_t2'>名称</div>",
        },
        ["31"],
        {"domain_text": "交通运输", "record_count": 9, "notes": "名称"},
    ),
    "single-huangshi": Case(
        "420200",
        {
            "dataifa=0": {"data": {"list": [{"infoid": 1}]}},
            "dataifa=1": {"data": {"list": [{"infoid": 2}]}},
            "infoid=": {
                "data": {
                    "title": "公交站点",
                    "departmentname": "市交通局",
                    "c_date": MS // 1000,
                    "e_data": MS // 1000,
                    "bshy": 6,
                    "lyid": 7,
                    "dataopen": 1,
                    "phone": MOBILE,
                    "datafmt": "XLS,CSV",
                    "dls": 4,
                }
            },
        },
        ["1", "2"],
        {
            "domain_text": "交通运输",
            "open_attribute": "1",
            "modified": "2023-06-01",
            "formats": ["xls", "csv"],
            "contact": (),
        },
    ),
    "single-ezhou": Case(
        "420700",
        {
            "ztfl/index.html": "<span class='num'>1</span><ul class='sjj_right_list'><li class='fbc'><h3><a href='./jt/t2023_77.html'>公交站点</a></h3></li></ul>",
            "bmfl/index.html": "<span class='num'>1</span><ul class='sjj_right_list'><li class='fbc'><h3><a href='./jt/t2023_77.html'>公交站点</a></h3></li></ul>",
            "ztfl/jt/t2023_77.html": EZHOU,
        },
        ["t2023_77"],
        {
            "notes": "公交站点名称",
            "frequency": "yearly",
            "domain_text": "交通运输",
            "industry": "P",
            "modified": "2023-06-02",
            "open_attribute": "1",
            "record_count": 20,
            "formats": ["xls"],
            "url": "http://www.ezhou.gov.cn/sjkfn/sjj/ztfl/jt/t2023_77.html",
        },
    ),
    "single-xianning": Case(
        "421200",
        {
            "sjml.json": [
                {
                    "link": "http://www.xianning.gov.cn/data/t1.html",
                    "chnldesc": "xls",
                    "title": "公交站点",
                    "theme": "交通运输",
                    "department": "市交通局",
                    "pubDate": "2023-06-01",
                    "update": "2023-06-02",
                }
            ],
        },
        ["http://www.xianning.gov.cn/data/t1.html"],
        {"modified": "2023-06-02", "formats": ["xls"], "domain_text": "交通运输"},
    ),
    "single-changde": Case(
        "430700",
        {
            "dataopen/list": "<script>var csrf = 'e02a864b-c163';</script><p>目录</p>",
            "catalogs?csrf=e02a864b-c163&size=15&page=1": {"pages": 1, "list": [{"CATA_ID": 11}]},
            "detail?cataId=11": "<div class='info-content'><div class='top-info'><div class='catalog-name'> 公交站点 </div><div class='time'>资源发布日期：2023-06-01</div></div>"
            "<div class='row-content'><div class='info-name'>资源提供方：</div><div class='info-detail'>市交通局</div>"
            "<div class='info-name'>更新周期</div><div class='info-detail'>每年</div><div class='info-name'>批次</div><div class='info-detail'>二</div></div></div>",
        },
        ["11"],
        {"frequency": "yearly", "source_extra": {"批次": "二"}},
    ),
    "single-zigong": Case(
        "510300",
        {
            "zg.cn//catalog_schema/findRightSchema?offset=0&limit=10&": {
                "data": {"total": 1, "rows": [{"id": "z1"}]}
            },
            "zg.cn//catalog_schema/findView?id=z1": {
                "data": [
                    {
                        "catalogTitle": "公交站点",
                        "supplyOrg": "市交通局",
                        "createdTime": MS,
                        "modifiedTime": MS,
                        "isOpen": "0",
                        "domainName": "交通运输",
                        "updateCycle": "每年",
                        "tel": "0813-2000000",
                    }
                ]
            },
            "downloadFiles?id=z1": {"data": {"a.xls": {"type": "xls"}, "b.csv": {"type": "csv"}}},
        },
        ["z1"],
        {
            "open_attribute": "2",
            "modified": "2023-06-01",
            "formats": ["xls", "csv"],
            "frequency": "yearly",
        },
    ),
    "single-mianyang": Case(
        "510700",
        {
            "getShowMsg.jspx? startNum=0&queryNum=8&": {
                "elementthing": {"listPage": {"total": 1, "list": [{"id": "m1"}]}}
            },
            "showBasicMsg.jspx?id=m1": {
                "elementthing": {
                    "showBasicList": {
                        "dir_name": "公交站点",
                        "dir_office": "市交通局",
                        "dir_issuertime": DATE,
                        "gmt_modified": DATE,
                        "sszt": "交通运输",
                        "dir_updatetime": "6",
                        "dir_phone": "0816-2000000",
                        "dir_statistics_data": [
                            {"sharelevel": "1", "isopen": "1", "db_opennum": 3}
                        ],
                    }
                }
            },
        },
        ["m1"],
        {"frequency": "yearly", "open_attribute": "2", "record_count": 3, "modified": "2023-06-01"},
    ),
}


def wire_of(family: str, **changed: Any) -> Wire:
    answers = {**CASES[family].answers, **changed}
    folder = "single-jincheng" if family == "single-jincheng" else family
    return Wire(
        folder,
        {words: one if isinstance(one, str) else json.dumps(one) for words, one in answers.items()},
    )


@pytest.mark.parametrize("family", CASES)
def test_every_documented_field(family):
    case = CASES[family]
    records, report = crawl(case.portal, wire_of(family))
    assert report.outcome is case.outcome, report.reason
    assert list(records) == case.ids
    record = records[case.ids[0]]
    found = {
        **record.as_dict(),
        "contact": record.contact,
        "formats": [one.format for one in record.resources],
    }
    expected = {**COMMON, **case.expected}
    assert {
        name: found.get(name, {} if name == "source_extra" else None) for name in expected
    } == expected
    said = json.dumps([one.as_dict() for one in records.values()], ensure_ascii=False)
    assert PERSON not in said
    assert MOBILE not in said


def test_interfaces_of_huangshi():
    records, _ = crawl("420200", wire_of("single-huangshi"))
    assert [one.kind for one in records["2"].resources] == ["api"]


def test_an_open_condition_of_yancheng_makes_it_conditional():
    detail = json.loads(
        json.dumps(CASES["single-yancheng"].answers["dataSetDetailById?catalogId=c1"])
    )
    detail["resultData"]["openCondition"] = "需提交申请"
    records, _ = crawl(
        "320900", wire_of("single-yancheng", **{"dataSetDetailById?catalogId=c1": detail})
    )
    assert (records["c1"].open_attribute, records["c1"].open_condition) == ("2", "需提交申请")


def test_the_parameter_of_yancheng_is_encoded_twice():
    wire = wire_of("single-yancheng")
    crawl("320900", wire)
    assert "searchParam=%257B%2522COND%2522" in wire.requests[0].url


@pytest.mark.parametrize("family", CASES)
def test_html_where_json_was_due_is_blocked(family):
    profile = families.profile(family)
    if not profile.lists[0].records.wants_json:
        pytest.skip("its list is HTML")
    wire = Wire(family, {"": "<html><body>系统维护，请稍后再试</body></html>"})
    _, report = crawl(CASES[family].portal, wire)
    assert report.outcome is Outcome.BLOCKED, report.reason


@pytest.mark.parametrize("family", CASES)
@pytest.mark.parametrize(
    "body", ["{}", "[]", "null", '{"data": null, "page": null, "list": null}', '{"data": []}']
)
def test_a_changed_list_is_broken(family, body):
    wire = Wire(family, {"": body})
    _, report = crawl(CASES[family].portal, wire)
    assert report.outcome in {Outcome.BROKEN, Outcome.INCOMPLETE, Outcome.BLOCKED}, report.reason


def _emptied(value: Any) -> Any:
    """The same shape with every leaf null, but for ids, titles, totals."""
    if isinstance(value, dict):
        return {
            k: v
            if k in {"id", "ID", "total", "pages", "totalPage", "ttlpage", "pageCount"}
            or "Name" in k
            or "name" in k
            or k
            in {"title", "catalogTitle", "infoid", "catalogPk", "CATA_ID", "METADATA_ID", "link"}
            else _emptied(v)
            for k, v in value.items()
        }
    if isinstance(value, list):
        return [_emptied(one) for one in value]
    return None


@pytest.mark.parametrize("family", CASES)
def test_nulls_are_no_values(family):
    case = CASES[family]
    answers = {
        words: one if isinstance(one, str) else _emptied(one) for words, one in case.answers.items()
    }
    records, report = crawl(case.portal, wire_of(family, **answers))
    assert report.listed >= 1
    for record in records.values():
        assert "null" not in (record.title, record.notes, record.domain_text, record.provider_name)
        assert "None" not in json.dumps(record.as_dict(), ensure_ascii=False)


def test_fuzhou_jx():
    sample = (OWN_SAMPLES / "single-fuzhou-jx" / "getCatalogByPage.json").read_text("utf-8")
    first = sample.replace('"total": 1139', '"total": 2')
    wire = Wire(
        "single-fuzhou-jx", {'getCatalogByPage "pageNum":1,': first, "GET": "<html></html>"}
    )
    records, report = crawl("361000", wire)
    assert report.outcome is Outcome.COMPLETE, report.reason
    one, two = records["c1"], records["c2"]
    assert (one.title, one.notes, one.provider_name) == (
        "抚州市规模以上工业企业名录",
        "企业名称、行业",
        "市工信局",
    )
    assert (one.issued, one.modified, one.frequency, one.open_attribute) == (
        "2022-11-02",
        "2024-06-02",
        "yearly",
        "1",
    )
    assert (one.source_views, one.source_downloads) == (120, 8)
    assert [r.format for r in one.resources] == ["xls"]
    assert [r.kind for r in two.resources] == ["api"]
    assert one.url == "https://data.jxfz.gov.cn/openDate/directory/c1"


def test_jsonp_of_nanjing():
    sample = (
        (OWN_SAMPLES / "single-nanjing" / "condition.js").read_text("utf-8").replace('"212"', '"1"')
    )
    wire = Wire("single-nanjing", {"condition?callback=jQuery page=1&": sample})
    records, report = crawl("320100", wire, variant="jsonp")
    assert report.outcome is Outcome.COMPLETE, report.reason
    first = records["http://data.nanjing.gov.cn/yy/202001/t20200110_1.html"]
    assert (first.title, first.notes) == ("南京市公共自行车站点", "站点名称、位置")
    assert (first.provider_name, first.domain_text, first.issued) == (
        "市城管局",
        "交通运输",
        "2020-01-10",
    )
    assert first.tags == ("公共自行车",)


def test_nanjing_without_its_key_says_so():
    _, report = crawl("320100", Wire("single-nanjing", {}))
    assert report.outcome is Outcome.BLOCKED
    assert "no secret is set" in report.reason


def test_every_single_profile_says_what_is_not_documented():
    for family in families.families():
        if family.startswith("single-"):
            assert families.profile(family).undocumented, family
