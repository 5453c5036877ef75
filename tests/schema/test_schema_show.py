"""The schemas as programs read them: fields, and a JSON Schema that judges as CKAN does."""

import json
from copy import deepcopy

import pytest
from ckan import model
from ckan.lib.plugins import lookup_package_plugin, plugin_validate
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from jsonschema import Draft202012Validator

from ckanext.cn_govdata.schema import codes, organizations
from ckanext.cn_govdata.schema.describe import LEVELS, TYPES
from ckanext.cn_govdata.schema.package import to_package
from ckanext.cn_govdata.standards.fields import fields_on
from tests.store import sample

from .conftest import FULL, RESOURCES, TAGS
from .test_api_examples import EXAMPLES
from .test_api_examples import LEVELS as LEVEL_OF

pytestmark = pytest.mark.usefixtures("with_plugins")

ACTION = "/api/3/action/cn_govdata_schema_show"
# Set on create; what tests of the API leave out.
FILLED = {"name", "identifier", "issued", "admin_level"}
OWNERS = {level: name for name, level in LEVEL_OF.items()}
FULL_DATASET = {**FULL, "owner_org": "cn-370100", "tags": [{"name": tag} for tag in TAGS]}
FULL_DATASET["resources"] = RESOURCES


def judge(level, type_="dataset"):
    shown = call_action("cn_govdata_schema_show", type=type_, level=level, format="json-schema")
    return Draft202012Validator(json.loads(json.dumps(shown)))


def by_name(fields):
    return {field["name"]: field for field in fields}


@pytest.mark.smoke
def test_anyone_reads_fields_over_http(app):
    found = app.get(ACTION).json["result"]
    fields = by_name(found["fields"])
    assert fields.keys() | {"groups"} == fields_on("dataset").keys()
    assert by_name(found["resource_fields"]).keys() >= fields_on("resource").keys()
    share = fields["share_condition"]
    assert share["label"] == {"en": "Sharing conditions", "zh_Hans_CN": "共享条件"} | {
        "zh_Hant_TW": "共享條件"
    }
    assert share["obligations"] == dict(zip(LEVELS, "CCCO", strict=True))
    assert share["applies_when"] == {"share_type": ["2", "3"]}
    assert share["standard"] == "1272-10"
    assert [each["code"] for each in fields["open_attribute"]["codes"]] == ["1", "2", "3"]
    assert fields["open_attribute"]["code_lists"] == ["open_attribute"]
    assert fields["industry"]["code_lists"] == ["gbt4754_2017_section", "gbt4754_2017_division"]
    assert {name for name, field in fields.items() if field["filled"] or field["derived_from"]} == (
        FILLED
    )
    assert [each["name"] for each in fields["contact"]["subfields"]] == ["name", "phone", "email"]
    assert (fields["tags"]["form_name"], fields["tags"]["kind"]) == ("tag_string", "tags")
    assert fields["electronic_certificate"]["codes"] is None
    assert {field["section"] for field in fields.values()} == {
        section["id"] for section in found["sections"]
    }


def test_a_level_names_its_own_obligation():
    found = by_name(call_action("cn_govdata_schema_show", level="county")["fields"])
    for name, element in fields_on("dataset").items():
        if name != "groups":
            assert found[name]["obligation"] == str(element.obligations["county"])


def test_the_json_schema_is_one():
    for type_ in TYPES:
        for level in LEVELS:
            Draft202012Validator.check_schema(judge(level, type_).schema)


def test_without_a_level_it_is_that_of_a_county():
    assert judge(None).schema == judge("county").schema


def test_an_unknown_parameter_is_refused(app):
    for name, value in (("type", "x"), ("level", "village"), ("format", "xml")):
        answer = app.get(ACTION, params={name: value}, status=409).json
        assert answer["error"].keys() - {"__type"} == {name}


def test_titles_are_in_the_language_of_the_request(app):
    path = "/zh_Hant_TW" + ACTION
    found = app.get(path, params={"format": "json-schema"}).json["result"]
    assert found["properties"]["open_attribute"]["title"] == "開放屬性"
    choices = found["properties"]["open_attribute"]["oneOf"]
    assert choices[0]["title"] == codes.labels("open_attribute")["1"]["zh_Hant_TW"]


def test_the_documented_examples_fit_their_level():
    for owner, level in LEVEL_OF.items():
        judge(level).validate(EXAMPLES[owner])


def test_the_full_dataset_fits_every_level():
    for level in LEVELS:
        judge(level).validate(FULL_DATASET)


def test_an_error_names_the_place_inside_a_part():
    wrong = {**FULL_DATASET, "data_items": [{"name_zh": "甲", "data_type": "X"}]}
    (error,) = judge("county").iter_errors(wrong)
    assert list(error.absolute_path) == ["data_items", 0, "data_type"]


def test_what_is_empty_is_as_good_as_left_out():
    example = EXAMPLES["cn-430102"]
    empty = {"record_count": None, "industry": "", "modified": "", "related_codes": [], "url": None}
    judge("county").validate({**example, **empty})
    for value in (None, ""):
        assert not judge("county").is_valid({**example, "title": value})


def test_required_is_what_a_level_makes_mandatory():
    for level in LEVELS:
        schema = judge(level).schema
        always = {
            name
            for name, field in fields_on("dataset").items()
            if str(field.obligations[level]) == "M"
        }
        assert set(schema["required"]) == always - FILLED - {"data_items"}
    assert judge("county", "organization").schema["required"] == ["name", "division_code"]
    assert judge("county", "theme").schema["required"] == ["name"]


def test_every_division_of_today_fits_and_others_do_not():
    fits = Draft202012Validator(judge("county").schema["properties"]["division_code"])
    assert all(fits.is_valid(code) for code in organizations.below("100000"))
    assert not any(fits.is_valid(code) for code in ("990000", "37010", "3701000", "", None))


PARTS = ("resources", "data_items", "contact")


def errors_of(found):
    """Where JSON Schema found something missing, empty or of a wrong kind: paths of fields."""
    for error in found:
        path = tuple(error.absolute_path)
        if error.validator == "required":
            missing = [name for name in error.validator_value if name not in error.instance]
            yield from ((*path, name) for name in missing)
        else:
            # CKAN reports a list of codes as a whole.
            yield path if path[0] in PARTS else path[:1]


def refused_by_json_schema(package, level):
    return set(errors_of(JUDGES[level].iter_errors(package)))


JUDGES = {}


def leaves(errors, path=()):
    for key, value in errors.items() if isinstance(errors, dict) else enumerate(errors):
        if value and isinstance(value, (list, dict)) and not isinstance(value, str):
            if isinstance(value, list) and isinstance(value[0], str):
                yield (*path, key)
            else:
                yield from leaves(value, (*path, key))


def refused_by_ckan(package):
    plugin = lookup_package_plugin("dataset")
    context = {"ignore_auth": True, "user": "", "model": model, "session": model.Session}
    sent = {"type": "dataset", **deepcopy(package)}
    schema = plugin.create_package_schema()
    _, errors = plugin_validate(plugin, context, sent, schema, "package_create")
    # An empty table is reported at its first cell.
    empty = not package.get("data_items")
    return {
        ("data_items",) if path[0] == "data_items" and empty else path for path in leaves(errors)
    }


def corrupted(package, n):
    """The n-th way in which a program errs, the rest as it is."""
    ways = (
        {},
        {"frequency": "often"},
        {"domain": "99"},
        {"open_attribute": "2", "open_condition": ""},
        {"share_type": "2", "share_condition": None},
        {"share_type": "3", "share_condition": "法律", "open_attribute": "1"},
        {"format_category": "3", "data_items": []},
        {"data_items": [{"name_zh": "甲", "data_type": "X"}, {"name_en": "B"}]},
        {"title": ""},
        {"catalog_tags": ["7", "nothing"]},
        {"resources": [{"url": "http://example.org/a", "name": "a", "kind": "pile"}]},
        {"resources": [{"url": "http://example.org/a.csv", "name": "a"}, {"format": "csv"}]},
        {"license_id": "a licence of our own", "industry": "ZZ"},
    )
    return {**package, **ways[n % len(ways)]}


def items_of_example(level):
    """Items with types, which a province asks and the records do not have."""
    example = EXAMPLES[OWNERS[level]]
    return {"data_items": example["data_items"]} if "data_items" in example else {}


def packages(level):
    """Real records, every other completed to what the level asks, some with a mistake."""
    for n, item in enumerate(sample.items(104)):
        record = {
            name: value
            for name, value in item.record.as_dict().items()
            if value not in (None, "", [], (), {}) and name not in {"name", "groups"}
        }
        package = to_package(record, owner_org=OWNERS[level], package_id=item.source_id)
        package.pop("id")
        if n % 2:
            package = {**EXAMPLES[OWNERS[level]], **package}
            package.pop("data_items", None)
            package.update(items_of_example(level))
        yield json.loads(json.dumps(corrupted(package, n // 2)))


@pytest.mark.parametrize("level", ["prefecture", "province"])
def test_real_records_are_judged_as_ckan_judges_them(clean_db, level):
    for name in LEVEL_OF:
        organizations.ensure(name.removeprefix("cn-"))
    JUDGES[level] = judge(level)
    accepted = refused = 0
    for package in packages(level):
        expected = refused_by_ckan(package)
        assert refused_by_json_schema(package, level) == expected, package
        accepted, refused = accepted + (not expected), refused + bool(expected)
    assert accepted + refused == 104
    assert min(accepted, refused) >= 4


def test_of_an_upload_no_kind_is_asked(clean_db):
    for url, kind, format_, asked in (
        ("http://example.org/a.csv", "", "", {"kind"}),
        ("http://example.org/A.CSV", "file", "", set()),
        ("http://example.org/a", "", "", {"kind"}),
        ("http://example.org/a", "file", "", {"format"}),
        ("http://example.org/a", "table", "", set()),
        ("http://example.org/a", "file", "csv", set()),
    ):
        stated = {"url": url, "name": "a", "kind": kind, "format": format_}
        resource = {name: value for name, value in stated.items() if value}
        package = {**EXAMPLES["cn-430102"], "resources": [resource]}
        organizations.ensure("430102")
        JUDGES["county"] = judge("county")
        expected = {("resources", 0, name) for name in asked}
        assert refused_by_json_schema(package, "county") == refused_by_ckan(package) == expected
        resource["url_type"] = "upload"
        assert ("resources", 0, "kind") not in refused_by_json_schema(package, "county")


def test_a_caller_without_rights_may_read(app):
    for action in ("cn_govdata_schema_show", "cn_govdata_vocabulary_list"):
        assert tk.check_access(action, {"user": "", "ignore_auth": False}, {})


def test_the_command_prints_fields_and_json_schema(cli):
    from ckanext.cn_govdata.cli import cn_govdata

    def run(*words):
        result = cli.invoke(cn_govdata, ("schema", "show", *words))
        assert result.exit_code == 0, result.output
        return result.stdout

    assert json.loads(run("--json")) == call_action("cn_govdata_schema_show")
    county = json.loads(run("--json-schema", "--level", "county"))
    assert county == judge("county").schema
    assert "open_attribute" in run("--level", "county")
    assert "uscc" in run("--type", "organization")
    assert cli.invoke(cn_govdata, ("schema", "show", "--level", "village")).exit_code == 2
