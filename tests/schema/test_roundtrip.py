"""Every field of the element set is stored and comes back equal, on the releases supported."""

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.cn_govdata.standards.fields import fields_on

from .conftest import FULL, RESOURCES, TAGS

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


@pytest.mark.smoke
def test_every_field_comes_back_equal(create, full):
    created = create(**full)
    shown = call_action("package_show", id=created["id"])
    for package in (created, shown):
        assert {name: package.get(name) for name in FULL} == FULL
        assert sorted(tag["name"] for tag in package["tags"]) == sorted(TAGS)
        assert [group["name"] for group in package["groups"]] == ["theme-2"]
        assert package["admin_level"] == "prefecture"
        assert package["identifier"] == f"cn-govdata-test:{created['id']}"
        for stored, given in zip(package["resources"], RESOURCES, strict=True):
            assert {name: stored.get(name) for name in given} == given
    assert not shown.get("extras")


def test_the_full_dataset_is_full():
    derived = {"admin_level", "identifier", "name", "owner_org", "groups", "tags"}
    assert FULL.keys() | derived == fields_on("dataset").keys()
    assert RESOURCES[0].keys() == fields_on("resource").keys()


@pytest.mark.smoke
def test_a_patch_leaves_the_rest_as_it_was(create, full):
    created = create(**full)
    call_action("package_patch", {"user": create.editor}, id=created["id"], title="新名称")
    shown = call_action("package_show", id=created["id"])
    assert {name: shown.get(name) for name in FULL} == {**FULL, "title": "新名称"}
    assert shown["identifier"] == created["identifier"]


def test_what_a_form_does_not_show_stays(create, full):
    created = create(**full)
    form = {
        name: value for name, value in full.items() if not name.startswith(("source_", "portal_"))
    }
    call_action("package_update", {"user": create.editor}, id=created["id"], **form)
    shown = call_action("package_show", id=created["id"])
    assert {name: shown.get(name) for name in FULL} == FULL


def test_empty_values_are_not_stored(create, full):
    empty = {"open_condition": "", "related_codes": [], "source_views": None, "data_volume": ""}
    created = create(**{**full, **empty, "open_attribute": "1"})
    assert not empty.keys() & created.keys()


def test_the_forms_of_a_value(create, full):
    created = create(
        **{
            **full,
            "issued": "2023年6月16日",
            "record_count": "12",
            "electronic_certificate": "True",
            "catalog_tags": '["25", "7"]',
            "application_scene": "2",
            "source_extra": '{"甲": 1}',
            "domain": 2,
        }
    )
    assert created["issued"] == "2023-06-16"
    assert created["record_count"] == 12
    assert created["electronic_certificate"] is True
    assert created["catalog_tags"] == ["7", "25"]
    assert created["application_scene"] == ["2"]
    assert created["source_extra"] == {"甲": 1}
    assert created["domain"] == "2"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("domain", "99"),
        ("catalog_tags", ["7", "nothing"]),
        ("division_code", "999999"),
        ("issued", "昨天"),
        ("record_count", "-1"),
        ("record_count", "many"),
        ("electronic_certificate", "maybe"),
        ("terms_url", "javascript:alert(1)"),
        ("provider_uscc", "11100000MB0341032X"),
        ("source_extra", "[1]"),
    ],
)
def test_a_wrong_value_is_refused_by_field(create, full, field, value):
    with pytest.raises(tk.ValidationError) as refused:
        create(**{**full, field: value})
    assert set(refused.value.error_dict) == {field}


def test_the_identifier_never_changes(create, full):
    created = create(**full)
    with pytest.raises(tk.ValidationError) as refused:
        call_action("package_patch", id=created["id"], identifier="another")
    assert set(refused.value.error_dict) == {"identifier"}


def test_a_name_is_not_needed(create, full):
    name = create(**full)["name"]
    assert name.isascii()
    assert name.startswith("dataset-")


def test_the_level_follows_the_division(create, full):
    created = create(**{**full, "division_code": "370102", "admin_level": "national"})
    assert created["admin_level"] == "county"


def test_nothing_the_database_cannot_hold(create, full):
    created = create(**{**full, "title": "甲\x00乙\x0b", "source_extra": {"键": "值\ud800\x00"}})
    assert created["title"] == "甲乙"
    assert created["source_extra"]["键"].startswith("值")
