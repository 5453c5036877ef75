"""The field list."""

import pytest

from ckanext.cn_govdata.crawl import record
from ckanext.cn_govdata.standards import fields
from ckanext.cn_govdata.standards.codelists import codelist
from ckanext.cn_govdata.standards.divisions import Level
from ckanext.cn_govdata.standards.fields import Obligation


def test_fields_are_typed():
    domain = fields.fields_on("dataset")["domain"]
    assert domain.label_zh == "主题领域"
    assert domain.code_lists == ("open_domain_22",)
    assert domain.obligations[Level.PROVINCE] is Obligation.MANDATORY
    assert domain.obligations[Level.COUNTY] is Obligation.RECOMMENDED
    assert domain.dcat.startswith("dcat:theme")


def test_two_lists_choices_and_crosswalk():
    dataset, resource = fields.fields_on("dataset"), fields.fields_on("resource")
    assert dataset["industry"].code_lists == ("gbt4754_2017_section", "gbt4754_2017_division")
    assert dataset["admin_level"].choices == tuple(level.value for level in Level)
    assert dataset["division_code"].code_lists == ()
    assert resource["format"].code_lists == ("format_crosswalk",)
    assert resource["kind"].choices == ("file", "table", "api", "link", "map")


def test_every_coded_field_has_its_list():
    for field in fields.fields():
        assert all(len(codelist(name)) for name in field.code_lists)
        if field.kind in ("code", "code list") and field.name not in ("portal_id", "admin_level"):
            assert field.code_lists or field.choices, field.name


def test_names_are_unique_on_what_carries_them():
    keys = [(field.on, field.name) for field in fields.fields()]
    assert len(keys) == len(set(keys)) == 82


def test_unknown_carrier():
    with pytest.raises(KeyError, match="teapot"):
        fields.fields_on("teapot")


@pytest.mark.parametrize(
    ("on", "type_"),
    [
        ("dataset", record.Record),
        ("data_item", record.DataItem),
        ("contact", record.Contact),
        ("resource", record.Resource),
    ],
)
def test_the_neutral_record_speaks_of_the_same_fields(on, type_):
    own = {"name", "resources", "owner_org"}
    names = set(type_.__dataclass_fields__) - own
    assert names <= set(fields.fields_on(on))
    assert set(fields.fields_on(on)) - own <= names
