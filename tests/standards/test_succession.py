"""What became of withdrawn codes."""

from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.standards import divisions, succession
from ckanext.cn_govdata.standards.division_table import Division, table
from ckanext.cn_govdata.standards.divisions import Level

ROWS = [row for history in table().values() for row in history]


def codes(found):
    return [division.code for division in found]


def test_a_current_code_is_its_own():
    assert codes(divisions.today("451082")) == ["451082"]
    assert codes(divisions.today("100000")) == ["100000"]


def test_merged_split_and_recoded():
    assert codes(divisions.today("110103")) == ["110101"]
    assert codes(divisions.today("130103")) == ["130102", "130104"]
    assert codes(divisions.today("500105")) == ["500157"]


def test_chains_lead_through_all_steps():
    assert codes(divisions.today("452624")) == ["451082"]  # 百色地区, 百色市, then a city
    assert codes(divisions.today("422801", 1982)) == ["422801"]


def test_a_renamed_code_goes_on():
    assert [row.name_zh for row in divisions.today("320800", 1990)] == ["淮安市"]


def test_a_code_issued_again_after_a_gap_is_another_unit():
    assert [row.name_zh for row in divisions.today("511400")] == ["眉山市"]
    assert divisions.today("511400", 1996) == ()


def test_a_prefecture_without_successor_is_empty():
    assert divisions.get("341400").current is False
    assert divisions.today("341400") == ()


def test_predecessors():
    former = {(row.code, row.name_zh) for row in divisions.predecessors("451082")}
    assert former == {("452624", "平果县"), ("451023", "平果县")}


def test_a_cycle_ends(monkeypatch):
    def row(code, start, successor, *, current=False):
        end = None if current else start + 1
        after = () if current else (successor,)
        return Division(
            code, code, Level.COUNTY, None, start, end, current, after, (), "county", None, None
        )

    rings = {
        ("1", 2000): row("1", 2000, "2"),
        ("2", 2001): row("2", 2001, "1"),
        ("1", 2002): row("1", 2000, "2"),
    }
    monkeypatch.setattr(succession, "get", lambda code, on=None: rings.get((code, on or 2000)))
    assert succession.today("1") == ()


@given(st.sampled_from(ROWS))
def test_today_is_current_or_empty(row):
    found = divisions.today(row.code, row.valid_from)
    assert all(division.current for division in found)
    if row.current:
        assert found == (row,)


@given(st.sampled_from(ROWS))
def test_predecessors_mirror_today(row):
    for now in divisions.today(row.code, row.valid_from):
        assert now == row or row in divisions.predecessors(now.code)
