"""The examples of docs/schemas.md, sent as a program sends them: by ckanapi over HTTP."""

import json
import re
from pathlib import Path

import pytest
from ckan.tests.helpers import call_action
from ckanapi import TestAppCKAN, ValidationError

from ckanext.cn_govdata.schema import organizations

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")

DOCS = (Path(__file__).parents[2] / "docs" / "schemas.md").read_text(encoding="utf-8")
EXAMPLES = {
    example["owner_org"]: example
    for example in map(json.loads, re.findall(r"```json\n(.*?)```", DOCS, re.DOTALL))
}
LEVELS = {
    "cn-100000": "national",
    "cn-430000": "province",
    "cn-430100": "prefecture",
    "cn-430102": "county",
}


@pytest.fixture
def portal(app, create):
    """The API as an editor of all organisations of the examples calls it."""
    for name in LEVELS:
        organization = organizations.ensure(name.removeprefix("cn-"))
        call_action(
            "member_create",
            id=organization,
            object=create.editor,
            object_type="user",
            capacity="editor",
        )
    token = call_action("api_token_create", {"user": create.editor}, user=create.editor, name="t")
    return TestAppCKAN(app, apikey=token["token"])


def test_there_is_an_example_for_each_level():
    assert EXAMPLES.keys() == LEVELS.keys()


@pytest.mark.parametrize("name", LEVELS)
def test_the_example_of_a_level_is_all_that_the_level_asks(portal, name):
    created = portal.action.package_create(**EXAMPLES[name])
    assert (created["state"], created["admin_level"]) == ("active", LEVELS[name])


@pytest.mark.parametrize("name", LEVELS)
@pytest.mark.parametrize("field", ["provider_name", "frequency", "open_attribute"])
def test_an_example_without_a_mandatory_field_is_refused(portal, name, field):
    example = {key: value for key, value in EXAMPLES[name].items() if key != field}
    with pytest.raises(ValidationError) as error:
        portal.action.package_create(**example)
    assert error.value.error_dict.keys() - {"__type"} == {field}


def test_the_example_of_a_county_is_too_little_for_a_province(portal):
    example = {**EXAMPLES["cn-430102"], "owner_org": "cn-430000"}
    with pytest.raises(ValidationError) as error:
        portal.action.package_create(**example)
    assert {"resource_code", "provider_uscc", "share_type"} <= error.value.error_dict.keys()


def test_errors_are_in_the_language_of_the_request(app, portal):
    path = "/zh_Hans_CN/api/action/package_create"
    example = {key: value for key, value in EXAMPLES["cn-430000"].items() if key != "provider_name"}
    answer = app.post(path, json=example, headers={"Authorization": portal.apikey})
    assert answer.status_code == 409
    (message,) = json.loads(answer.body)["error"]["provider_name"]
    assert "信息资源提供方" in message
    assert "1272-4" in message
