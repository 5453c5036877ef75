"""Rules over the fields of a dataset that people write; harvested ones are never refused."""

import pytest
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.cn_govdata.schema import provenance
from ckanext.cn_govdata.schema.obligations import check

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")

LEAST = {
    "title": "医疗机构",
    "notes": "名单",
    "provider_name": "济南市卫生健康委员会",
    "division_code": "370100",
    "domain": "2",
    "open_attribute": "1",
    "frequency": "monthly",
}
FILE = {"url": "http://example.org/a.csv", "name": "a", "format": "csv", "kind": "file"}
# Made up and masked in the source: the repository holds no such number in one piece.
MOBILE = "139" + "1234" + "5678"
IDENTITY = "110105" + "19491231" + "002X"


def refused(call, *args, **kwargs):
    with pytest.raises(tk.ValidationError) as error:
        call(*args, **kwargs)
    return error.value.error_dict


def found(data, field):
    return [each for each in check(data, "county", draft=False) if each.field == field]


@pytest.mark.parametrize(
    ("data", "place", "message"),
    [
        ({"title": f"名单 {MOBILE}"}, ["title"], "Title holds a personal mobile number"),
        ({"notes": f"身份证号{IDENTITY}"}, ["notes"], "Abstract holds an identity number"),
        (
            {"contact": [{"name": "信息处", "phone": MOBILE}]},
            ["contact", 0, "phone"],
            "Contact 1, Office telephone holds a personal mobile number",
        ),
        (
            {"data_items": [{"name_zh": "甲"}, {"name_zh": "乙", "description": f"如 {MOBILE}"}]},
            ["data_items", 1, "description"],
            "Data items 2, Description holds a personal mobile number",
        ),
        (
            {"resources": [{**FILE, "description": f"电话 {MOBILE}"}]},
            ["resources", 0, "description"],
            "Resource 1, Description holds a personal mobile number",
        ),
        ({"tags": [{"name": f"电话{MOBILE}"}]}, ["tag_string"], "Keywords holds a personal mobile"),
    ],
)
def test_personal_numbers_are_refused_with_their_place(create, data, place, message):
    errors = refused(create, **{**LEAST, **data})
    assert set(errors) == {place[0]}
    for step in place:
        errors = errors[step]
    assert errors[0].startswith(message)
    assert MOBILE not in errors[0]
    assert IDENTITY not in errors[0]


def test_a_draft_holds_no_personal_number_either(create, jinan):
    context = {"user": create.editor, "allow_state_change": True}
    draft = {"state": "draft", "title": f"草稿 {MOBILE}", "owner_org": jinan}
    assert refused(call_action, "package_create", context, **draft).keys() == {"title"}


def test_rows_of_digits_that_are_no_personal_numbers_stay(create):
    created = create(
        **LEAST,
        resource_code=f"307139/{MOBILE}",
        record_count=int(MOBILE),
        contact=[{"name": "信息处", "phone": "0531-66601600"}],
        resources=[{**FILE, "url": f"http://example.org/{MOBILE}.csv"}],
    )
    assert created["record_count"] == int(MOBILE)


def test_harvested_datasets_are_not_refused_for_a_number(jinan):
    context = {"ignore_auth": True, "user": "", provenance.WRITER: True}
    data = {"title": f"名单 {MOBILE}", "name": "harvested", "owner_org": jinan}
    assert call_action("package_create", context, **data)["state"] == "active"


@pytest.mark.parametrize(
    ("written", "code", "level"),
    [
        ("济南市", "370100", "prefecture"),
        ("历下", "370102", "county"),
        ("平果县", "451082", "county"),
        ("南京市 鼓楼区", "320106", "county"),
        ("370102", "370102", "county"),
    ],
)
def test_a_division_may_be_named(create, written, code, level):
    created = create(**{**LEAST, "division_code": written})
    assert (created["division_code"], created["admin_level"]) == (code, level)


def test_an_ambiguous_name_is_refused_with_its_candidates(create):
    message = refused(create, **{**LEAST, "division_code": "鼓楼区"})["division_code"][0]
    assert message.startswith('Several divisions are named "鼓楼区" (GB/T 2260): ')
    assert "320106 江苏省 南京市 鼓楼区" in message
    assert "350102 福建省 福州市 鼓楼区" in message


def test_a_word_that_names_no_division_is_refused(create):
    message = refused(create, **{**LEAST, "division_code": "某市"})["division_code"][0]
    assert message == '"某市" is neither a code nor a name of GB/T 2260'


def test_a_withdrawn_division_is_refused_with_what_it_became(create):
    # 南市区 of Shanghai went into 黄浦区 in 2000.
    message = refused(create, **{**LEAST, "division_code": "310102"})["division_code"][0]
    assert "310102 上海市 南市区" in message
    assert "310101 上海市 黄浦区" in message
    then = create(**{**LEAST, "division_code": "310102", "issued": "1999-05-01"})
    assert then["division_code"] == "310102"


def test_the_temporal_coverage_does_not_end_before_it_begins(create):
    data = {"temporal_start": "2023-05", "temporal_end": "2022"}
    assert refused(create, **LEAST, **data).keys() == {"temporal_end"}
    assert create(**LEAST, temporal_start="2023-05", temporal_end="2023")["state"] == "active"


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"modified": "2022-12-31", "issued": "2023-01-01"}, "modified"),
        ({"resource_code": "X-1"}, "resource_code"),
        ({"provider_uscc": "11100000MB0341032X"}, "provider_uscc"),
    ],
)
def test_soft_rules_are_findings(data, field):
    (finding,) = found(data, field)
    assert not finding.is_error


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"modified": "2023-01", "issued": "2023-01-01"}, "modified"),
        ({"resource_code": "307370100/000123"}, "resource_code"),
        ({"provider_uscc": "11100000MB0341032Y"}, "provider_uscc"),
        ({"division_code": "370100", "issued": "2023-01-01"}, "division_code"),
    ],
)
def test_what_is_right_is_no_finding(data, field):
    assert not [
        each for each in found({**LEAST, **data}, field) if "recommended" not in each.message
    ]


def test_a_refused_credit_code_and_code_name_rule_and_standard(create):
    wrong = {**LEAST, "provider_uscc": "11100000MB0341032X", "frequency": "often"}
    errors = refused(create, **wrong)
    assert "GB 32100" in errors["provider_uscc"][0]
    assert errors["frequency"] == [
        '"often" is not a code of Update frequency (list update_frequency; 1272-14)'
    ]
