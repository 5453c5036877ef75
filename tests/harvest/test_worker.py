"""Worker processes: who does a job, what becomes of it when the worker ends, whom it holds up."""

import time

import pytest

from tests.harvest.conftest import LAIBIN, ZUNYI
from tests.harvest.workers import WorkerProcess, counters, datasets, errors, job, send, wait_for

SIZE = 60


@pytest.mark.smoke
def test_job_of_a_page_is_done_by_a_worker_and_leaves_the_stock_queue_alone(portal, tmp_path):
    from ckanext.harvest import queue as stock

    from ckanext.cn_govdata.store import queue

    stock.purge_queues()
    lb = portal(size=25)
    job_id = send(lb)
    assert job(job_id).status == "New"
    assert [each["manual"] for each in queue.waiting()] == [True]
    consumer = stock.get_gather_consumer()
    assert consumer.basic_get(stock.get_gather_queue_name())[2] is None
    with WorkerProcess(tmp_path, "--once") as worker:
        assert worker.wait() == 0
    assert job(job_id).status == "Finished"
    assert (counters(job_id)["added"], datasets(), queue.length()) == (25, 25, 0)


def test_jobs_of_cron_are_the_schedules(portal, tmp_path):
    from ckan import model
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.harvest import jobs
    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import queue

    lb = portal(size=5)
    row = jobs.find_source(lb.name)
    row.frequency, row.next_run = "ALWAYS", None
    model.Session.commit()
    tk.get_action("harvest_jobs_run")(as_site_user(), {})
    assert [each["manual"] for each in queue.waiting()] == [False]
    tk.get_action("harvest_jobs_run")(as_site_user(), {})
    assert queue.length() == 1


@pytest.mark.smoke
def test_killed_workers_job_is_continued_behind_its_last_finished_page(portal, tmp_path):
    from ckanext.harvest.model import HarvestObject

    from ckanext.cn_govdata.store import outbox, progress

    lb = portal(size=SIZE, page_size=10)
    lb.replay.fail(latency=0.15)
    job_id = send(lb)
    with WorkerProcess(tmp_path) as worker:
        wait_for(lambda: _kept_pages(job_id) >= 2)
        worker.kill()
    done = datasets()
    kept = _kept_pages(job_id)
    assert kept * 10 <= done < SIZE
    assert job(job_id).status == "Running"
    lb.replay.recover()
    asked = len(lb.replay.requests)
    with WorkerProcess(tmp_path, "--once") as worker:
        assert worker.wait() == 0
    details_and_pages = len(lb.replay.requests) - asked
    assert details_and_pages < (SIZE - kept * 10) * 3 + 10
    assert job(job_id).status == "Finished"
    found = counters(job_id)
    assert (found["outcome"], found["listed"], found["refused"]) == ("complete", SIZE, 0)
    assert found["added"] + found["unchanged"] == SIZE
    assert datasets() == SIZE == HarvestObject.filter(current=True).count()
    assert outbox.pending() == 0
    assert progress.running() == []
    assert _kept_pages(job_id) == 0


def _kept_pages(job_id):
    from ckan import model

    from ckanext.cn_govdata.store import pages_read

    model.Session.rollback()
    return len(pages_read.of_job(job_id))


def test_worker_that_is_asked_to_end_hands_its_job_back(portal, tmp_path):
    from ckanext.cn_govdata.store import queue, workers

    lb = portal(size=SIZE)
    lb.replay.fail(latency=0.1)
    job_id = send(lb)
    with WorkerProcess(tmp_path) as worker:
        wait_for(lambda: datasets() > 0)
        assert len(workers.living()) == 1
        assert worker.terminate() == 0
    done = datasets()
    assert 0 < done < SIZE
    assert job(job_id).status == "New"
    assert [each["holder"] for each in queue.waiting()] == [None]
    assert workers.living() == []
    lb.replay.recover()
    with WorkerProcess(tmp_path, "--once") as worker:
        assert worker.wait() == 0
    assert (job(job_id).status, datasets()) == ("Finished", SIZE)
    assert counters(job_id)["added"] == SIZE


def test_batch_at_hand_when_a_worker_must_end_is_written(portal, monkeypatch):
    """Else its pages would count as done with, though some of their records are lost."""
    from ckanext.cn_govdata.harvest import database
    from ckanext.cn_govdata.harvest.run import Run
    from ckanext.cn_govdata.harvest.worker import Worker

    lb = portal(size=30)
    job_id = send(lb)
    worker, take = Worker(), Run.take

    def stopped(*_):
        monkeypatch.setattr(Run, "take", take)
        worker.stop()
        raise database.Stopped

    monkeypatch.setattr(Run, "take", stopped)
    with lb.app.flask_app.test_request_context():
        worker.work()
    assert job(job_id).status == "New"
    assert datasets() == 30


def test_two_workers_do_every_job_once(portal, tmp_path):
    lb, zy = portal(size=30), portal(ZUNYI, size=30)
    for each in (lb, zy):
        each.replay.fail(latency=0.02)
    ids = [send(each) for each in (lb, zy)]
    with (
        WorkerProcess(tmp_path, "--once", "--portals", "1") as one,
        WorkerProcess(tmp_path, "--once", "--portals", "1") as other,
    ):
        assert (one.wait(), other.wait()) == (0, 0)
    assert [job(each).status for each in ids] == ["Finished"] * 2
    assert [counters(each)["added"] for each in ids] == [30, 30]
    assert all(len(set(details)) == len(details) for details in map(_details, (lb, zy)))


def _details(portal):
    return [each.target + str(each.body) for each in portal.replay.requests]


def test_what_people_start_does_not_wait_behind_the_night(portal, tmp_path):
    from ckanext.cn_govdata.harvest import queueing

    lb, zy = portal(size=40), portal(ZUNYI, size=5)
    lb.replay.fail(latency=0.5)
    with queueing.scheduled():
        night = send(lb)
    with WorkerProcess(tmp_path, "--portals", "1"):
        wait_for(lambda: job(night).status == "Running")
        person = send(zy)
        wait_for(lambda: job(person).status == "Finished")
        assert job(night).status == "Running"


def test_slow_portal_holds_up_nobody(portal, tmp_path):
    lb, zy = portal(size=40), portal(ZUNYI, size=40)
    lb.replay.fail(latency=1.0)
    slow, fast = send(lb), send(zy)
    with WorkerProcess(tmp_path):
        wait_for(lambda: job(fast).status == "Finished")
        assert job(slow).status == "Running"
    assert counters(fast)["added"] == 40


def test_stopped_job_ends_within_seconds(portal, tmp_path):
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import leases, queue

    lb = portal(LAIBIN, size=60)
    lb.replay.fail(latency=0.3)
    job_id = send(lb)
    with WorkerProcess(tmp_path) as worker:
        wait_for(lambda: job(job_id).status == "Running")
        wait_for(lambda: len(lb.replay.requests) > 3)
        tk.get_action("harvest_job_abort")(as_site_user(), {"id": job_id})
        began = time.monotonic()
        wait_for(lambda: job(job_id).finished is not None, 20)
        assert time.monotonic() - began < 15
        wait_for(lambda: leases.holder_of(LAIBIN) is None, 10)
        asked = len(lb.replay.requests)
        time.sleep(1.5)
        assert len(lb.replay.requests) <= asked + 1
        assert worker.process.poll() is None
    assert any("stopped by a person" in line for line in errors(job_id))
    assert queue.length() == 0


def test_stopped_job_that_waits_leaves_the_queue(portal):
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import queue

    job_id = send(portal(size=5))
    tk.get_action("harvest_job_abort")(as_site_user(), {"id": job_id})
    assert queue.length() == 0
    assert job(job_id).finished is not None


def test_wrong_configuration_ends_the_job_with_its_reason(portal, tmp_path):
    from ckan import model

    from ckanext.cn_govdata.harvest import jobs

    lb = portal(size=5)
    jobs.find_source(lb.name).config = '{"family": "no-such-family"}'
    model.Session.commit()
    job_id = send(lb)
    with WorkerProcess(tmp_path, "--once") as worker:
        assert worker.wait() == 0
    assert job(job_id).status == "Finished"
    assert any("no-such-family" in line for line in errors(job_id))


def test_no_job_runs_without_a_process(portal):
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.harvest import jobs
    from ckanext.cn_govdata.schema.site_user import as_site_user

    lb = portal(size=5)
    orphan = jobs.create(jobs.find_source(lb.name))
    jobs.start(orphan.id)
    queued = send(portal(ZUNYI, size=5))
    jobs.start(queued)
    tk.get_action("harvest_jobs_run")(as_site_user(), {})
    assert job(orphan.id).status == "Finished"
    assert any("worker" in line for line in errors(orphan.id))
    assert job(queued).status == "New"


def test_job_over_which_workers_die_is_given_up(portal, tmp_path):
    import sqlalchemy as sa
    from ckan import model

    from ckanext.cn_govdata.harvest import worker
    from ckanext.cn_govdata.store.tables import queue_table

    job_id = send(portal(size=5))
    model.Session.execute(sa.update(queue_table).values(attempts=worker.MOST_ATTEMPTS))
    model.Session.commit()
    with WorkerProcess(tmp_path, "--once") as process:
        assert process.wait() == 0
    assert job(job_id).status == "Finished"
    assert any("not tried again" in line for line in errors(job_id))
    assert datasets() == 0


def test_a_worker_whose_lease_was_taken_over_writes_nothing_more(portal):
    from ckanext.cn_govdata.harvest import jobs, runner
    from ckanext.cn_govdata.store import leases

    lb = portal(size=30)
    begun = runner.Job(jobs.create(jobs.find_source(lb.name)).id)
    lease = leases.take(*begun.place, 0.01)
    jobs.start(begun.job_id)
    begun.begin(lease)
    begun.run.open()
    from ckanext.cn_govdata.crawl.client import Client

    with Client(begun.client_settings) as client:
        things = list(begun.run.items(client.fetch))
    time.sleep(0.1)
    assert leases.take(*begun.place, 60).token > lease.token
    with pytest.raises(leases.LeaseLost):
        begun.run.take(things)
    assert datasets() == 0
