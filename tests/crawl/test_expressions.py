"""The expressions of profiles, on the shapes of body that portals send."""

from __future__ import annotations

import json

import pytest

from ckanext.cn_govdata.crawl.document import Document
from ckanext.cn_govdata.crawl.expressions import ExpressionError, Scope, compile_expression
from ckanext.cn_govdata.crawl.messages import Response
from ckanext.cn_govdata.crawl.raw import scope_of


def document(body: str | bytes) -> Document:
    data = body.encode() if isinstance(body, str) else body
    return Document(Response(200, "http://portal.test/", {}, data))


def texts(expression, body) -> list[str]:
    return compile_expression(expression).texts(Scope(document(body)))


HTML = """<html><body><h1 id="t" title="属性">标题 <b>粗</b></h1><ul><li>甲</li><li> </li><li>乙</li></ul>
<script>var info="共(87)条数据"; pageCount:9</script></body></html>"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("css:h1", ["标题 粗"]),
        ("css:h1::attr(title)", ["属性"]),
        ("css:h1::text", ["标题"]),
        ("css:li", ["甲", "乙"]),
        ("css:li:nth-child(3)", ["乙"]),
        ("xpath://li[contains(., '乙')]", ["乙"]),
        ("xpath:count(//li)", ["3"]),
        ("xpath:boolean(//h2)", ["false"]),
        (r"re:共\((\d+)\)条", ["87"]),
        (r"css:h1::attr(id) >> re:\w", ["t"]),
        (["css:h2", "css:h1::attr(title)"], ["属性"]),
        ("css:h2", []),
    ],
)
def test_html(expression, expected):
    assert texts(expression, HTML) == expected


@pytest.mark.parametrize(
    ("expression", "body", "expected"),
    [
        ("json:a.b", '{"a": {"b": 20210318152044100027}}', ["20210318152044100027"]),
        ("json:a", '{"a": 1.0}', ["1"]),
        ("json:a", '{"a": true}', ["true"]),
        ("json:a", '{"a": ["x", null, "y"]}', ["x", "y"]),
        ("json:a", '{"a": {"b": "中"}}', ['{"b":"中"}']),
        ("json:a", '{"a": null}', []),
        ("json:[0].result[].id", '[{"result": [{"id": 1}, {"id": 2}]}]', ["1", "2"]),
        ("json:sum([a, b])", '{"a": 3, "b": 4}', ["7"]),
        ("json:sum([a, b])", '{"a": 3}', []),
        ("json:x || y", '{"y": "z"}', ["z"]),
        ("json:replace(id, '/', '_')", '{"id": "29200/0040"}', ["29200_0040"]),
        ("json:split(f, ' ')", '{"f": "xls csv"}', ["xls", "csv"]),
        (
            "json:dataList >> json:list[].id",
            json.dumps({"dataList": '{"list": [{"id": "a"}]}'}),
            ["a"],
        ),
        ("json:allPage", json.dumps(json.dumps({"allPage": 9})), ["9"]),
        (r"re:\((.*)\);?\s*$ >> json:data.n", 'jQuery({"data": {"n": 5}});', ["5"]),
        (
            "json:data >> css:span.onColor",
            json.dumps({"data": '<p><span class="onColor">10</span>'}),
            ["10"],
        ),
        (
            "xpath://content/content/id",
            "<?xml version='1.0' encoding='GBK'?><m><content><content><id>7</id></content></content></m>",
            ["7"],
        ),
    ],
)
def test_json_in_its_disguises(expression, body, expected):
    assert texts(expression, body) == expected


def test_alternatives_pass_over_what_says_nothing():
    body = '{"a": "暂无", "b": " ", "c": "有"}'
    assert texts(["json:a", "json:b", "json:c"], body) == ["有"]
    assert texts(["json:b", "json:a"], body) == ["暂无"]


def test_alternatives_that_do_not_count_are_named_if_they_say_another_thing():
    alternatives = compile_expression(["json:published", "json:created", "json:day", "json:a.b"])
    row = {"published": "2023-06-16 10:00:00", "created": "2021-01-02", "day": "2023-06-16"}
    scope = Scope({**row, "a": {"b": "2020-01-01"}})
    assert list(alternatives.passed_over(scope)) == [
        ("created", "2021-01-02"),
        ("a.b", "2020-01-01"),
    ]
    assert (
        list(alternatives.passed_over(Scope({"published": "暂无", "created": "2021-01-02"}))) == []
    )


def test_bodies_that_are_not_json_raise():
    with pytest.raises(ValueError, match=r"Expecting|JSON"):
        texts("json:a", "<html>")


@pytest.mark.parametrize("body", ["", "   ", "\x00", "<", "<a" * 5000, "<b>" * 3000 + "x"])
def test_broken_html_gives_nothing_and_does_not_fail(body):
    assert texts("css:td", body) == []


def test_entities_of_xml_are_not_expanded():
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a><c>&b;&b;</c></a>'
    assert "bbbb" not in "".join(texts("xpath://c", bomb))


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("h1", "css, xpath"),
        ("css:", "css, xpath"),
        ("css:h1[", "css:h1["),
        ("xpath://[", "xpath://["),
        ("json:a..b", "json:a..b"),
        ("re:(", "re:("),
        ("sum:a", "css, xpath"),
        ([], "list of them"),
        ([1], "list of them"),
        ("json:a >> nothing", "nothing"),
    ],
)
def test_errors_quote_the_expression(expression, words):
    with pytest.raises(ExpressionError) as error:
        compile_expression(expression)
    assert words in str(error.value)


def test_members_that_are_read_are_known():
    expression = compile_expression(
        ["json:a.b", "json:sum([c, d.e])", "json:f[0] >> json:g", "json:h[?i]"]
    )
    assert expression.keys == {("a", "b"), ("c",), ("d", "e"), ("f",), ("h",)}
    assert expression.wants_json
    assert not compile_expression("css:p >> json:a").wants_json


LABELS = [
    (
        "<ul><li>来源部门：<span>市教育局</span></li><li>访问量 1352</li></ul>",
        "css:li",
        {"来源部门": "市教育局", "访问量": "1352"},
    ),
    (
        "<p><span>更新时间： </span><span> 2023-06-13 </span><span>开放</span><span>是</span></p>",
        "css:span",
        {"更新时间": "2023-06-13", "开放": "是"},
    ),
    (
        "<table><tr><td>摘&nbsp;&nbsp;要：</td><td>含：冒号</td></tr><tr><td>标签</td><td></td><td>描述</td><td>x</td></tr></table>",
        "css:td",
        {"摘要": "含：冒号", "描述": "x"},
    ),
    (
        "<table><tr><td>孤</td></tr><tr><td>数据量</td><td>3,995</td></tr></table>",
        "css:td",
        {"数据量": "3,995"},
    ),
    (
        "<ul><li><div>所属主题</div><div>文化</div></li><li><div>描述</div><div>多<br>行</div></li></ul>",
        "css:li > div",
        {"所属主题": "文化", "描述": "多\n行"},
    ),
    (
        "<div>资源名称：公交<br/>更新周期：每年<br/>空：<br/></div>",
        "css:div::text",
        {"资源名称": "公交", "更新周期": "每年"},
    ),
    ("<table><tr><th>名称</th><td>甲</td></tr></table>", "css:th, td", {"名称": "甲"}),
    ("<ul><li>2023-06-12 10:30:00 更新</li></ul>", "css:li", {}),
    (
        "<p>发布时间：2022-03-25</p><p>发布时间：2022-03-25 10:11:09</p><p>发布时间：2022-03-25</p>",
        "css:p",
        {"发布时间": "2022-03-25 10:11:09"},
    ),
    (
        "<p>发布时间：2022年3月25日</p><p>发布时间：2022-03-25 10:11:09</p>",
        "css:p",
        {"发布时间": "2022-03-25 10:11:09"},
    ),
    (
        "<p>部门：市教育局</p><p>部门：市教育局办公室（学前教育科）</p>",
        "css:p",
        {"部门": "市教育局办公室（学前教育科）"},
    ),
    ("<p>主题：卫生</p><p>主题：教育文化</p>", "css:p", {"主题": "卫生"}),
    # A label with an empty element for its value does not take the next one for it.
    (
        "<p><span>数源单位：<b></b></span><span>数据领域：<b>教育</b></span></p>",
        "css:p > span",
        {"数据领域": "教育"},
    ),
]


@pytest.mark.parametrize(("body", "nodes", "expected"), LABELS)
def test_labels_and_values(body, nodes, expected):
    scope = scope_of(document(f"<html><body>{body}</body></html>"), compile_expression(nodes))
    assert scope.labels == expected


def test_labels_are_compared_without_padding_and_colons():
    scope = scope_of(document("<p>更 新\u00a0时间： 2023</p>"), compile_expression("css:p"))
    assert compile_expression("label:更新时间：").texts(scope) == ["2023"]
    assert compile_expression(["label:别的", r"label:更新时间 >> re:\d\d$"]).texts(scope) == ["23"]
