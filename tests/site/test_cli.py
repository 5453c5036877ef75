"""`ckan cn-govdata divisions` and `vocabulary`."""

import json

import pytest

from ckanext.cn_govdata.standards.codelists import codelist_names

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def run(cli):
    from ckanext.cn_govdata.cli import cn_govdata

    return lambda *words: cli.invoke(cn_govdata, words)


@pytest.mark.parametrize("words", ["370102", "370102000000", "历下区"])
def test_a_division_by_code_or_name(run, words):
    result = run("divisions", "show", words, "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["code"] == "370102"
    assert [each["code"] for each in found["ancestors"]] == ["100000", "370000", "370100"]


@pytest.mark.smoke
def test_a_division_for_people(run):
    result = run("divisions", "show", "110103")
    assert result.exit_code == 0
    for words in ("崇文区", "2010", "110101"):
        assert words in result.stdout


def test_an_ambiguous_name_is_refused_with_its_candidates(run):
    result = run("divisions", "show", "鼓楼区")
    assert result.exit_code == 2
    for code in ("320106", "320302", "350102", "410204"):
        assert code in result.output


@pytest.mark.parametrize("words", ["999999", "不存在"])
def test_an_unknown_division_is_refused(run, words):
    assert run("divisions", "show", words).exit_code == 2


def test_the_code_lists(run):
    found = json.loads(run("vocabulary", "list", "--json").stdout)
    assert [each["name"] for each in found] == list(codelist_names())
    assert "share_type" in run("vocabulary", "list").stdout


@pytest.mark.smoke
def test_one_code_list(run):
    found = json.loads(run("vocabulary", "show", "share_type", "--json").stdout)
    assert [each["code"] for each in found["concepts"]] == ["1", "2", "3"]
    assert found["concepts"][0]["label_zh"] in run("vocabulary", "show", "share_type").stdout


def test_an_unknown_code_list_is_refused(run):
    assert run("vocabulary", "show", "nothing").exit_code == 2
