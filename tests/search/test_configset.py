"""CKAN on the project's own Solr configset."""

import pytest
from ckan.lib import search
from ckan.tests import factories
from ckan.tests.helpers import call_action

TITLES = {
    "clinics": "济南市医疗机构基本信息",
    "schools": "普通高中学校名录（２０２３年）",
    "air": "空气质量PM2.5小时值",
    "buses": "Bus stops and bus lines",
}

EXPECTED = {
    "医疗": {"clinics"},
    "医疗机构": {"clinics"},
    "基本信息 济南": {"clinics"},
    "医构": set(),
    "2023": {"schools"},
    "名录２０２３": {"schools"},
    "pm2.5": {"air"},
    "bus": {"buses"},
    "title:高中": {"schools"},
    "*:*": set(TITLES),
}
# What must be said of a dataset, without a word that the tests look for.
OBLIGATORY = {
    "notes": "摘要",
    "provider_name": "单位",
    "division_code": "520100",
    "open_attribute": "1",
    "frequency": "daily",
    "domain": "10",
}

pytestmark = [pytest.mark.smoke, pytest.mark.usefixtures("clean_db", "clean_index")]


@pytest.fixture
def datasets():
    owner = factories.Organization(name="office")
    for name, title in TITLES.items():
        factories.Dataset(name=name, title=title, owner_org=owner["id"], **OBLIGATORY)


def found(query):
    result = call_action("package_search", q=query)
    return {dataset["name"] for dataset in result["results"]}


def test_ckan_accepts_the_schema():
    assert search.check_solr_schema_version() is True


def test_words_are_found(datasets):
    assert {query: found(query) for query in EXPECTED} == EXPECTED


def test_filters_and_facets_of_ckan_work(datasets):
    result = call_action(
        "package_search", fq="organization:office", **{"facet.field": ["organization"]}
    )

    assert result["facets"] == {"organization": {"office": len(TITLES)}}


def test_a_part_of_a_title_completes(datasets):
    names = [match["name"] for match in call_action("package_autocomplete", q="医疗机构")]

    assert names == ["clinics"]


def test_the_index_is_rebuilt_from_the_database(datasets):
    search.clear_all()
    assert found("*:*") == set()

    search.rebuild()
    search.commit()

    assert found("医疗") == {"clinics"}
