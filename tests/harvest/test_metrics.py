"""The numbers for a monitor: who may read them, and that they are true."""

import re

import pytest

from tests.harvest import observed

pytestmark = pytest.mark.usefixtures("clean_db")

ADDRESS = "/cn-govdata/metrics"
TOKEN = "a-secret-of-the-monitor"
OPTION = "ckanext.cn_govdata.metrics.token"
LINE = re.compile(r'([a-z_]+)(?:\{([a-z_]+)="((?:[^"\\]|\\.)*)"\})? (-?[\d.]+)')


@pytest.fixture
def sysadmin():
    from ckan.tests import factories

    return {"Authorization": factories.SysadminWithToken()["token"]}


def read(app, headers):
    """The samples by name and value of the label; every line is of the format."""
    text = app.get(ADDRESS, headers=headers).body
    assert text.endswith("\n")
    found, typed = {}, {}
    for line in text.splitlines():
        if line.startswith("# "):
            _, word, name, rest = line.split(" ", 3)
            assert word in ("HELP", "TYPE")
            if word == "TYPE":
                assert name not in typed
                typed[name] = rest
                assert rest in ("counter", "gauge")
                assert (rest == "counter") == name.endswith("_total")
            continue
        name, _, value, number = LINE.fullmatch(line).groups()
        assert name in typed
        key = (name.removeprefix("cn_govdata_"), value)
        assert key not in found
        found[key] = float(number)
    return found


def test_strangers_are_refused(app, sysadmin, ckan_config, monkeypatch):
    from ckan.tests import factories

    user = {"Authorization": factories.UserWithToken()["token"]}
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    for headers in ({}, user, bearer, {"Authorization": "Bearer "}, {"Authorization": "Bearer é"}):
        answer = app.get(ADDRESS, headers=headers, status=401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "cn_govdata_" not in answer.body
    assert app.get(ADDRESS, headers=sysadmin).status_code == 200
    monkeypatch.setitem(ckan_config, OPTION, TOKEN)
    answer = app.get(ADDRESS, headers=bearer)
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private"
    for wrong in (f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", TOKEN, f"Basic {TOKEN}", "Bearer "):
        app.get(ADDRESS, headers={"Authorization": wrong}, status=401)


def test_the_monitors_token_is_no_users(app, ckan_config, monkeypatch, caplog):
    monkeypatch.setitem(ckan_config, OPTION, TOKEN)
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    app.get(ADDRESS, headers=bearer)
    assert "Cannot decode" not in caplog.text
    app.get("/api/3/action/cn_govdata_harvest_status", headers=bearer, status=403)
    app.get("/cn-govdata/harvest", headers=bearer, status=403)


def test_the_numbers_are_those_of_the_harvests(portal, app, sysadmin):
    lb = portal(size=6)
    lb.replay.records[4] = lb.replay.records[4].changed(标题="")
    first = lb.run()
    second = lb.run()
    found = read(app, sysadmin)
    assert found["harvest_records_total", "added"] == 5
    assert found["harvest_records_total", "unchanged"] == second.unchanged == 5
    assert found["harvest_records_total", "refused"] == 2
    assert found["harvest_requests_total", None] == (
        first.listing.requests + second.listing.requests
    )
    assert found["harvest_jobs_ended_total", "complete"] == 2
    assert found["harvest_jobs", "finished"] == 2
    assert found["datasets", "active"] == 5
    assert found["index_outbox", "waiting"] == found["index_outbox", "failed"] == 0
    assert 0 <= found["harvest_seconds_since_success", "451300"] < 600
    assert found["harvest_workers", None] == 0
    assert found["harvest_slow_path", None] == 0


def test_the_queue_and_what_runs(portal, app, sysadmin):
    from ckanext.cn_govdata.harvest import jobs

    lb = portal(size=3)
    row = jobs.find_source(lb.name)
    waits, manual, runs = (jobs.create(row).id for _ in range(3))
    source_id = row.id
    observed.worker()
    observed.worker("machine|boot|pid:[1]|78", silent=3600)
    observed.waiting(waits, source_id, age=100)
    observed.waiting(manual, source_id, manual=True, age=5)
    observed.running(runs, source_id, listed=7)
    found = read(app, sysadmin)
    assert found["harvest_queue_length", "manual"] == 1
    assert found["harvest_queue_length", "scheduled"] == 1
    assert 100 <= found["harvest_queue_oldest_seconds", None] < 160
    assert found["harvest_workers", None] == 1
    assert found["harvest_running_listed", None] == 7
    assert found["harvest_jobs", "new"] == 3
    # Never harvested: as late as it is old.
    assert 0 <= found["harvest_seconds_since_success", "451300"] < 600


def test_failures_and_what_waits_for_a_person(portal, app, sysadmin):
    lb = portal(size=10)
    lb.run()
    lb.replay.fail(challenge="412")
    lb.run()
    before = read(app, sysadmin)
    assert before["harvest_jobs_ended_total", "blocked"] == 1
    lb.replay.recover()
    del lb.replay.records[:6]
    lb.run()
    found = read(app, sysadmin)
    assert found["withdrawals_waiting", None] == 6
    assert found["datasets", "missing"] == 6


def test_totals_do_not_fall_when_jobs_are_pruned(portal, app, sysadmin):
    import sqlalchemy as sa
    from ckan import model

    from ckanext.cn_govdata.store.tables import job_table

    portal(size=4).run()
    model.Session.execute(sa.delete(job_table))
    model.Session.commit()
    assert read(app, sysadmin)["harvest_records_total", "added"] == 4


def test_a_job_told_twice_counts_once(portal, app, sysadmin):
    from ckanext.cn_govdata.store import remembered, totals

    report = portal(size=4).run()
    remembered.job(report.job_id, report.counters())
    assert totals.read()["added"] == 4
    remembered.job(report.job_id, {**report.counters(), "added": 6, "error": "x"})
    found = totals.read()
    assert (found["added"], found["jobs_complete"], found["jobs_failed"]) == (6, 0, 1)
