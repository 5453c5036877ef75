"""The Solr document: never refused, and with facets."""

import copy
import json

import pytest
from ckan.tests.helpers import call_action
from ckanext.dcat.plugins import DCATPlugin

from ckanext.cn_govdata.schema import index

from .conftest import FULL
from .test_obligations import LEAST

DOCUMENT = {
    "id": "1",
    "type": "dataset",
    "dataset_type": "dataset",
    "title": "甲",
    "title_string": "甲",
    "data_dict": "x" * 40_000,
    "groups": ["theme-2", "theme-10", "focus"],
    "res_format": ["CSV", "xls", "", "Foo"],
    **{
        key: value
        for name, given in FULL.items()
        for stored in [given if isinstance(given, str) else json.dumps(given, ensure_ascii=False)]
        for key, value in ((name, stored), (f"extras_{name}", stored))
        if name not in ("title", "notes", "url", "license_id")
    },
    "admin_level": "prefecture",
}


def test_facets_of_a_document():
    found = {
        name.removeprefix("vocab_cn_"): value for name, value in index.facets(DOCUMENT).items()
    }
    assert found == {
        "division": ["370100", "370000", "100000"],
        "province": ["370000"],
        "prefecture": ["370100"],
        "level": ["prefecture"],
        "domain": ["2", "10"],
        "open": ["2"],
        "frequency": ["monthly"],
        "format": ["csv", "xls", "foo"],
        "industry": ["Q"],
        "provider": ["济南市卫生健康委员会"],
        "portal": ["370100"],
    }


def test_the_document_is_not_changed():
    before = copy.deepcopy(DOCUMENT)
    index.document(DOCUMENT)
    assert before == DOCUMENT


def test_structures_are_words_not_terms():
    document = index.document(DOCUMENT)
    structured = {
        "data_items",
        "contact",
        "source_extra",
        "related_codes",
        "application_scene",
        "catalog_tags",
    }
    assert not structured & document.keys()
    assert document["extras_data_items"].split()[:2] == ["机构名称", "JGMC"]
    assert "name_zh" not in document["extras_data_items"]
    assert document["division_code"] == "370100"


def test_the_same_document_before_and_after_the_hook_of_dcat(with_plugins):
    hook = DCATPlugin.before_dataset_index
    ours_first = hook(None, index.document(DOCUMENT))
    ours_last = index.document(hook(None, copy.deepcopy(DOCUMENT)))
    assert ours_first == ours_last


def test_too_long_a_term_is_left_out_and_a_text_is_kept():
    long = "长" * 20_000
    document = index.document(
        {
            **DOCUMENT,
            "provider_name": long,
            "title_string": long,
            "notes": long,
            "res_url": [long, "http://a"],
        }
    )
    assert "provider_name" not in document
    assert "vocab_cn_provider" not in document or document["vocab_cn_provider"] == []
    assert document["notes"] == long
    assert document["res_url"] == ["http://a"]
    assert len(document["title_string"].encode()) <= index.LONGEST_TERM
    assert document["data_dict"] == DOCUMENT["data_dict"]


def test_other_types_get_no_facets():
    document = index.document({"type": "harvest", "dataset_type": "harvest", "res_format": ["CSV"]})
    assert not [name for name in document if name.startswith("vocab_cn")]


@pytest.mark.smoke
@pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")
def test_bad_values_do_not_keep_a_dataset_from_the_index(create):
    long = "长" * 20_000
    package = create(
        **{
            **LEAST,
            "title": long,
            "provider_name": long,
            "url": f"http://example.org/{long}",
            "catalog_path": "甲\x0b\x1f乙\ufffe",
            "source_extra": {long: [long, {"键": long}]},
            "related_codes": [long],
            "data_items": [{"name_zh": f"项{number}" * 5} for number in range(5_000)],
            "resources": [
                {"url": f"http://example.org/{long}", "name": long, "format": long, "kind": "file"}
            ],
        }
    )
    assert call_action("package_search", fq=f"id:{package['id']}")["count"] == 1


@pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")
def test_a_dataset_is_found_by_division_above_and_by_its_items(create, full):
    create(**full)
    for query in (
        {"fq": 'vocab_cn_division:"370000"'},
        {"fq": 'vocab_cn_format:"api"'},
        {"q": "JGMC"},
        {"q": "业务系统"},
    ):
        assert call_action("package_search", **query)["count"] == 1, query
