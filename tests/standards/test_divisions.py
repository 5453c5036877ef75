"""The table of divisions: look-up by code and date, the tree, levels, codes as they come in."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.standards.division_table import table
from ckanext.cn_govdata.standards.divisions import Level

ROWS = [row for history in table().values() for row in history]
CURRENT = [row for row in ROWS if row.current]
rows = st.sampled_from(ROWS)
current_rows = st.sampled_from(CURRENT)


def codes(found):
    return [division.code for division in found]


def test_today_has_34_provinces_333_prefectures_2847_counties():
    assert Counter(row.level for row in CURRENT) == {
        Level.NATIONAL: 1,
        Level.PROVINCE: 34,
        Level.PREFECTURE: 333,
        Level.COUNTY: 2847,
    }
    assert len(divisions.provinces()) == 34


def test_a_row_is_typed():
    guiding = divisions.get("451082")
    assert guiding.name_zh == "平果市"
    assert guiding.short_name == "平果"
    assert guiding.level is Level.COUNTY
    assert guiding.parent_code == "451000"
    assert guiding.unit_type == "county_level_city"
    assert (guiding.valid_from, guiding.valid_to, guiding.current) == (2019, None, True)
    assert divisions.get("120106").area_transferred_to == (("120113", 2020),)
    assert divisions.get("130103").successors == ("130102", "130104")


def test_a_code_with_several_rows_depends_on_the_year():
    assert [row.name_zh for row in divisions.history("511400")] == ["涪陵市", "眉山市"]
    assert divisions.get("511400", 1996).name_zh == "涪陵市"
    assert divisions.get("511400", 1998) is None
    assert divisions.get("511400", date(2020, 5, 1)).name_zh == "眉山市"
    assert divisions.get("511400").name_zh == "眉山市"


def test_a_withdrawn_code_gives_its_last_row():
    assert divisions.get("110103").name_zh == "崇文区"
    assert divisions.get("110103").current is False
    assert divisions.get("110103", 2009).name_zh == "崇文区"
    assert divisions.get("110103", 2010) is None


def test_unknown_codes():
    assert divisions.get("999999") is None
    assert divisions.history("999999") == ()
    assert divisions.parent("999999") is None
    assert divisions.ancestors("999999") == ()
    assert divisions.children("999999") == ()
    assert divisions.level_of("999999") is None
    assert divisions.today("999999") == ()
    assert divisions.predecessors("999999") == ()


def test_the_nation_is_the_root():
    nation = divisions.get("100000")
    assert nation.name_zh == "中华人民共和国"
    assert nation.level is Level.NATIONAL
    assert divisions.parent("100000") is None
    assert divisions.parent("110000") == nation


@pytest.mark.parametrize(
    ("code", "above"),
    [
        ("340122", ["340100", "340000", "100000"]),
        ("110101", ["110000", "100000"]),  # district of a municipality
        ("500240", ["500000", "100000"]),  # county of a municipality
        ("419001", ["410000", "100000"]),  # administered by the province
        ("429021", ["420000", "100000"]),
        ("469030", ["460000", "100000"]),
        ("659013", ["650000", "100000"]),
        ("441900", ["440000", "100000"]),
        ("710000", ["100000"]),
    ],
)
def test_ancestors(code, above):
    assert codes(divisions.ancestors(code)) == above


def test_ancestors_of_a_withdrawn_division_are_those_of_its_time():
    assert [row.name_zh for row in divisions.ancestors("452624")] == [
        "百色地区",
        "广西壮族自治区",
        "中华人民共和国",
    ]


def test_children():
    assert "429004" in codes(divisions.children("420000"))
    assert "429000" not in codes(divisions.children("420000"))
    assert len(divisions.children("110000")) == 16
    for without_counties in ("441900", "442000", "460400", "620200"):
        assert divisions.children(without_counties) == ()
    assert {"460302", "460303"} <= set(codes(divisions.children("460300")))
    assert "110103" in codes(divisions.children("110000", on=2009))
    assert "110103" not in codes(divisions.children("110000"))


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("100000", Level.NATIONAL),
        ("500000", Level.PROVINCE),
        ("810000", Level.PROVINCE),
        ("522700", Level.PREFECTURE),
        ("441900", Level.PREFECTURE),
        ("110105", Level.COUNTY),
        ("310115", Level.COUNTY),
        ("429021", Level.COUNTY),
        ("659001", Level.COUNTY),
        ("110100", Level.PROVINCE),  # statistics group of the municipality's districts
        ("500200", Level.PROVINCE),
        ("419000", Level.PROVINCE),
        ("130101", Level.PREFECTURE),  # 市辖区 of 石家庄
        ("320576", Level.PREFECTURE),  # functional zone: its host's level
        (340122, Level.COUNTY),
    ],
)
def test_level_of(code, level):
    assert divisions.level_of(code) is level


@pytest.mark.parametrize(
    ("code", "six"),
    [
        ("340122000000", "340122"),
        ("340122100", "340122"),
        ("441900003000", "441900"),
        ("340000000000", "340000"),
        (" 340122 ", "340122"),
        ("３４０１２２", "340122"),
        (340122, "340122"),
        ("110100000000", "110000"),
        ("419000", "410000"),
        ("620201", "620200"),
        ("320101", "320100"),
        ("342101", "342101"),  # was a city of its own once
        ("133100", "130600"),
        ("660000", None),
        ("000000", None),
        ("999999", None),
        ("3401220", None),
        ("34012x", None),
        ("", None),
    ],
)
def test_normalise(code, six):
    assert divisions.normalise(code) == six


def test_is_within():
    assert divisions.is_within("340122", "340122")
    assert divisions.is_within("340122", "340000")
    assert not divisions.is_within("340122", "341500")
    assert not divisions.is_within("340000", "340122")


@given(rows)
def test_every_row_is_found_by_code_and_year(row):
    assert divisions.get(row.code, row.valid_from) == row
    last = row.valid_to - 1 if row.valid_to else 9999
    assert divisions.get(row.code, last) == row


@given(rows)
def test_periods_of_a_code_do_not_overlap(row):
    others = [other for other in divisions.history(row.code) if other != row]
    assert not [other for other in others if other.valid_on(row.valid_from)]


@given(current_rows)
def test_level_agrees_with_the_table_and_the_tree(row):
    assert divisions.level_of(row.code) is row.level
    assert divisions.level_of(f"{row.code}000000") is row.level
    above = divisions.parent(row.code)
    if above is not None:
        assert row in divisions.children(above.code)
        assert list(Level).index(above.level) < list(Level).index(row.level)


@given(rows)
def test_every_path_ends_at_the_nation(row):
    path = divisions.ancestors(row.code, row.valid_from)
    assert row.code == divisions.NATION or path[-1].code == divisions.NATION


@given(st.text() | st.integers())
def test_normalise_takes_anything(code):
    six = divisions.normalise(code)
    assert six is None or divisions.get(six) is not None
