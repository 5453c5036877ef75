"""Personal numbers in every kind of text of a dataset, and rows of digits that are none."""

from datetime import UTC, datetime

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.cn_govdata.schema.personal import violations

from .test_rules import FILE, IDENTITY, LEAST, MOBILE, refused

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")

NUMBERS = (MOBILE, IDENTITY)
OFFICE = (
    "0531-66601600",
    "(0551)62999888",
    "400-800-1234",
    "12345",
    "010-12345678-8001",
    "+86 10 8888 7777",
)
OTHER_DIGITS = (
    "11100000MB0341032Y",  # a credit code
    "911101085923662400",  # a credit code of digits alone
    "307370100/000123",  # a resource code
    f"2023{MOBILE}",  # an order number that holds the digits of a mobile number
    f"{MOBILE}0001",
    f"DD{MOBILE}20230616",
    "2023-06-16 09:15:00",
    "117.120000,36.650000",
    "20230616091500123",
    f"http://data.example.gov.cn/file/{MOBILE}.csv",
    "01234567890",
)


def places(text):
    """A dataset with the text in one place, for each place that a person may write into."""
    return {
        ("title",): {"title": text},
        ("notes",): {"notes": text},
        ("provider_unit",): {"provider_unit": text},
        ("frequency_text",): {"frequency_text": text},
        ("tag_string",): {"tags": [{"name": "名单"}, {"name": f"电话{text}"}]},
        ("contact", 0, "name"): {"contact": [{"name": text}]},
        ("data_items", 0, "name_zh"): {"data_items": [{"name_zh": text}]},
        ("data_items", 0, "name_en"): {"data_items": [{"name_zh": "甲", "name_en": text}]},
        ("resources", 0, "name"): {"resources": [{**FILE, "name": text}]},
        ("resources", 0, "description"): {"resources": [{**FILE, "description": text}]},
        ("source_extra",): {"source_extra": {"说明": {"备注": ["甲", text]}}},
    }


def paths(errors, path=()):
    if isinstance(errors, dict):
        return {found for key, part in errors.items() for found in paths(part, (*path, key))}
    if errors and not isinstance(errors[0], str):
        return {found for n, part in enumerate(errors) for found in paths(part, (*path, n))}
    return {path} if errors else set()


@pytest.mark.parametrize("number", NUMBERS, ids=("mobile", "identity"))
def test_a_number_is_refused_wherever_it_stands(create, number):
    for place, data in places(number).items():
        errors = refused(create, **{**LEAST, **data})
        assert paths(errors) == {place}
        assert number not in str(errors)


def test_the_key_of_unmapped_metadata_is_text_too(create):
    for extra in ({MOBILE: "甲"}, {"电话": int(MOBILE)}, {"人": [{"证件": IDENTITY}]}):
        assert paths(refused(create, **LEAST, source_extra=extra)) == {("source_extra",)}


def test_numbers_of_offices_and_other_digits_are_no_personal_numbers(with_plugins):
    for text in (*OFFICE, *OTHER_DIGITS):
        for data in places(text).values():
            assert not violations({**LEAST, **data}), data


def test_a_dataset_of_such_digits_is_stored_as_written(create):
    text = "；".join((*OFFICE, *OTHER_DIGITS))
    made = create(**{**LEAST, "notes": text}, source_extra={"编号": OTHER_DIGITS[3], "数": 139})
    assert made["notes"] == text
    assert made["source_extra"] == {"编号": OTHER_DIGITS[3], "数": 139}


def with_stored(create, place, text):
    """A dataset that got a number before the rule: the text is put into the database."""
    created = create(**LEAST, resources=[FILE], source_extra={"说明": "甲"})
    package = model.Package.get(created["id"])
    if place == "title":
        package.title = text
    elif place == "resource":
        package.resources_all[0].name = text
    elif tk.check_ckan_version(min_version="2.12"):
        package.extras = {**package.extras, "source_extra": f'{{"说明": "{text}"}}'}
    else:
        package.extras["source_extra"] = f'{{"说明": "{text}"}}'
    # CKAN shows the indexed dataset until this changes.
    package.metadata_modified = datetime.now(UTC).replace(tzinfo=None)
    model.Session.commit()
    return created["id"]


@pytest.mark.parametrize("place", ["title", "resource", "source_extra"])
def test_an_update_refuses_only_what_is_new(create, place):
    id_ = with_stored(create, place, f"电话 {MOBILE}")
    editor = {"user": create.editor}
    assert MOBILE in str(call_action("package_show", id=id_))
    patched = call_action("package_patch", dict(editor), id=id_, provider_unit="信息处")
    assert patched["provider_unit"] == "信息处"
    errors = refused(call_action, "package_patch", dict(editor), id=id_, notes=f"电话 {MOBILE}")
    assert paths(errors) == {("notes",)}
