"""Pages of code lists."""

import pytest

from ckanext.cn_govdata.standards.codelists import codelist, codelist_names

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.mark.smoke
def test_the_index_has_all_lists_with_titles(app):
    found = app.get("/en/cn-govdata/vocabulary.json").json
    assert [each["name"] for each in found] == list(codelist_names())
    assert all(each["title"] != each["name"] for each in found)
    openness = next(each for each in found if each["name"] == "open_attribute")
    assert [field["name"] for field in openness["fields"]] == ["open_attribute"]
    page = app.get("/en/cn-govdata/vocabulary/").body
    for name in codelist_names():
        assert f"/en/cn-govdata/vocabulary/{name}" in page


@pytest.mark.smoke
@pytest.mark.parametrize(
    ("name", "used"),
    [
        ("open_attribute", {"1": 3, "2": 2}),
        ("open_domain_22", {"2": 3, "5": 2}),
        ("update_frequency", {"monthly": 2, "yearly": 1}),
        ("admin_level", {"province": 1, "prefecture": 3, "county": 1}),
        ("share_type", {"1": 5}),
    ],
)
def test_datasets_are_counted_by_code_and_found_by_the_link(app, catalogue, name, used):
    found = app.get(f"/en/cn-govdata/vocabulary/{name}.json").json
    assert {each["key"]: each["datasets"] for each in found["concepts"] if each["datasets"]} == used
    field = found["search_field"]
    for code, count in used.items():
        page = app.get("/en/dataset/", params={field: code}).body
        assert f"{count} dataset" in page
        concept = app.get(f"/en/cn-govdata/vocabulary/{name}/{code}").body
        assert f"/en/dataset/?{field}={code}" in concept


def test_a_list_of_no_field_counts_nothing(app, catalogue):
    found = app.get("/en/cn-govdata/vocabulary/mqa_rating.json").json
    assert {each["datasets"] for each in found["concepts"]} == {None}
    assert found["columns"] == ["min", "max"]


def test_every_list_and_every_concept_has_a_page(app):
    from ckanext.cn_govdata.site import vocabulary

    for name in codelist_names():
        shown = vocabulary.facts(name)
        assert [each["key"] for each in shown["concepts"]] == list(codelist(name))
        assert all(each["label"] for each in shown["concepts"]), name


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("format_type", "SQL SERVER"),
        ("open_attribute_portal_codes", "fujian/*"),
        ("update_frequency_portals", "guide_template/每日"),
        ("gbt2260_segment", "3-4:00"),
    ],
)
def test_codes_of_any_shape_have_pages(app, name, key):
    from urllib.parse import quote

    entry = codelist(name)[key]
    address = f"/zh_Hans_CN/cn-govdata/vocabulary/{name}/{quote(key)}"
    assert entry.label_zh in app.get(address).body
    assert app.get(f"{address}.json").json["code"] == entry.code


def test_labels_in_the_readers_language(app):
    page = app.get("/zh_Hant_TW/cn-govdata/vocabulary/open_domain_22/2").body
    assert "醫療衛生" in page
    page = app.get("/en/cn-govdata/vocabulary/open_domain_22/2").body
    assert "Medical care and health" in page


@pytest.mark.parametrize("address", ["nothing", "nothing.json", "open_attribute/9", "nothing/1"])
def test_what_is_not_there_is_not_found(app, address):
    app.get(f"/cn-govdata/vocabulary/{address}", status=404)


def test_json_for_those_who_ask_for_it(app):
    headers = {"Accept": "application/json"}
    for address in ("vocabulary/", "vocabulary/share_type", "vocabulary/share_type/1"):
        answer = app.get(f"/cn-govdata/{address}", headers=headers)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json


@pytest.mark.smoke
def test_programs_read_the_same_by_actions(app, catalogue):
    api = "/en/api/3/action/cn_govdata_vocabulary_"
    assert app.get(f"{api}list").json["result"] == app.get("/en/cn-govdata/vocabulary.json").json
    shown = app.get(f"{api}show", params={"name": "share_type"}).json["result"]
    assert shown == app.get("/en/cn-govdata/vocabulary/share_type.json").json
    one = app.get(f"{api}show", params={"name": "share_type", "code": "1"}).json["result"]
    assert one == app.get("/en/cn-govdata/vocabulary/share_type/1.json").json
    assert one["datasets"] == 5


def test_an_action_refuses_what_is_not_there(app):
    address = "/api/3/action/cn_govdata_vocabulary_show"
    for wrong in ({"name": "nothing"}, {"name": "share_type", "code": "9"}):
        assert app.get(address, params=wrong, status=404).json["success"] is False
    assert app.get(address, status=409).json["error"].keys() >= {"name"}
