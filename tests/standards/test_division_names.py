"""Divisions by name and at the head of a provider's name."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.standards.division_forms import abbreviations, short_name
from ckanext.cn_govdata.standards.division_table import table
from ckanext.cn_govdata.standards.divisions import Level

ROWS = [row for history in table().values() for row in history]
CURRENT = [row for row in ROWS if row.current]


def codes(found):
    return [division.code for division in found]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("黔南布依族苗族自治州", ["522700"]),
        ("黔南州", ["522700"]),
        ("黔南自治州", ["522700"]),
        ("黔南", ["522700"]),
        ("恩施州", ["422800"]),
        ("恩施", ["422800", "422801"]),
        ("内蒙古", ["150000"]),
        ("广西", ["450000"]),
        ("贵定", ["522723"]),
        ("龙胜县", ["450328"]),
        ("莫力达瓦旗", ["150722"]),
        ("东乡县", ["622926"]),
        ("锡林郭勒", ["152500"]),
        ("阿里地区", ["542500"]),
        ("浦东", ["310115"]),
        ("神农架", ["429021"]),
        ("香港", ["810000"]),
        ("沛县", ["320322"]),
        ("沛", []),
        ("吉林", ["220000", "220200"]),
        ("朝阳", ["211300", "110105", "211321", "220104"]),
        ("鼓楼区", ["320106", "320302", "350102", "410204"]),
        ("新疆兵团", []),
        ("新疆生产建设兵团", []),
        ("平 果 市", ["451082"]),
        ("", []),
    ],
)
def test_find(name, found):
    assert codes(divisions.find(name)) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [("平果县", ["451082"]), ("崇文区", ["110101"]), ("襄樊市", ["420600"]), ("任县", ["130505"])],
)
def test_former_names_lead_to_today(name, found):
    assert codes(divisions.find(name)) == found


def test_find_narrowed():
    assert codes(divisions.find("鼓楼区", within="320000")) == ["320106", "320302"]
    assert codes(divisions.find("鼓楼区", within="320300")) == ["320302"]
    assert codes(divisions.find("朝阳", level=Level.PREFECTURE)) == ["211300"]
    assert codes(divisions.find("平果县", on=1990)) == ["452624"]
    assert codes(divisions.find("平果市", on=1990)) == []
    assert codes(divisions.find("平果县", within="450000", on=1990)) == ["452624"]


@pytest.mark.parametrize(
    ("text", "within", "code"),
    [
        ("平果市人民政府办公室", "451000", "451082"),
        ("平果县人民政府办公室", "451000", "451082"),
        ("贵定县卫生健康局", "522700", "522723"),
        ("安徽省合肥市肥东县教育局", None, "340122"),
        ("安徽省肥东县教育局", None, "340122"),
        ("合肥市肥东县教育局", "340100", "340122"),
        ("合肥肥东县教育局", None, "340122"),
        ("三都水族自治县统计局", "522700", "522732"),
        ("三都县统计局", "522700", "522732"),
        ("贵州省黔东南州教育局", "522600", "522600"),
        ("上海市浦东新区人民政府", "310000", "310115"),
        ("市中区", "511000", "511002"),
        ("鼓楼区教育局", "320300", "320302"),
        ("江苏省徐州市鼓楼区教育局", None, "320302"),
        ("常山县-县统计局", "330800", "330822"),
        ("衢州市-市统计局", "330800", "330800"),
        ("【台州市】玉环市人民政府", None, "331083"),
        ("中共上海市委办公厅", None, "310000"),
        ("国家税务总局贵定县税务局", "522700", "522723"),
        ("晋城市城区教育局", "140500", "140502"),
        ("大同市市场监督管理局", None, "140200"),
        ("湖北省天门市教育局", None, "429006"),
        ("邳县教育局", "320300", "320382"),
    ],
)
def test_find_in_text(text, within, code):
    assert divisions.find_in_text(text, within).code == code


@pytest.mark.parametrize(
    ("text", "within"),
    [
        ("市教育局", "451000"),
        ("县水利局", "331100"),
        ("自治区水利厅", "640000"),
        ("省统计局", "340000"),
        ("鼓楼区教育局", None),  # four of them
        ("六安市应急局", "340100"),  # elsewhere
        ("贵州省教育厅", "522600"),  # above
        ("大同市场监督管理局", None),  # 大同 + 市场
        ("西湖区域合作办公室", "330100"),
        ("城区教育局", "140500"),  # the word or the name
        ("朝阳大道管理处", None),
        ("新疆生产建设兵团第一师", None),
        ("江北新区大数据局", "320000"),
        ("浙江银保监局", None),
        ("高新区", "511700"),
        ("统计局", None),
        ("", None),
    ],
)
def test_nothing_certain_in_text(text, within):
    assert divisions.find_in_text(text, within) is None


@given(st.sampled_from(CURRENT))
def test_every_current_division_is_found_by_its_names(row):
    assert row in divisions.find(row.name_zh)
    for form in (short_name(row.name_zh), *abbreviations(row.name_zh)):
        assert row in divisions.find(form) or divisions.find(form)[0].name_zh == form


@given(st.sampled_from(CURRENT))
def test_every_county_is_read_from_its_whole_path(row):
    path = "".join(above.name_zh for above in reversed(divisions.ancestors(row.code)[:-1]))
    assert divisions.find_in_text(f"{path}{row.name_zh}教育局") == row or row.code == "100000"


@given(st.sampled_from(ROWS))
def test_every_row_is_found_in_its_year(row):
    assert row in divisions.find(row.name_zh, on=row.valid_from)


@given(st.text(), st.none() | st.sampled_from(["320000", "451000", "999999"]))
def test_any_text_is_read(text, within):
    found = divisions.find_in_text(text, within)
    assert found is None or within is None or divisions.is_within(found.code, within)
