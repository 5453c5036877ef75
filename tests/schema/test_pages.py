"""The form and the dataset page: sections, the division field, what a level still asks for."""

import pytest
from ckan import model
from ckan.tests.helpers import call_action

from ckanext.cn_govdata.store import tables

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


@pytest.fixture
def page(app, create):
    """The text of a page as the editor sees it."""
    token = call_action("api_token_create", {"user": create.editor}, user=create.editor, name="t")
    headers = {"Authorization": token["token"]}

    def page_(path, **form):
        ask = app.post if form else app.get
        return ask(path, headers=headers, **({"data": form} if form else {})).body

    return page_


def draft(create, jinan, **data):
    context = {"user": create.editor, "allow_state_change": True}
    return call_action("package_create", context, state="draft", owner_org=jinan, **data)


def test_the_form_stands_under_the_headings_of_the_schema(page):
    form = page("/dataset/new")
    parts = ["identification", "classification", "content", "opening", "time_place"]
    places = [form.index(f'<section class="cn-govdata-section" id="part-{p}"') for p in parts]
    assert places == sorted(places)
    assert all(f'href="#part-{part}"' in form for part in parts)
    assert form.index('name="frequency"') > places[-1]


def test_the_form_explains_its_fields_in_the_readers_language(page):
    assert "六位代码或名称" in page("/zh_Hans_CN/dataset/new")
    assert "六位代碼或名稱" in page("/zh_Hant_TW/dataset/new")


def test_the_division_field_is_a_text_field_with_a_picker(page):
    form = page("/dataset/new")
    field = form[form.index('id="field-division_code"') :]
    assert 'data-module="cn-govdata-division"' in field[:900]
    assert "/api/3/action/cn_govdata_division_autocomplete" in field[:900]


def test_the_form_shows_a_number_of_a_person_as_an_error_and_keeps_what_was_written(page, jinan):
    number = "139" + "1234" + "5678"
    form = {"_ckan_phase": "1", "save": "", "owner_org": jinan, "title": f"名单 {number}"}
    answer = page("/dataset/new", **form, notes="摘要甲")
    assert "Title holds a personal mobile number" in answer
    assert "摘要甲" in answer


def test_a_half_filled_form_becomes_a_draft_with_a_name_of_its_own(page, jinan):
    form = {"_ckan_phase": "1", "save": "", "owner_org": jinan, "title": "半成品"}
    answer = page("/dataset/new", **form, **{"contact-0-name": "信息处"})
    assert 'name="download_url"' in answer
    kept = model.Session.query(model.Package).filter_by(title="半成品").one()
    assert (kept.state, kept.name[:8]) == ("draft", "dataset-")


@pytest.mark.smoke
def test_a_draft_says_what_its_level_still_needs(page, create, jinan):
    shown = page(f"/dataset/{draft(create, jinan, title='半成品')['name']}")
    assert "Needed before publishing" in shown
    assert "Provider is mandatory at the level Prefecture" in shown
    assert "Licence is recommended at the level Prefecture" in shown


def test_only_who_may_mend_a_dataset_sees_what_it_lacks(page, app, create):
    path = f"/dataset/{create(**LEAST)['name']}"
    assert "What this level asks for still" in page(path)
    assert "What this level asks for still" not in app.get(path).body


def test_a_harvested_dataset_says_when_it_was_read(app, create):
    created = create(**LEAST, portal_id="370100", source_id="1")
    assert "First read from the source" not in app.get(f"/dataset/{created['name']}").body
    moment = {"first_seen": tables.now(), "changed_at": tables.now()}
    hashes = {"raw_hash": "1", "record_hash": "1", "mapping_version": "1"}
    identity = {"portal_id": "370100", "source_id": "1", "harvest_source_id": "1"}
    row = tables.GovRecord(
        package_id=created["id"], state=tables.ACTIVE, **identity, **hashes, **moment
    )
    model.Session.add(row)
    model.Session.commit()
    assert "First read from the source" in app.get(f"/dataset/{created['name']}").body


def test_publishing_an_incomplete_draft_says_what_it_lacks_in_plain_words(page, create, jinan):
    name = draft(create, jinan, title="半成品")["name"]
    resource = {"url": "https://data.example.gov.cn/1.csv", "name": "甲", "format": "csv"}
    form = {"save": "go-metadata", "id": "", "kind": "file", **resource}
    answer = page(f"/dataset/{name}/resource/new", **form)
    assert "Provider is mandatory at the level Prefecture" in answer
    assert "provider_name:" not in answer
    # CKAN 2.11 leads to the form of the draft itself, 2.12 to a page that leads there.
    assert f'href="/dataset/edit/{name}"' in answer or 'name="provider_name"' in answer
    kept = call_action("package_show", id=name)
    assert (kept["state"], len(kept["resources"])) == ("draft", 1)
