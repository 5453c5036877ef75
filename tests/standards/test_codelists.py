"""The data files as such: complete, of one shape, free of contradictions."""

import re

import pytest

from ckanext.cn_govdata.standards import codelists, resources
from ckanext.cn_govdata.standards.divisions import Level
from ckanext.cn_govdata.standards.folding import fold
from ckanext.cn_govdata.standards.word_tables import build, portal_table

SYNONYMS = ("frequency", "domain", "industry", "item_data_type", "format")


@pytest.mark.parametrize("name", codelists.codelist_names())
def test_every_list_loads_with_labels_and_source(name):
    found = codelists.codelist(name)
    assert len(found) > 0
    for concept in found.values():
        assert concept.code
        assert concept.label_zh
        assert concept.label_en
        assert concept.source


@pytest.mark.parametrize("name", codelists.codelist_names())
def test_codes_are_unique_in_the_file(name):
    rows = list(resources.rows(f"codelists/{name}.csv"))
    keys = {(row.get("portal_key"), row["code"]) for row in rows}
    assert len(keys) == len(rows) == len(codelists.codelist(name))


def test_all_lists_of_the_standards_are_there():
    sizes = {name: len(codelists.codelist(name)) for name in codelists.codelist_names()}
    assert sizes["open_domain_22"] == 22
    assert sizes["gbt4754_2017_section"] == 20
    assert sizes["gbt4754_2017_division"] == 97
    assert sizes["update_frequency"] == 15
    assert sizes["national_data_domain"] == 27
    assert sizes["nbs_only_codes"] == 133
    assert sizes["gbt2260_province"] == 34


def test_a_list_is_a_mapping_in_file_order():
    found = codelists.codelist("open_attribute")
    assert list(found) == ["1", "2", "3"]
    assert found["2"].label_zh == "有条件开放"
    assert found["2"].extra["eu_access_right"] == "RESTRICTED"
    assert found.get("9") is None
    with pytest.raises(TypeError):
        found["2"].extra["new"] = "value"


def test_portal_tables_are_keyed_by_portal_and_code():
    found = codelists.codelist("update_frequency_portals")
    assert found["shaoxing/1"].extra["canonical"] == "daily"
    assert found["guangzhou/1"].extra["canonical"] == "irregular"
    assert found["guangzhou/1"].code == "1"


def test_an_unknown_list_is_named():
    with pytest.raises(KeyError, match="no_such_list"):
        codelists.codelist("no_such_list")


def test_levels_have_one_vocabulary():
    levels = [level.value for level in Level]
    assert list(codelists.codelist("admin_level"))[: len(levels)] == levels
    assert {c.extra["level"] for c in codelists.codelist("division_unit_type").values()} <= set(
        levels
    )


def test_crosswalks_lead_to_listed_codes():
    def targets(name, column):
        return {c.extra[column] for c in codelists.codelist(name).values()} - {""}

    pairs = [
        ("update_frequency", "eu_frequency", "eu_frequency"),
        ("update_frequency_portals", "canonical", "update_frequency"),
        ("open_attribute_portal_codes", "canonical", "open_attribute"),
        ("open_attribute_portal_variants", "canonical", "open_attribute"),
        ("open_attribute", "eu_access_right", "eu_access_right"),
        ("format_crosswalk", "eu_file_type", "eu_file_type"),
        ("gbt4754_2017_division", "section", "gbt4754_2017_section"),
        ("national_data_level", "admin_level", "admin_level"),
    ]
    for name, column, target in pairs:
        assert targets(name, column) <= set(codelists.codelist(target)), (name, column)
    themes = {
        part for cell in targets("open_domain_22", "eu_data_theme") for part in cell.split("|")
    }
    assert themes <= set(codelists.codelist("eu_data_theme"))


@pytest.mark.parametrize("name", SYNONYMS)
def test_synonyms_have_evidence_and_add_something(name):
    rows = list(resources.rows(f"{name}_synonyms.csv"))
    assert all(row["word"] and row["evidence"] for row in rows)
    assert len({fold(row["word"]) for row in rows}) == len(rows)


def test_no_resource_names_a_path():
    texts = [entry.read_text("utf-8") for entry in _files(resources.DATA)]
    assert texts
    assert not [text for text in texts if re.search(r"(?<![\w./-])/(work|tmp|root|home)\b", text)]


def test_a_word_with_two_meanings_is_refused():
    with pytest.raises(ValueError, match="leads to"):
        build([("每年", "yearly"), ("每 年", "monthly")])


def test_a_portal_without_table_is_an_error():
    with pytest.raises(KeyError, match="atlantis"):
        portal_table("update_frequency_portals", "atlantis")


def _files(folder):
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _files(entry)
        elif entry.name.endswith((".csv", ".md")):
            yield entry
