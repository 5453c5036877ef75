"""The division picker finds what one types."""

import pytest

from ckanext.cn_govdata.schema.division_search import search


def names(query, limit=10):
    return [division.name_zh for division in search(query, limit)]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("济南", "济南市"),
        ("济南市", "济南市"),
        ("jn", "济南市"),
        ("JiNan", "济南市"),
        ("3701", "济南市"),
        ("370102", "历下区"),
        ("shandong", "山东省"),
        ("平果县", "平果市"),
        ("黔南州", "黔南布依族苗族自治州"),
        ("３７０１０２", "历下区"),
        ("lvliang", "吕梁市"),
        ("lixiaqu", "历下区"),
        ("lxq", "历下区"),
    ],
)
def test_what_one_types_finds_the_division(query, first):
    assert first in names(query, 5)


def test_the_beginning_comes_before_the_middle_and_the_level_above_first():
    found = search("山", 60)
    assert {division.name_zh for division in found[:2]} == {"山东省", "山西省"}
    begins = [division.name_zh.startswith("山") for division in found]
    assert begins == sorted(begins, reverse=True)


def test_all_divisions_of_an_ambiguous_name_are_offered():
    assert names("鼓楼区").count("鼓楼区") == 4


def test_each_division_is_offered_once_and_the_limit_kept():
    found = search("ha", 30)
    assert len(found) == len(set(found)) == 30


@pytest.mark.parametrize("query", ["", "  ", "、", "不存在的地方", "999999"])
def test_nothing_is_found_for_nothing(query):
    assert search(query, 10) == ()


@pytest.mark.smoke
@pytest.mark.usefixtures("with_plugins")
class TestAction:
    def test_it_answers_code_name_and_path(self, app):
        answer = app.get(
            "/api/action/cn_govdata_division_autocomplete", params={"q": "历下", "limit": "3"}
        ).json
        assert answer["result"] == [
            {"code": "370102", "name": "Li Xia", "path": "Shandong Province Jinan City Li Xia"}
        ]

    def test_a_wrong_limit_is_named(self, app):
        answer = app.get(
            "/api/action/cn_govdata_division_autocomplete",
            params={"q": "历下", "limit": "many"},
            status=409,
        ).json
        assert "limit" in answer["error"]

    def test_the_default_is_ten(self, app):
        answer = app.get("/api/action/cn_govdata_division_autocomplete", params={"q": "市"}).json
        assert len(answer["result"]) == 10
