"""Refused records on the job page and as CSV."""

import csv
import io

import pytest

pytestmark = pytest.mark.usefixtures("clean_db")

EVIL = '=HYPERLINK("http://example.cn")'


@pytest.fixture
def sysadmin():
    from ckan.tests import factories

    return {"Authorization": factories.SysadminWithToken()["token"]}


@pytest.fixture
def job(portal, app):
    from ckan import model

    from ckanext.cn_govdata.harvest.report import JobReport

    lb = portal(size=5)
    ended = lb.run()
    report = JobReport("s", "451300", ended.job_id)
    for number in range(1200):
        report.refusals.add(f"r{number}", "title: is empty", kind="field", field="title")
    report.refusals.add("<script>", "标题过长", kind="database", value=EVIL)
    report.save_errors()
    model.Session.commit()
    return lb.name, ended.job_id


def test_the_job_page_groups_them(job, app, sysadmin):
    name, job_id = job
    page = app.get(f"/harvest/{name}/job/{job_id}", headers=sysadmin).body
    assert ">1200<" in page
    assert "标题过长" in page
    assert "<code>&lt;script&gt;</code>" in page
    assert f"/cn-govdata/harvest/job/{job_id}/errors.csv" in page


def test_a_harvest_keeps_what_it_refuses(portal, app, sysadmin, caplog, monkeypatch):
    from ckanext.cn_govdata.harvest import report as told
    from ckanext.cn_govdata.store import errors

    # The migrations of CKAN switch off all loggers that there are.
    monkeypatch.setattr(told.log, "disabled", False)

    lb = portal(size=5)
    lb.replay.records[2] = lb.replay.records[2].changed(标题="")
    with caplog.at_level("INFO"):
        report = lb.run()
    [row] = errors.rows(report.job_id)
    assert row["source_id"] in report.refusals.ids
    assert "title" in row["reason"]
    page = app.get(f"/harvest/{lb.name}/job/{report.job_id}", headers=sysadmin).body
    assert row["source_id"] in page
    [line] = [line for line in caplog.records if getattr(line, "record", None)]
    assert line.record == row["source_id"]


def test_an_example_leads_to_its_dataset(portal, app, sysadmin):
    from ckan import model

    from ckanext.cn_govdata.crawl import identity
    from ckanext.cn_govdata.harvest.report import JobReport
    from ckanext.cn_govdata.store.tables import record_table

    lb = portal(size=3)
    ended = lb.run()
    source_id = model.Session.execute(record_table.select()).mappings().first()["source_id"]
    report = JobReport("s", "451300", ended.job_id)
    report.refusals.add(source_id, "no title")
    report.save_errors()
    model.Session.commit()
    page = app.get(f"/harvest/{lb.name}/job/{ended.job_id}", headers=sysadmin).body
    assert f"/dataset/{identity.package_id('451300', source_id)}" in page


def test_the_csv_is_whole_and_harmless(job, app, sysadmin):
    _, job_id = job
    address = f"/cn-govdata/harvest/job/{job_id}/errors.csv"
    app.get(address, status=403)
    answer = app.get(address, headers=sysadmin)
    assert answer.headers["Content-Type"].startswith("text/csv")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert header == ["kind", "source_id", "field", "value", "reason"]
    assert len(rows) == 1201
    [evil] = [row for row in rows if row[0] == "database"]
    assert evil[3] == f"'{EVIL}"
    app.get("/cn-govdata/harvest/job/none/errors.csv", headers=sysadmin, status=404)


def test_an_editor_of_the_organisation_alone_sees_it(job, app):
    from ckan.plugins import toolkit as tk
    from ckan.tests import factories

    name, job_id = job
    owner = tk.get_action("package_show")({"ignore_auth": True}, {"id": name})["owner_org"]
    for role, status in (("editor", 200), ("member", 403), (None, 403)):
        user = factories.UserWithToken()
        if role:
            tk.get_action("organization_member_create")(
                {"ignore_auth": True, "user": ""},
                {"id": owner, "username": user["id"], "role": role},
            )
        headers = {"Authorization": user["token"]}
        app.get(f"/cn-govdata/harvest/job/{job_id}/errors.csv", headers=headers, status=status)
