"""The schema files hold the element set: fields, obligations, labels and code lists."""

from pathlib import Path

import pytest
import yaml

from ckanext.cn_govdata.schema import codes
from ckanext.cn_govdata.standards.fields import fields_on

SCHEMAS = Path(__file__).parents[2] / "schemas"
LANGUAGES = {"en", "zh_Hans_CN", "zh_Hant_TW"}


def load(name):
    return yaml.safe_load((SCHEMAS / name).read_text(encoding="utf-8"))


def by_name(fields):
    return {field.get("record_field", field["field_name"]): field for field in fields}


DATASET = load("dataset.yaml")
PRESETS = load("presets.yaml")["presets"]
DATASET_FIELDS = by_name(DATASET["dataset_fields"])
# Membership in groups is core's own; the theme groups follow `domain`.
PARTS = {
    "dataset": (DATASET_FIELDS, {"groups"}),
    "data_item": (by_name(DATASET_FIELDS["data_items"]["repeating_subfields"]), set()),
    "contact": (by_name(DATASET_FIELDS["contact"]["repeating_subfields"]), set()),
    "resource": (by_name(DATASET["resource_fields"]), set()),
    "organization": (by_name(load("organization.yaml")["fields"]), set()),
}
PARTS_AND_FIELDS = [
    (on, name) for on, (_, core) in PARTS.items() for name in fields_on(on) if name not in core
]


@pytest.mark.parametrize(("on", "name"), PARTS_AND_FIELDS)
def test_a_field_is_as_the_element_set_has_it(on, name):
    field, element = PARTS[on][0][name], fields_on(on)[name]
    assert field["label"]["en"] == element.label_en
    assert field["label"]["zh_Hans_CN"] == element.label_zh
    assert field["obligation"] == {
        level.value: str(what) for level, what in element.obligations.items()
    }
    if element.code_lists and element.kind in ("code", "code list") and name != "format":
        assert set(field["code_list"].split()) == set(element.code_lists)
    if element.choices:
        assert list(codes.labels(field["code_list"])) == list(element.choices)


def every_field():
    for file in ("dataset.yaml", "organization.yaml", "theme.yaml"):
        schema = load(file)
        for part in ("dataset_fields", "resource_fields", "fields"):
            for field in schema.get(part, ()):
                yield field
                yield from field.get("repeating_subfields", ())


def test_every_label_is_in_three_languages():
    for field in every_field():
        assert field["label"].keys() == LANGUAGES, field["field_name"]
    for section in DATASET["sections"]:
        assert section["label"].keys() == LANGUAGES


def test_every_field_of_the_dataset_form_is_explained_in_three_languages():
    hidden = {p["preset_name"] for p in PRESETS if p["values"].get("form_snippet", "") is None}
    for field in (*DATASET["dataset_fields"], *DATASET["resource_fields"]):
        if "form_snippet" in field and field["form_snippet"] is None:
            continue
        if field.get("preset") in hidden:
            continue
        for each in (field, *field.get("repeating_subfields", ())):
            assert each["help_text"].keys() == LANGUAGES, each["field_name"]
            assert all(each["help_text"].values())


def test_every_code_list_has_labels_in_three_languages():
    lists = {field["code_list"] for field in every_field() if "code_list" in field}
    for name in lists:
        for code, labels in codes.labels(name).items():
            assert labels.keys() == LANGUAGES, (name, code)
            assert all(labels.values())


def test_traditional_labels_are_traditional():
    assert codes.labels("open_domain_22")["2"]["zh_Hant_TW"] == "醫療衛生"


def test_no_obligation_is_a_required_of_scheming():
    assert not [field["field_name"] for field in every_field() if "required" in field]


def test_every_field_stands_in_a_section():
    known = {section["id"] for section in DATASET["sections"]}
    assert {field["section"] for field in DATASET["dataset_fields"]} == known
