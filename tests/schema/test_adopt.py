"""Older datasets with free extras: what is certain becomes a field, all else stays."""

import json
from datetime import timedelta

import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.cn_govdata.cli import cn_govdata
from ckanext.cn_govdata.schema import adopt
from ckanext.cn_govdata.schema.site_user import as_site_user

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")

EXTRAS = {
    "来源部门": "济南市城市管理局",
    "更新频率": "每月",
    "重点领域": "交通运输",
    "开放类型": "看情况",
    "发布日期": "2022年3月25日",
    "部门电话": "0531-66601600",
    "内部编号": "A-17",
}


@pytest.fixture
def old(jinan):
    """A dataset as it was before the suite: no field of ours filled, all in extras."""
    extras = [{"key": key, "value": value} for key, value in EXTRAS.items()]
    stated = {"owner_org": jinan, "title": "停车场", "extras": extras}
    created = call_action("package_create", state="draft", **stated)
    row = model.Package.get(created["id"])
    # A new moment, or CKAN shows the document of the draft.
    row.state, row.metadata_modified = "active", row.metadata_modified + timedelta(seconds=1)
    model.Session.commit()
    return created["id"]


def show(package_id):
    model.Session.expire_all()
    return call_action("package_show", {"use_cache": False}, id=package_id)


def test_a_dry_run_tells_and_writes_nothing(old, cli):
    before = show(old)
    result = cli.invoke(cn_govdata, ["adopt", "--dry-run", "--json"])
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout[result.stdout.index("{") :])
    assert (report["datasets"], report["adopted"], report["refused"]) == (1, 1, {})
    filled = {"provider_name", "frequency", "frequency_text", "domain", "domain_text", "contact"}
    assert filled <= report["fields"].keys()
    assert report["unknown"]["内部编号"] == 1
    assert show(old) == before


def test_what_is_certain_becomes_a_field_and_the_extras_stay(old):
    assert adopt.run(dry_run=False).adopted == 1
    found = show(old)
    assert (found["provider_name"], found["frequency"]) == ("济南市城市管理局", "monthly")
    assert (found["domain"], found["domain_text"]) == ("6", "交通运输")
    assert found["contact"] == [{"phone": "0531-66601600"}]
    # No code of the list for certain.
    assert "open_attribute" not in found
    assert {each["key"]: each["value"] for each in found["extras"]} == EXTRAS
    again = adopt.run(dry_run=False)
    assert (again.datasets, again.adopted) == (1, 0)
    assert show(old)["metadata_modified"] == found["metadata_modified"]


def test_a_filled_field_is_never_overwritten(old):
    call_action("package_patch", id=old, provider_name="济南市交通运输局")
    adopt.run(dry_run=False)
    assert show(old)["provider_name"] == "济南市交通运输局"


def test_one_organisation_alone(old, cli):
    group = {"name": "other", "title": "他", "division_code": "370200"}
    call_action("organization_create", as_site_user(), **group)
    assert adopt.run("other", dry_run=True).datasets == 0
    assert adopt.run(show(old)["organization"]["name"], dry_run=True).datasets == 1
    wrong = cli.invoke(cn_govdata, ["adopt", "--organization", "nobody"])
    assert wrong.exit_code == 2
