"""Harvests through the real servers: what lands, what is left alone, what is never destroyed."""

import pytest

pytestmark = pytest.mark.usefixtures("clean_db")

WATCHED = ("package", "resource", "tag", "package_tag", "member", "harvest_object")


def rows_state():
    """A value that changes with any insert, update or delete in the watched tables."""
    import sqlalchemy as sa
    from ckan import model

    model.Session.rollback()
    tables = (*WATCHED, "cn_govdata_record")
    sql = (
        "SELECT md5(coalesce(string_agg(ctid::text || xmin::text, ',' ORDER BY ctid), '')) FROM {}"
    )
    return {
        # The source's own package is rewritten by ckanext-harvest's status.
        table: model.Session.execute(sa.text(sql.format(table))).scalar()
        for table in tables
    }


def search(**query):
    from ckan.plugins import toolkit as tk

    return tk.get_action("package_search")({}, {"fq": "dataset_type:dataset", "rows": 100, **query})


@pytest.mark.smoke
def test_first_harvest_lands_whole(portal):
    lb = portal(size=40)
    report = lb.run()
    assert report.went_well, report.problems()
    assert (report.added, report.changed, report.refused) == (40, 0, 0)
    found = search()
    assert found["count"] == 40
    assert {d["title"] for d in found["results"]} == {record.title for record in lb.replay.records}
    one = found["results"][0]
    assert one["portal_id"] == "451300"
    assert one["identifier"] == f"451300:{one['source_id']}"
    assert one["name"].startswith("cn-451300-")
    assert one["division_code"].startswith("4513")


def test_second_harvest_writes_no_row(portal):
    lb = portal(size=30)
    lb.run()
    before = rows_state()
    report = lb.run()
    assert (report.added, report.changed, report.unchanged) == (0, 0, 30)
    assert rows_state() == before
    assert report.listing.requests_saved == 30


def test_changed_record_alone_is_written(portal):
    lb = portal(size=20)
    lb.run()
    lb.replay.records[3] = lb.replay.records[3].changed(描述="全新的描述", 更新时间="2026-11-01")
    report = lb.run()
    assert (report.added, report.changed, report.unchanged) == (0, 1, 19)
    assert search(q='notes:"全新的描述"')["count"] == 1


def test_gone_record_is_withdrawn_and_returns_as_the_same_dataset(portal):
    lb = portal(size=20)
    lb.run()
    ids = {d["source_id"]: d["id"] for d in search()["results"]}
    gone = lb.replay.records.pop(5)
    assert lb.run().withdrawn == 1
    assert search()["count"] == 19
    lb.replay.records.append(gone)
    back = lb.run()
    assert search()["count"] == 20
    assert (back.added, back.changed) in {(0, 1), (1, 0)}
    assert {d["source_id"]: d["id"] for d in search()["results"]} == ids


def test_withdrawal_above_the_share_waits_for_a_person(portal):
    lb = portal(size=20)
    lb.run()
    del lb.replay.records[:10]
    report = lb.run()
    assert (report.withdrawn, report.waiting) == (0, 10)
    assert search()["count"] == 20


@pytest.mark.parametrize(
    "fault",
    [
        {"challenge": "412"},
        {"challenge": "script"},
        {"login_redirect": True},
        {"silent_first_page": True},
        {"ends_after": 2},
    ],
)
def test_a_portal_in_trouble_withdraws_nothing(portal, fault):
    lb = portal(size=30)
    lb.run()
    lb.replay.fail(**fault)
    report = lb.run()
    assert not report.went_well
    assert report.withdrawn == 0
    assert search()["count"] == 30


def test_one_bad_record_costs_only_itself(portal):
    lb = portal(size=15)
    lb.replay.records[4] = lb.replay.records[4].changed(标题="")
    report = lb.run()
    assert (report.added, report.refused) == (14, 1)
    assert any("title" in line for line in report.problems())


@pytest.mark.ckan_config("ckanext.cn_govdata.harvest.runner", "stock")
def test_stock_consumers_give_the_same_datasets(portal):
    from ckan.plugins import toolkit as tk
    from ckanext.harvest import queue
    from ckanext.harvest.model import HarvestJob

    from ckanext.cn_govdata.harvest import jobs

    lb = portal(size=25)
    row = jobs.find_source(lb.name)
    queue.purge_queues()
    job = tk.get_action("harvest_job_create")(
        {"ignore_auth": True, "user": ""}, {"source_id": row.id}
    )
    consumer = queue.get_gather_consumer()
    method, header, body = next(consumer.consume(queue.get_gather_queue_name()))
    queue.gather_callback(consumer, method, header, body)
    assert HarvestJob.get(job["id"]).status == "Finished"
    by_queue = {d["id"]: d for d in search()["results"]}
    report = lb.run()
    assert report.unchanged == len(by_queue) == 25


def test_killed_harvest_is_continued(portal):
    """A job left running by a dead worker is ended, its rest is harvested, nothing is twice."""
    from ckanext.harvest.model import HarvestJob

    from ckanext.cn_govdata.harvest import jobs

    lb = portal(size=30)
    dead = jobs.create(jobs.find_source(lb.name))
    jobs.start(dead.id)
    dead_id = dead.id
    report = lb.run()
    assert report.added == 30
    assert HarvestJob.get(dead_id).status == "Finished"
    assert HarvestJob.get(dead_id).gather_errors


def test_a_search_index_that_is_away_costs_no_record(portal, monkeypatch):
    import pysolr

    from ckanext.cn_govdata.store import outbox

    lb = portal(size=15)
    with monkeypatch.context() as away:
        nowhere = pysolr.Solr("http://127.0.0.1:9/solr/ckan", timeout=1)
        away.setattr(outbox, "make_connection", lambda: nowhere)
        report = lb.run()
    assert report.added == 15
    assert report.unindexed == 15
    assert not report.went_well
    assert search()["count"] == 0
    report = lb.run()
    assert (report.unchanged, report.reindexed, report.unindexed) == (15, 16, 0)
    assert search()["count"] == 15
