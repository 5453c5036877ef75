"""What administrators see of a harvest."""

import pytest

pytestmark = pytest.mark.usefixtures("clean_db")


@pytest.fixture
def sysadmin_headers():
    from ckan.tests import factories

    return {"Authorization": factories.SysadminWithToken()["token"]}


def test_the_job_page_shows_what_the_harvest_came_to(portal, app, sysadmin_headers):
    lb = portal(size=12)
    report = lb.run()
    url = f"/zh_Hans_CN/harvest/{lb.name}/job/{report.job_id}"
    page = app.get(url, headers=sysadmin_headers).body
    for words in ("目录完整读取", "12 / 12", "任务报告", "已结束"):
        assert words in page


def test_the_job_page_shows_why_a_portal_could_not_be_read(portal, app, sysadmin_headers):
    lb = portal(size=12)
    lb.replay.fail(challenge="412")
    report = lb.run()
    url = f"/zh_Hans_CN/harvest/{lb.name}/job/{report.job_id}"
    page = app.get(url, headers=sysadmin_headers).body
    assert "412" in page
    assert report.listing.reason in page


def test_the_job_page_warns_and_tells_what_was_saved(portal, app, sysadmin_headers):
    lb = portal(size=12)
    lb.run()
    lb.replay.records.clear()
    report = lb.run()
    page = app.get(f"/harvest/{lb.name}/job/{report.job_id}", headers=sysadmin_headers).body
    for words in ("List requests saved", "12 datasets are known: nothing is withdrawn"):
        assert words in page


def test_the_status_is_for_sysadmins(portal, app, sysadmin_headers):
    lb = portal(size=5)
    lb.run()
    url = "/api/3/action/cn_govdata_harvest_status"
    app.get(url, status=403)
    [row] = app.get(url, headers=sysadmin_headers).json["result"]["sources"]
    assert (row["portal_id"], row["outcome"], row["counters"]["added"]) == (
        "451300",
        "complete",
        5,
    )
