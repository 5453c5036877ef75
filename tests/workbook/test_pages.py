"""The pages of the workbook as editors, readers and strangers use them."""

import csv
import io
import re

import pytest
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.workbook import books
from tests.workbook.books import dataset

pytestmark = pytest.mark.usefixtures("with_plugins")


@pytest.fixture
def people(jinan):
    """An editor and a plain member of the organisation, and a stranger: headers of their tokens."""
    found = {}
    for name, capacity in (("editor", "editor"), ("member", "member"), ("stranger", None)):
        user = factories.User(name=name)
        token = call_action("api_token_create", context={"user": name}, user=name, name="t")
        found[name] = {"Authorization": token["token"]}
        if capacity:
            call_action(
                "organization_member_create", id=jinan, username=user["name"], role=capacity
            )
    return found


@pytest.fixture
def send(app, people, tmp_path):
    """Upload a file on the page and follow to the page of the upload."""

    def send_(path, who="editor", organization="cn-370100"):
        return app.post(
            f"/cn-govdata/workbook/import/{organization}",
            data={"upload": (io.BytesIO(path.read_bytes()), path.name)},
            content_type="multipart/form-data",
            headers=people[who],
        )

    return send_


def press(app, page, button, headers):
    """Press a button of the upload's page."""
    address = re.search(r"/cn-govdata/workbook/upload/[0-9a-f]{32}", page.body)[0]
    return app.post(address, data={button: "1"}, headers=headers)


def count():
    from ckan import model

    return model.Session.query(model.Package).filter_by(state="active").count()


def counts(page):
    return [int(found) for found in re.findall(r'cn-govdata-count">(\d+)</td>', page.body)]


@pytest.mark.smoke
def test_an_editor_checks_and_imports(app, send, people, book):
    page = send(book(dataset(), dataset(2)))
    assert counts(page) == [2, 0, 0, 0]
    assert count() == 0
    done = press(app, page, "import", people["editor"])
    assert counts(done) == [2, 0, 0, 0]
    assert count() == 2
    again = send(book(dataset(), dataset(2)))
    assert counts(again) == [0, 0, 2, 0]
    assert 'name="import"' not in again.body


def test_an_upload_is_imported_once(app, send, people, book):
    page = send(book(dataset()))
    press(app, page, "import", people["editor"])
    assert "imported already" in press(app, page, "import", people["editor"]).body
    assert count() == 1


def test_errors_are_shown_and_the_others_imported(app, send, people, book):
    page = send(book(dataset(), dataset(2, 共享类型="<b>随便</b>")))
    assert "&lt;b&gt;随便&lt;/b&gt;" in page.body
    assert "<b>随便" not in page.body
    assert 'name="import"' not in page.body
    done = press(app, page, "partial", people["editor"])
    assert counts(done) == [1, 0, 0, 1]
    assert count() == 1


def test_a_script_in_a_title_and_in_a_file_name_stays_text(app, send, people, book):
    evil = "<script>alert(1)</script>"
    path = book(dataset(信息资源名称=evil, 共享类型=evil, 资源提供方代码=evil))
    path = path.rename(path.with_name("<img src=x>.xlsx"))
    page = send(path)
    assert evil not in page.body
    assert "<img src=x>" not in page.body


def test_problems_as_a_file_hold_no_formula(app, send, people, text):
    page = send(text(dataset(共享类型="=1+1"), dataset(2, 共享类型="@SUM(A1)")))
    address = re.search(r"/cn-govdata/workbook/upload/\w+/problems.csv", page.body)[0]
    lines = list(csv.DictReader(io.StringIO(app.get(address, headers=people["editor"]).body)))
    values = [line["value"] for line in lines if line["header"] == "共享类型"]
    assert values[:2] == ["'=1+1", "'@SUM(A1)"]
    assert {line["cell"] for line in lines} >= {"P2", "P5"}


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_only_editors_import(app, people, send, book, who):
    page = send(book(dataset()), who)
    assert page.status_code == 403
    assert app.get("/cn-govdata/workbook/import/cn-370100", headers=people[who]).status_code == 403


def test_a_stranger_sees_no_upload(app, people, send, book):
    page = send(book(dataset(共享类型="随便")))
    address = re.search(r"/cn-govdata/workbook/upload/[0-9a-f]{32}", page.body)[0]
    for path in (address, f"{address}/problems.csv", f"{address}/state.json"):
        assert app.get(path, headers=people["stranger"]).status_code == 403
        assert app.get(path).status_code == 403
    assert app.get(f"/cn-govdata/workbook/upload/{'0' * 32}").status_code == 404


def test_without_logging_in(app, jinan):
    page = app.get("/cn-govdata/workbook/import/cn-370100", follow_redirects=False)
    assert page.status_code == 302
    assert "/user/login" in page.headers["Location"]


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b"PK\x03\x04broken", "cannot be unpacked")]
)
def test_a_file_that_is_refused(send, tmp_path, content, reason):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    page = send(path)
    assert reason in page.body
    assert "nothing was written" in page.body


def test_a_file_that_is_too_large(send, tmp_path, monkeypatch):
    from ckanext.cn_govdata.workbook import guard

    monkeypatch.setattr(guard, "MAX_BYTES", 2_000_000)
    path = tmp_path / "book.csv"
    path.write_bytes(b"x" * 2_000_001)
    page = send(path)
    assert page.status_code == 400
    assert "more than 2 MB" in page.body


def test_no_file(app, people):
    address = "/cn-govdata/workbook/import/cn-370100"
    page = app.post(address, data={}, headers=people["editor"])
    assert page.status_code == 400
    assert "Choose a file" in page.body


def test_an_organisation_that_is_not_there(app, people):
    page = app.get("/cn-govdata/workbook/import/nowhere", headers=people["editor"])
    assert page.status_code in (403, 404)


@pytest.mark.smoke
def test_a_program_imports(app, people, book):
    path = book(dataset(), dataset(2, 共享类型="随便"))
    answers = []
    for how in ({"dry_run": "true"}, {"partial": "true"}):
        answer = app.post(
            "/api/action/cn_govdata_workbook_import",
            data={
                "organization": "cn-370100",
                "upload": (io.BytesIO(path.read_bytes()), path.name),
                **how,
            },
            content_type="multipart/form-data",
            headers=people["editor"],
        ).json["result"]
        answers.append((answer["state"], answer["result"]["created"], answer["result"]["refused"]))
    assert answers == [("checked", 1, 1), ("imported", 1, 1)]
    assert count() == 1


def test_a_program_without_rights(app, people, book):
    path = book(dataset())
    answer = app.post(
        "/api/action/cn_govdata_workbook_import",
        data={
            "organization": "cn-370100",
            "upload": (io.BytesIO(path.read_bytes()), path.name),
        },
        content_type="multipart/form-data",
        headers=people["member"],
    )
    assert answer.status_code == 403
    assert count() == 0


def test_export_shows_each_reader_what_search_shows(app, run, people, jinan, book, text):
    from ckanext.cn_govdata.store import outbox

    run(book(dataset(), dataset(2)))
    hidden = call_action("package_search", rows=1, q="数据集2")["results"][0]["id"]
    call_action("package_patch", id=hidden, private=True)
    outbox.commit()
    address = "/cn-govdata/workbook/export.csv?organization=cn-370100"

    def titles(where, headers=None):
        lines = csv.DictReader(io.StringIO(app.get(where, headers=headers).body.lstrip("\ufeff")))
        return {line["信息资源名称"] for line in lines} - {""}

    assert titles(address) == {"医疗机构基本信息"}
    assert titles(address, people["editor"]) == {"医疗机构基本信息", "数据集2"}
    assert titles(f"{address}&q=没有这样的词") == set()
    assert titles("/cn-govdata/workbook/export.csv?vocab_cn_division=370000") == {
        "医疗机构基本信息"
    }
    assert titles("/cn-govdata/workbook/export.csv?vocab_cn_division=110000") == set()
    assert app.get("/cn-govdata/workbook/export.csv?a:b OR c=1").status_code == 400


def test_export_has_an_end(app, run, book, ckan_config, monkeypatch):
    run(book(dataset(), dataset(2)))
    monkeypatch.setitem(ckan_config, "ckanext.cn_govdata.workbook.max_export", 1)
    page = app.get("/cn-govdata/workbook/export.xlsx")
    assert page.status_code == 400
    assert "at most 1" in page.body


def test_templates(app, with_plugins):
    page = app.get("/cn-govdata/workbook/template.csv")
    headers = next(csv.reader(io.StringIO(page.body.lstrip("\ufeff"))))
    assert headers[: len(books.HEADERS)] == books.HEADERS
    assert app.get("/cn-govdata/workbook/template.xlsx").data[:2] == b"PK"
    assert app.get("/cn-govdata/workbook/template.exe").status_code == 404


def test_links_to_the_workbook(app, people, run, book):
    run(book(dataset()))
    editor = people["editor"]
    export = "/cn-govdata/workbook/export.xlsx?"
    assert f"{export}q=%E5%8C%BB" in app.get("/dataset/?q=医", headers=editor).body
    organization = app.get("/organization/cn-370100?frequency=monthly", headers=editor).body
    assert "/cn-govdata/workbook/import/cn-370100" in organization
    assert f"{export}frequency=monthly&amp;organization=cn-370100" in organization
    assert "workbook/import" not in app.get("/organization/cn-370100").body
    division = app.get("/cn-govdata/division/370100").body
    assert f"{export}vocab_cn_division=370100" in division
    assert "cn-370100" in app.get("/cn-govdata/workbook/", headers=editor).body
