"""The command, the status page and the job page of harvests that wait and run."""

import json

import pytest

from tests.harvest import observed

pytestmark = pytest.mark.usefixtures("clean_db")


@pytest.fixture
def sysadmin():
    from ckan.tests import factories

    return {"Authorization": factories.SysadminWithToken()["token"]}


@pytest.fixture
def anyone():
    from ckan.tests import factories

    return {"Authorization": factories.UserWithToken()["token"]}


@pytest.fixture
def jobs_of(portal, app):
    """A source with a job that ended; makes more jobs of it."""
    from ckanext.cn_govdata.harvest import jobs

    lb = portal(size=4)
    lb.run()

    def make(status="New"):
        job = jobs.create(jobs.find_source(lb.name))
        if status == "Running":
            jobs.start(job.id)
        return job.id, job.source_id

    make.name = lb.name
    return make


def invoke(cli, *arguments):
    from ckan.cli.cli import ckan

    return cli.invoke(ckan, ["cn-govdata", "harvest", "status", *arguments])


def test_the_command_tells_what_runs_and_waits(jobs_of, cli):
    runs, source = jobs_of("Running")
    first, _ = jobs_of()
    second, _ = jobs_of()
    observed.worker()
    observed.running(runs, source, seconds=10, listed=50, total=150, requests=7)
    observed.waiting(first, source, age=60)
    observed.waiting(second, source, manual=True)
    done = invoke(cli, "--json")
    assert done.exit_code == 0, done.output
    shown = json.loads(done.stdout)
    [row] = shown["running"]
    assert (row["listed"], row["total"], row["requests"], row["worker"]) == (
        50,
        150,
        7,
        "machine:77",
    )
    assert row["per_second"] == 5.0
    assert row["estimated_end"] > row["updated"]
    assert [(one["harvest_job_id"], one["position"]) for one in shown["waiting"]] == [
        (second, 1),
        (first, 2),
    ]
    [last] = shown["sources"]
    assert (last["source"], last["outcome"], last["counters"]["added"]) == (
        jobs_of.name,
        "complete",
        4,
    )
    assert (shown["warnings"], shown["slow_path"]) == ([], [])
    text = invoke(cli, jobs_of.name)
    assert text.exit_code == 0
    assert "451300" in text.output


def test_a_site_without_a_living_worker_is_told_what_to_do(
    jobs_of, cli, app, sysadmin, ckan_config
):
    from ckanext.cn_govdata.settings import PREFIX

    job, source = jobs_of()
    observed.waiting(job, source)
    observed.worker(silent=3600)
    done = invoke(cli, "--json")
    assert done.exit_code == 1
    [warning] = json.loads(done.stdout)["warnings"]
    assert "ckan cn-govdata harvest worker" in warning
    words = "ckan cn-govdata harvest worker"
    for address in (
        "/cn-govdata/harvest",
        f"/harvest/admin/{jobs_of.name}",
        f"/harvest/{jobs_of.name}/job/{job}",
    ):
        assert words in app.get(address, headers=sysadmin).body, address
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ckan_config, f"{PREFIX}harvest.runner", "stock")
        assert words not in app.get(f"/harvest/admin/{jobs_of.name}", headers=sysadmin).body


def test_the_slow_path_is_told_with_its_reason(jobs_of, cli, monkeypatch):
    from ckanext.cn_govdata.store import hooks

    monkeypatch.setattr(hooks, "not_honoured", lambda _: ["x replaces package_create"])
    observed.worker()
    shown = json.loads(invoke(cli, "--json").stdout)
    assert shown["slow_path"] == ["x replaces package_create"]
    assert any("x replaces package_create" in warning for warning in shown["warnings"])


def test_the_status_page_is_for_sysadmins(jobs_of, app, sysadmin, anyone):
    job, source = jobs_of("Running")
    observed.worker()
    observed.running(job, source, listed=7, total=40)
    for address in ("/cn-govdata/harvest", "/cn-govdata/harvest.json"):
        app.get(address, status=403)
        app.get(address, headers=anyone, status=403)
    page = app.get("/cn-govdata/harvest", headers=sysadmin).body
    assert "7 / 40" in page
    assert f"/harvest/{jobs_of.name}/job/{job}" in page
    assert app.get("/cn-govdata/harvest.json", headers=sysadmin).json["running"][0]["listed"] == 7


def test_the_job_page_shows_progress_and_asks_for_more(jobs_of, app, sysadmin, anyone):
    job, source = jobs_of("Running")
    observed.running(job, source, listed=10, total=40, added=9, requests=3, seconds=5)
    page = app.get(f"/harvest/{jobs_of.name}/job/{job}", headers=sysadmin).body
    address = f"/cn-govdata/harvest/job/{job}/progress.json"
    assert address in page
    assert 'max="40" value="10"' in page
    app.get(address, status=403)
    app.get(address, headers=anyone, status=403)
    answer = app.get(address, headers=sysadmin)
    assert answer.headers["Cache-Control"] == "private"
    answer = answer.json
    assert (answer["state"], answer["listed"], answer["per_second"]) == ("running", 10, 2.0)
    app.get("/cn-govdata/harvest/job/none/progress.json", headers=sysadmin, status=404)


def test_a_waiting_job_knows_its_place_and_an_ended_one_is_over(jobs_of, app, sysadmin):
    before, source = jobs_of()
    job, _ = jobs_of()
    observed.worker()
    observed.waiting(before, source, age=10)
    observed.waiting(job, source)
    page = app.get(f"/harvest/{jobs_of.name}/job/{job}", headers=sysadmin).body
    assert '<strong data-value="position">2</strong>' in page
    address = "/cn-govdata/harvest/job/{}/progress.json"
    waits = app.get(address.format(job), headers=sysadmin).json
    assert waits == {"state": "waiting", "position": 2, "no_worker": False}
    from ckanext.cn_govdata.store import remembered

    [ended] = remembered.last_jobs()
    answer = app.get(address.format(ended["harvest_job_id"]), headers=sysadmin).json
    assert answer == {"state": "ended"}


def test_a_job_without_total_has_no_end(jobs_of):
    from ckanext.cn_govdata.harvest import status

    job, source = jobs_of("Running")
    observed.running(job, source, listed=10, total=None)
    assert status.of_job(job)["estimated_end"] is None
    observed.running(job, source, listed=10, total=5)
    assert status.of_job(job)["estimated_end"] is None
    observed.running(job, source, listed=0, total=5, seconds=0)
    assert status.of_job(job)["per_second"] is None
