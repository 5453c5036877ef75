"""Organisations of the division tree."""

import pytest
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action
from click.testing import CliRunner

from ckanext.cn_govdata.cli import cn_govdata
from ckanext.cn_govdata.schema import organizations

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


def show(code):
    return call_action(
        "organization_show", id=organizations.organization_name(code), include_users=True
    )


@pytest.mark.smoke
def test_an_organisation_stands_below_those_above_it():
    city = organizations.ensure("370100")
    assert organizations.ensure("370100") == city
    shown = show("370100")
    assert (shown["title"], shown["division_code"], shown["admin_level"]) == (
        "济南市",
        "370100",
        "prefecture",
    )
    assert [group["name"] for group in shown["groups"]] == ["cn-370000"]
    assert [group["name"] for group in show("370000")["groups"]] == ["cn-100000"]
    above = model.Group.get(city).get_parent_group_hierarchy(type="organization")
    assert [group.name for group in above] == ["cn-100000", "cn-370000"]


def test_nobody_is_a_member():
    organizations.ensure("110000")
    assert show("110000")["users"] == show("100000")["users"] == []


def test_an_unknown_code_is_named():
    with pytest.raises(ValueError, match="999999"):
        organizations.ensure("999999")


def test_a_deleted_organisation_comes_back():
    organization = organizations.ensure("110000")
    call_action("organization_delete", id=organization)
    assert organizations.ensure("110000") == organization
    assert show("110000")["state"] == "active"


def test_an_organisation_cannot_be_its_own_parent():
    organizations.ensure("370100")
    with pytest.raises(tk.ValidationError):
        call_action("organization_patch", id="cn-370000", parent="cn-370100")


def test_the_command(cli):
    words = ["organizations", "create", "--division", "460300", "--below"]
    result = cli.invoke(cn_govdata, words)
    assert result.exit_code == 0, result.output
    assert show("460300")["title"] == "三沙市"
    assert "22 theme groups were created" in result.output
    assert call_action("group_show", id="theme-1")["title"] == "信用服务"
    assert "0 theme groups were created" in cli.invoke(cn_govdata, words).output


def test_the_command_names_a_wrong_code():
    result = CliRunner().invoke(cn_govdata, ["organizations", "create", "--division", "1"])
    assert result.exit_code == 2
    assert "1 is not a code of GB/T 2260" in result.output
