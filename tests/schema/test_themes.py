"""Theme groups follow the domain; other groups stay."""

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.cn_govdata.schema import provenance, themes
from ckanext.cn_govdata.schema.package import to_package

from .test_obligations import LEAST

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")


def groups(package):
    return {group["name"] for group in call_action("package_show", id=package["id"])["groups"]}


def test_the_theme_groups_are_created_once(clean_db):
    assert themes.ensure() == 22
    assert themes.ensure() == 0
    theme = call_action("group_show", id="theme-10", include_users=True)
    assert (theme["type"], theme["title"], theme["domain"], theme["users"]) == (
        "theme",
        "生态环境",
        "10",
        [],
    )


@pytest.mark.smoke
def test_membership_follows_the_domain(create):
    package = create(**LEAST)
    assert groups(package) == {"theme-2"}
    call_action("package_patch", {"user": create.editor}, id=package["id"], domain="10")
    assert groups(package) == {"theme-10"}
    indexed = call_action("package_search", fq='vocab_cn_domain:"10"')
    assert indexed["count"] == 1


def test_other_groups_stay(create):
    with model.ensure_engine().begin() as connection:
        group = {"id": "focus", "name": "focus", "type": "group", "state": "active"}
        connection.execute(sa.insert(model.group_table).values(is_organization=False, **group))
    package = create(**LEAST)
    membership = {"object": package["id"], "object_type": "package", "capacity": "public"}
    call_action("member_create", id="focus", **membership)
    call_action("package_patch", {"user": create.editor}, id=package["id"], domain="10")
    assert groups(package) == {"focus", "theme-10"}


def test_a_harvested_dataset_may_have_several_themes(jinan):
    record = {
        "title": "甲",
        "name": "several",
        "domain": "2",
        "groups": ["2", "10"],
        "tags": ["医疗"],
    }
    data = to_package(record, owner_org=jinan, package_id="11111111-2222-3333-4444-555555555555")
    context = {"ignore_auth": True, "user": "", provenance.WRITER: True}
    created = call_action("package_create", context, **data)
    assert groups(created) == {"theme-2", "theme-10"}
