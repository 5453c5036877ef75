"""Pages of divisions."""

import pytest

pytestmark = pytest.mark.usefixtures("with_plugins")


def shown(app, code, language="en"):
    return app.get(f"/{language}/cn-govdata/division/{code}.json").json


@pytest.mark.smoke
def test_a_province_counts_all_that_lies_in_it(app, catalogue):
    found = shown(app, "370000")
    assert found["name"] == "Shandong Province"
    assert found["datasets"]["total"] == 4
    assert found["datasets"]["own"] == 1
    assert [(row["code"], row["label"], row["count"]) for row in found["datasets"]["level"]] == [
        ("province", "Province", 1),
        ("prefecture", "Prefecture", 2),
        ("county", "County", 1),
    ]
    assert {row["code"]: row["count"] for row in found["datasets"]["open"]} == {"1": 2, "2": 2}
    assert {row["code"]: row["count"] for row in found["datasets"]["domain"]} == {"2": 3, "5": 1}
    assert {row["code"]: row["count"] for row in found["datasets"]["frequency"]} == {
        "monthly": 2,
        "yearly": 1,
    }
    children = {child["code"]: child["datasets"] for child in found["children"]}
    assert children["370100"] == 2
    assert children["370200"] == 1
    assert children["370300"] == 0


def test_organisations_of_it_and_below_it(app, catalogue):
    organizations = shown(app, "370000")["organizations"]
    assert organizations["own"] == [{"name": "cn-370000", "title": "山东省"}]
    assert organizations["below"] == 3
    assert {row["code"]: row["count"] for row in organizations["with_datasets"]} == {
        "cn-370000": 1,
        "cn-370100": 1,
        "cn-370102": 1,
        "cn-370200": 1,
    }


@pytest.mark.smoke
def test_the_nation_lists_all_provinces_with_counts(app, catalogue):
    found = shown(app, "100000")
    assert len(found["children"]) == 34
    counts = {child["code"]: child["datasets"] for child in found["children"]}
    assert counts["370000"] == 4
    assert counts["350000"] == 1
    assert found["datasets"]["total"] == 5
    assert found["datasets"]["own"] == 0


@pytest.mark.smoke
def test_the_page_has_breadcrumb_labels_and_links_into_the_search(app, catalogue):
    page = app.get("/zh_Hans_CN/cn-govdata/division/370102").body
    trail = page[page.index('class="breadcrumb"') :]
    places = [trail.index(f"/zh_Hans_CN/cn-govdata/division/{code}") for code in CHAIN]
    assert places == sorted(places)
    for words in ("历下区", "济南市", "有条件开放", "医疗卫生", "每月", "县级", "市辖区"):
        assert words in page, words
    assert "/zh_Hans_CN/dataset/?vocab_cn_division=370102" in page


CHAIN = ("100000", "370000", "370100", "370102")


def test_the_link_into_the_search_finds_as_many_as_counted(app, catalogue):
    from bs4 import BeautifulSoup

    page = BeautifulSoup(app.get("/en/cn-govdata/division/370000").body, "html.parser")
    links = [link for link in page.select(".cn-govdata-count a") if "370000" in link["href"]]
    assert len(links) > 8
    for link in links:
        count = int(link.find(string=True))
        found = app.get(link["href"]).body
        words = "1 dataset found" if count == 1 else f"{count} datasets found"
        assert words in found, link["href"]


def test_a_withdrawn_code_leads_to_todays(app, catalogue):
    found = shown(app, "110103")
    assert found["current"] is False
    assert found["valid_to"] == 2010
    assert [each["code"] for each in found["today"]] == ["110101"]
    page = app.get("/en/cn-govdata/division/110103").body
    assert "withdrawn in 2010" in page
    assert "/en/cn-govdata/division/110101" in page


def test_history_has_predecessors_with_years(app, catalogue):
    found = shown(app, "451082")
    former = {each["code"]: each for each in found["predecessors"]}
    assert former["451023"]["name"] == "平果县"
    assert former["451023"]["valid_to"] == 2019
    assert "平果县" in app.get("/zh_Hans_CN/cn-govdata/division/451082").body


def test_every_division_that_ever_was_has_a_description():
    from ckanext.cn_govdata.site import divisions
    from ckanext.cn_govdata.standards.division_table import table

    for code in table():
        found = divisions.described(code)
        assert found["name"]
        assert found["level_label"]


@pytest.mark.parametrize(
    ("given", "leads_to"),
    [("370102000000", "370102"), ("370102001", "370102"), ("110100", "110000")],
)
def test_longer_codes_redirect(app, given, leads_to):
    for suffix in ("", ".json"):
        answer = app.get(f"/cn-govdata/division/{given}{suffix}", follow_redirects=False)
        assert answer.status_code == 301
        assert answer.headers["Location"].endswith(f"/cn-govdata/division/{leads_to}{suffix}")


@pytest.mark.parametrize("code", ["999999", "济南", "37010", "370102.xml", "%22"])
def test_an_unknown_code_is_not_found(app, code):
    app.get(f"/cn-govdata/division/{code}", status=404)


def test_json_for_those_who_ask_for_it(app, catalogue):
    answer = app.get("/cn-govdata/division/370102", headers={"Accept": "application/json"})
    assert answer.json == shown(app, "370102")
    assert "Accept" in answer.headers["Vary"]
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    page = app.get("/cn-govdata/division/370102", headers=browser)
    assert page.headers["Content-Type"].startswith("text/html")


def test_the_index_leads_to_the_nation(app):
    answer = app.get("/cn-govdata/division/", follow_redirects=False)
    assert answer.headers["Location"].endswith("/cn-govdata/division/100000")


def test_a_private_dataset_is_not_counted(app, catalogue):
    from ckan.tests.helpers import call_action

    call_action("package_patch", id=catalogue["370200"], private=True)
    assert shown(app, "370200")["datasets"]["total"] == 0
