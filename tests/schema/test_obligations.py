"""What each level asks, and when what is missing is an error."""

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import call_action

from ckanext.cn_govdata.schema import provenance
from ckanext.cn_govdata.schema.obligations import check
from ckanext.cn_govdata.standards.fields import fields
from ckanext.cn_govdata.store import tables

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")

# What every level asks of a dataset that people write (the rest is derived or set on create).
LEAST = {
    "title": "医疗机构",
    "notes": "名单",
    "provider_name": "济南市卫生健康委员会",
    "division_code": "370100",
    "domain": "2",
    "open_attribute": "1",
    "frequency": "monthly",
}


def mandatory(data, level):
    return {found.field for found in check(data, level, draft=False) if found.is_error}


@pytest.mark.parametrize("level", ["national", "province", "prefecture", "county"])
def test_an_empty_dataset_lacks_what_the_element_set_makes_mandatory(level):
    conditional = {"data_items", "share_mode_category", "share_mode_type"}
    asked = {
        field.name
        for field in fields()
        if field.on == "dataset"
        and field.obligations[level] == "M"
        and field.name not in conditional
    }
    assert mandatory({}, level) == asked - {"admin_level"}


def test_a_county_is_asked_less_than_a_province():
    assert mandatory(LEAST, "county") == {"name", "identifier", "owner_org", "issued"}
    assert mandatory(LEAST, "county") < mandatory(LEAST, "province")
    assert mandatory(LEAST, None) == mandatory(LEAST, "county")


@pytest.mark.parametrize(
    ("data", "asked"),
    [
        ({"open_attribute": "1"}, False),
        ({"open_attribute": "2"}, True),
        ({"open_attribute": "2", "open_condition": "申请"}, False),
    ],
)
def test_conditions_of_opening_are_asked_where_opening_is_conditional(data, asked):
    assert ("open_condition" in mandatory(data, "county")) is asked


def test_items_are_asked_of_structured_data():
    assert "name_zh" not in mandatory({"format_category": "1"}, "province")
    found = [
        v
        for v in check({"format_category": "3"}, "province", draft=False)
        if v.path[0] == "data_items"
    ]
    assert [violation.path for violation in found] == [("data_items", 0, "name_zh")]
    rows = {
        "format_category": "3",
        "data_items": [{"name_zh": "甲", "data_type": "C"}, {"name_zh": "乙"}],
    }
    found = [
        v.path
        for v in check(rows, "province", draft=False)
        if v.path[0] == "data_items" and v.is_error
    ]
    assert found == [("data_items", 1, "data_type")]


def test_what_is_not_shared_is_not_open():
    assert "open_attribute" in mandatory({"share_type": "3", "open_attribute": "1"}, "county")
    assert "open_attribute" not in mandatory({"share_type": "3", "open_attribute": "3"}, "county")


def test_a_draft_lacks_nothing():
    assert check({}, "national", draft=True) == []


def test_messages_name_field_level_and_standard():
    found = next(v for v in check({}, "national", draft=False) if v.field == "title")
    assert found.message == "Title is mandatory at the level National (1272-2; 21063.3)"


def refused(call, *args, **kwargs):
    with pytest.raises(tk.ValidationError) as error:
        call(*args, **kwargs)
    return error.value.error_dict


@pytest.mark.smoke
def test_creating_an_incomplete_dataset_is_an_error(create):
    errors = refused(create, title="医疗机构", name="a-dataset")
    assert {"notes", "provider_name", "division_code", "domain", "open_attribute"} <= errors.keys()
    assert create(**LEAST)["state"] == "active"


def test_what_was_missing_before_does_not_freeze_a_dataset(create, jinan):
    created = create(**LEAST)
    with model.ensure_engine().begin() as connection:
        _forget(connection, created["id"], "frequency")
    editor = {"user": create.editor}
    patched = call_action("package_patch", dict(editor), id=created["id"], notes="新的摘要")
    assert "frequency" not in patched
    resource = {"url": "http://example.org/a.csv", "name": "a", "format": "csv", "kind": "file"}
    added = call_action("resource_create", dict(editor), package_id=created["id"], **resource)
    call_action("resource_patch", dict(editor), id=added["id"], description="甲")
    assert refused(
        call_action, "package_patch", dict(editor), id=created["id"], notes=""
    ).keys() == {"notes"}


def _forget(connection, package_id, field):
    if tk.check_ckan_version(min_version="2.12"):
        query = "UPDATE package SET extras = extras - :field WHERE id = :id"
    else:
        query = "DELETE FROM package_extra WHERE package_id = :id AND key = :field"
    connection.execute(sa.text(query), {"id": package_id, "field": field})
    touch = "UPDATE package SET metadata_modified = now() WHERE id = :id"
    connection.execute(sa.text(touch), {"id": package_id})
    model.Session.remove()


def test_resources_of_older_datasets_do_not_freeze(create):
    created = create(**LEAST)
    call_action(
        "resource_create",
        {"user": create.editor},
        package_id=created["id"],
        url="http://example.org/a.csv",
        name="a",
        format="csv",
        kind="file",
    )
    errors = refused(
        call_action,
        "resource_create",
        {"user": create.editor},
        package_id=created["id"],
        url="http://example.org/b.csv",
        format="csv",
        name="b",
    )
    assert errors.keys() == {"kind"}


def test_an_upload_is_a_file(create):
    from io import BytesIO

    from werkzeug.datastructures import FileStorage

    created = create(**LEAST)
    upload = FileStorage(BytesIO("甲,乙\n1,2\n".encode()), filename="a.csv")
    resource = call_action(
        "resource_create",
        {"user": create.editor},
        package_id=created["id"],
        upload=upload,
        name="a",
    )
    assert (resource["kind"], resource["format"]) == ("file", "csv")


@pytest.mark.smoke
def test_a_draft_is_kept_and_asked_when_published(create, jinan):
    context = {"user": create.editor, "allow_state_change": True}
    draft = call_action("package_create", context, state="draft", title="半成品", owner_org=jinan)
    assert draft["state"] == "draft"
    half = call_action("package_patch", {"user": create.editor}, id=draft["id"], notes="摘要")
    assert half["state"] == "draft"
    errors = refused(
        call_action, "package_patch", {"user": create.editor}, id=draft["id"], state="active"
    )
    assert "provider_name" in errors
    assert call_action("package_show", id=draft["id"])["state"] == "draft"
    done = call_action(
        "package_patch", {"user": create.editor}, id=draft["id"], state="active", **LEAST
    )
    assert done["state"] == "active"


def test_publishing_asks_the_resources_that_are_there(create, jinan):
    context = {"user": create.editor, "allow_state_change": True}
    resources = [{"url": "http://example.org/a", "name": "a", "format": "csv"}]
    draft = call_action(
        "package_create", context, **LEAST, state="draft", owner_org=jinan, resources=resources
    )
    errors = refused(
        call_action, "package_patch", {"user": create.editor}, id=draft["id"], state="active"
    )
    assert errors.keys() == {"resources"}


def test_the_publishing_form_leads_back_to_an_incomplete_draft(create, jinan, app):
    context = {"user": create.editor, "allow_state_change": True}
    resources = [{"url": "http://example.org/a", "name": "a", "format": "csv", "kind": "file"}]
    draft = call_action(
        "package_create",
        context,
        state="draft",
        title="半成品",
        owner_org=jinan,
        resources=resources,
    )
    token = call_action("api_token_create", {"user": create.editor}, user=create.editor, name="t")[
        "token"
    ]
    form = {"save": "go-metadata", "id": "", "url": "", "name": "", "description": "", "format": ""}
    answer = app.post(
        f"/dataset/{draft['name']}/resource/new", data=form, headers={"Authorization": token}
    )
    assert answer.status_code == 200
    assert "Provider is mandatory" in answer.body


def test_a_harvested_dataset_is_never_refused(jinan):
    context = {"ignore_auth": True, "user": "", provenance.WRITER: True}
    created = call_action("package_create", context, name="harvested", title="甲", owner_org=jinan)
    assert created["state"] == "active"


def test_a_dataset_of_our_table_is_never_refused(create, jinan):
    created = create(**LEAST)
    moment = {"first_seen": tables.now(), "changed_at": tables.now()}
    hashes = {"raw_hash": "1", "record_hash": "1", "mapping_version": "1"}
    identity = {"portal_id": "370100", "source_id": "1", "harvest_source_id": "1"}
    row = tables.GovRecord(
        package_id=created["id"], state=tables.ACTIVE, **identity, **hashes, **moment
    )
    model.Session.add(row)
    model.Session.commit()
    patched = call_action("package_patch", {"user": create.editor}, id=created["id"], notes="")
    assert patched["notes"] == ""


def test_a_request_cannot_say_that_it_is_harvested(create):
    data = {"title": "甲", "name": "not-harvested", "portal_id": "370100", provenance.WRITER: True}
    assert "notes" in refused(create, **data)
