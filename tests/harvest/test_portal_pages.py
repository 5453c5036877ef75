"""The page of the registry, the pages of portals, the preview and the source form."""

import json
import re

import pytest

from ckanext.cn_govdata.portals import registry

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")

INDEX = "/zh_Hans_CN/cn-govdata/portals"
LAIBIN = "451300"


@pytest.fixture
def sysadmin():
    from ckan.tests import factories

    return {"Authorization": factories.SysadminWithToken()["token"]}


@pytest.fixture
def anyone():
    from ckan.tests import factories

    return {"Authorization": factories.UserWithToken()["token"]}


def ids(app, query):
    found = app.get(f"/cn-govdata/portals.json?{query}").json
    return {portal["portal_id"] for portal in found["portals"]}, found


def test_the_registry_is_searched_without_scripts(app):
    page = app.get(INDEX).body
    assert 'role="search"' in page
    assert "北京市公共数据开放平台" in page
    found, _ = ids(app, "q=sihong")
    assert found == {"321300"}
    found, _ = ids(app, "division=宁夏回族自治区&state=active")
    assert found
    assert all(each.startswith("64") for each in found)
    found, whole = ids(app, "family=guizhou-search&level=prefecture")
    assert {"520300", "520400"} <= found
    assert whole["count"] == len(found)
    assert "No portal matches." in app.get("/cn-govdata/portals?q=xyzxyz").body


def test_every_portal_is_on_one_page_of_the_list(app):
    first = app.get("/cn-govdata/portals.json").json
    seen = []
    for page in range(1, first["pages"] + 1):
        seen += [
            portal["portal_id"]
            for portal in app.get(f"/cn-govdata/portals.json?page={page}").json["portals"]
        ]
    assert seen == [portal.portal_id for portal in registry.portals()]
    assert app.get("/cn-govdata/portals.json?page=99").json["portals"] == []


@pytest.mark.parametrize(
    "query", ["level=x", "state=x", "page=0", "page=-1", "page=1e9", "page=٣", "division=朝阳区"]
)
def test_filters_that_are_none_are_told(app, query):
    assert app.get(f"/cn-govdata/portals.json?{query}", status=400).json
    assert "alert-danger" in app.get(f"{INDEX}?{query}").body


def test_words_of_a_query_are_no_markup(app):
    page = app.get("/cn-govdata/portals?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E").body
    assert "<script>alert(1)" not in page


def test_coverage_counts_sources_and_datasets(portal, app):
    lb = portal(size=5)
    assert lb.run().went_well
    shown = app.get("/cn-govdata/portals.json?division=450000").json
    guangxi = next(row for row in shown["coverage"]["provinces"] if row["code"] == "450000")
    members = registry.get(LAIBIN).members
    assert guangxi["with_source"] == 1 + len(members)
    assert guangxi["datasets"] == 5
    [row] = [each for each in shown["portals"] if each["portal_id"] == LAIBIN]
    assert (row["datasets"], row["job"]["outcome"], row["job"]["added"]) == (5, "complete", 5)


def test_the_page_of_a_portal(portal, app, sysadmin):
    lb = portal(size=5)
    lb.run()
    page = app.get(f"{INDEX}/{LAIBIN}").body
    for words in ("来宾", "inspur-oportal", "广西", "/harvest/"):
        assert words in page
    lb.replay.fail(challenge="412")
    lb.run()
    public = app.get(f"/cn-govdata/portals/{LAIBIN}.json").json
    assert public["job"]["outcome"] == "blocked"
    assert "reason" not in public["job"]
    assert "412" not in json.dumps(public)
    whole = app.get(f"/cn-govdata/portals/{LAIBIN}.json", headers=sysadmin).json
    assert "412" in whole["job"]["reason"]


def test_the_code_of_a_member_leads_to_its_portal(app):
    response = app.get("/cn-govdata/portals/321324", follow_redirects=False)
    assert response.status_code == 302
    assert response.headers["Location"].endswith("/cn-govdata/portals/321300")
    as_json = app.get("/cn-govdata/portals/321324.json", follow_redirects=False)
    assert as_json.headers["Location"].endswith("/cn-govdata/portals/321300.json")
    app.get("/cn-govdata/portals/999999", status=404)
    app.get("/cn-govdata/portals/110101", status=404)


def test_the_old_address_leads_to_the_page(app):
    response = app.get("/cn-govdata/federation", follow_redirects=False)
    assert response.headers["Location"].endswith("/cn-govdata/portals")


def test_sysadmins_alone_make_sources(app, sysadmin, anyone):
    from ckanext.cn_govdata.harvest import jobs

    url = f"/cn-govdata/portals/{LAIBIN}/source"
    app.post(url, status=403)
    app.post(url, headers=anyone, status=403)
    assert url not in app.get("/cn-govdata/portals?q=451300").body
    assert url in app.get("/cn-govdata/portals?q=451300", headers=sysadmin).body
    app.post(url, headers=sysadmin)
    assert jobs.find_source(f"portal-{LAIBIN}").url == registry.get(LAIBIN).base_url
    app.post(url, headers=sysadmin)
    app.post("/cn-govdata/portals/999999/source", headers=sysadmin, status=404)


@pytest.mark.parametrize("path", [f"portals/{LAIBIN}/source", "harvest-preview"])
def test_a_form_without_its_token_is_refused(app, monkeypatch, path):
    from ckan.tests import factories

    person = factories.Sysadmin(password="correct horse battery")
    login = {"login": person["name"], "password": "correct horse battery"}
    with app.flask_app.test_client() as browser:
        browser.post("/user/login", data=login)
        monkeypatch.setitem(app.flask_app.config, "WTF_CSRF_ENABLED", True)
        assert browser.post(f"/cn-govdata/{path}").status_code == 400


FORM = "/zh_Hans_CN/harvest/new"


def config_of(lb):
    from ckanext.cn_govdata.harvest import jobs, sources

    return sources.config_of(jobs.find_source(lb.name))


def test_the_preview_shows_raw_texts_beside_values_and_writes_nothing(portal, app, sysadmin):
    from ckan import model

    lb = portal(size=5)
    config = json.dumps({**config_of(lb), "rate": 0})
    data = {"url": lb.replay.base_url, "config": config}
    url = "/zh_Hans_CN/cn-govdata/harvest-preview"
    app.post(url, data=data, status=403)
    page = app.post(url, data=data, headers=sysadmin).body
    record = lb.replay.records[0]
    assert record.title in page
    for words in ("provider_name", "open_attribute", "source_modified", "/lb/catalog"):
        assert words in page
    assert model.Session.query(model.Package).filter_by(type="dataset").count() == 0
    lb.replay.fail(challenge="412")
    assert "412" in app.post(url, data=data, headers=sysadmin).body
    wrong = app.post(url, data={**data, "config": "{"}, headers=sysadmin)
    assert "JSON" in wrong.body


def test_the_preview_of_a_saved_source(portal, app, sysadmin):
    from ckanext.cn_govdata.harvest import jobs

    lb = portal(size=3)
    source_id = jobs.find_source(lb.name).id
    url = "/cn-govdata/harvest-preview"
    assert "harvest-preview" in app.get(f"/harvest/admin/{lb.name}", headers=sysadmin).body
    page = app.post(url, data={"id": source_id}, headers=sysadmin).body
    assert lb.replay.records[0].title in page
    app.post(url, data={"id": "none"}, headers=sysadmin, status=404)
    app.post(url, data={"id": source_id}, status=403)


@pytest.mark.parametrize(
    "address", ["http://10.0.0.1/", "http://169.254.169.254/", "http://[::ffff:10.1.1.1]/"]
)
def test_a_preview_goes_to_no_private_network(app, sysadmin, address):
    config = json.dumps({"family": "inspur-oportal", "rate": 0})
    data = {"url": address, "config": config}
    page = app.post("/cn-govdata/harvest-preview", data=data, headers=sysadmin).body
    assert "not a public address" in page


def save(app, headers, lb, **more):
    data = {
        "url": lb.replay.base_url,
        "name": "by-form",
        "title": "By form",
        "source_type": "cn_portal",
        "frequency": "MANUAL",
        "config": json.dumps(
            {"family": "inspur-oportal", "parameters": {"context": "/lb"}, "rate": 0}
        ),
        "save": "Save",
        **more,
    }
    return app.post(FORM, data=data, headers=headers)


def exists():
    from ckan import model

    model.Session.rollback()
    return model.Package.get("by-form") is not None


def test_a_form_is_saved_when_a_page_could_be_read(portal, app, sysadmin):
    lb = portal(size=3)
    lb.replay.fail(challenge="412")
    refused = save(app, sysadmin, lb).body
    assert "412" in refused
    assert f"{lb.replay.base_url}/lb/catalog/index" in refused
    assert not exists()
    lb.replay.recover()
    wrong = json.dumps({"family": "inspur-oportal", "parameters": {"context": "/xx"}, "rate": 0})
    assert "/xx/catalog/index" in save(app, sysadmin, lb, config=wrong).body
    assert not exists()
    save(app, sysadmin, lb)
    assert exists()


def test_a_form_is_saved_anyway_when_that_is_asked_for(portal, app, sysadmin):
    lb = portal(size=3)
    lb.replay.fail(challenge="412")
    save(app, sysadmin, lb, cn_govdata_save_anyway="1")
    assert exists()


def test_the_form_offers_families_with_their_parameters(app, sysadmin):
    page = app.get(FORM, headers=sysadmin).body
    [text] = re.findall(r'<script type="application/json">(.*?)</script>', page, re.DOTALL)
    families = {each["family"]: each for each in json.loads(text)}
    [first, *_] = families["inspur-oportal"]["parameters"]
    assert (first["name"], first["default"]) == ("context", "/oportal")
    assert "路径" in first["help"]
    for family in families.values():
        assert all(each["help"] for each in family["parameters"]), family["family"]
    assert '<textarea id="field-config"' in page or 'name="config"' in page


def test_a_source_leads_to_its_portal_and_keeps_its_form(portal, app, sysadmin):
    lb = portal(size=3)
    lb.run()
    form = app.get(f"/harvest/edit/{lb.name}", headers=sysadmin).body
    assert "inspur-oportal&#34;" in form or '"family": "inspur-oportal"' in form
    assert "harvest-preview" in app.get(f"/harvest/admin/{lb.name}", headers=sysadmin).body
    assert f"/cn-govdata/portals/{LAIBIN}" in app.get(f"/harvest/{lb.name}").body
    assert "/cn-govdata/portals" in app.get("/harvest").body
