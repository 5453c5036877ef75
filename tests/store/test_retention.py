"""What is old goes; what a dataset, a next run or another harvester needs stays."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.store import look, sample

pytestmark = pytest.mark.usefixtures("clean_db")

DAYS = 30
LONG_AGO = 100


def prune(**options):
    from ckanext.cn_govdata.store import retention

    return retention.prune("cn_portal", DAYS, **options)


def at(days):
    from ckanext.cn_govdata.store.tables import now

    return now() - timedelta(days=days)


def new_job(source_id, *, days, status="Finished", message=None):
    from ckanext.harvest.model import HarvestGatherError, HarvestJob, HarvestSource

    job = HarvestJob(source=HarvestSource.get(source_id), status=status, created=at(days))
    job.finished = at(days) if status == "Finished" else None
    job.save()
    if message:
        HarvestGatherError(message=message, job=job).save()
    return job.id


def new_object(source_id, job_id, *, days, package_id=None, current=False):
    from ckanext.harvest.model import (
        HarvestJob,
        HarvestObject,
        HarvestObjectError,
        HarvestObjectExtra,
    )

    made = HarvestObject(guid="g", job=HarvestJob.get(job_id), current=current, gathered=at(days))
    made.import_finished = at(days)
    made.package_id = package_id
    made.extras = [HarvestObjectExtra(key="k", value="v")]
    made.errors = [HarvestObjectError(message="m", stage="Import")]
    made.save()
    return made.id


def came_to(job_id, source_id, *, days, outcome="complete", **counters):
    from ckan import model

    from ckanext.cn_govdata.store.tables import job_table

    row = {
        "harvest_job_id": job_id,
        "harvest_source_id": source_id,
        "portal_id": sample.PORTAL,
        "outcome": outcome,
        "counters": counters,
        "ended": at(days),
    }
    model.Session.execute(sa.insert(job_table).values(row))
    model.Session.commit()


def make_old(days=LONG_AGO):
    """Let everything that there is be so many days older."""
    from ckan import model

    for sql in (
        "UPDATE harvest_object SET gathered = gathered - :d, import_finished = import_finished - :d",
        "UPDATE harvest_job SET created = created - :d, finished = finished - :d",
        "UPDATE cn_govdata_job SET ended = ended - :d",
        "UPDATE cn_govdata_error SET at = at - :d",
    ):
        model.Session.execute(sa.text(sql), {"d": timedelta(days=days)})
    model.Session.commit()
    model.Session.expire_all()


def finish(job_id):
    from ckan import model
    from ckanext.harvest.model import HarvestJob

    job = HarvestJob.get(job_id)
    job.status, job.finished = "Finished", job.created
    model.Session.commit()


def ids(table):
    from ckan import model

    return set(model.Session.execute(sa.select(table.c.id)).scalars())


def objects():
    from ckanext.harvest.model import HarvestObject

    return ids(HarvestObject.__table__)


def jobs():
    from ckanext.harvest.model import HarvestJob

    return ids(HarvestJob.__table__)


def test_old_objects_go_and_current_ones_stay(catalogue, writer):
    from ckanext.harvest.model import HarvestObjectError, HarvestObjectExtra

    writer.write(sample.items(3))
    current = objects()
    superseded = new_object(catalogue.source, catalogue.job, days=0)
    make_old()
    recent = new_job(catalogue.source, days=1)
    young = new_object(catalogue.source, recent, days=1)
    assert prune().objects == 0  # its job has not ended
    finish(catalogue.job)
    assert prune(dry_run=True).as_dict() == {
        "objects": 1,
        "jobs": 1,
        "messages": 0,
        "results": 0,
        "errors": 0,
    }
    assert superseded in objects()
    gone = prune()
    assert (gone.objects, gone.jobs) == (1, 1)
    assert objects() == current | {young}
    assert jobs() == {recent}
    assert look.count(HarvestObjectExtra.__table__) == 1
    assert look.count(HarvestObjectError.__table__) == 1
    assert prune() == type(gone)()


def test_records_can_be_mapped_again_and_written_after_pruning(catalogue, writer):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.store.known import KnownRecords

    items = sample.items(4)
    writer.write(items)
    finish(catalogue.job)
    make_old()
    new_job(catalogue.source, days=1)
    assert prune().jobs == 1
    known = KnownRecords.load(sample.PORTAL)
    assert len(list(known.stale("another"))) == 4
    result = writer.write(items)
    assert (result.added, result.changed) == (0, 0)
    [one, *_] = objects()
    assert tk.get_action("harvest_object_show")({"ignore_auth": True}, {"id": one})["job"] is None


def test_the_last_job_and_those_that_run_stay(catalogue):
    from ckanext.harvest.model import HarvestGatherError

    source = catalogue.source
    make_old()
    old = [new_job(source, days=days, message="m") for days in (90, 80, 70)]
    running = new_job(source, days=85, status="Running")
    last = new_job(source, days=60, message="m")
    kept = new_object(source, running, days=85)
    lasting = new_object(source, last, days=60)
    new_object(source, old[0], days=90)
    gone = prune()
    assert (gone.objects, gone.jobs, gone.messages) == (1, 3, 3)
    assert jobs() == {catalogue.job, running, last}
    assert objects() == {kept, lasting}
    assert look.count(HarvestGatherError.__table__) == 1


def test_other_harvesters_are_left_alone(catalogue):
    from ckanext.harvest.model import HarvestSource

    other = HarvestSource(url="http://ckan.example.org/", type="ckan")
    other.save()
    for days in (90, 80):
        new_object(other.id, new_job(other.id, days=days, message="m"), days=days)
    assert prune() == type(prune())()
    assert len(objects()) == 2


def test_what_a_next_run_must_know_stays(catalogue):
    from ckanext.cn_govdata.store import remembered
    from ckanext.cn_govdata.store.tables import job_table

    source = catalogue.source
    for number, (days, outcome, counters) in enumerate(
        [
            (95, "complete", {}),
            (90, "complete", {"newest": "2026-01-01"}),
            (85, "complete", {}),
            (80, "partial", {}),
            (75, "blocked", {}),
        ]
    ):
        came_to(f"job-{number}", source, days=days, outcome=outcome, **counters)
    before = remembered.last_complete(source), remembered.newest_update(source)
    assert prune().results == 2
    assert look.count(job_table) == 3
    assert (remembered.last_complete(source), remembered.newest_update(source)) == before
    assert remembered.last_jobs(source)[0]["harvest_job_id"] == "job-4"


def test_old_errors_go_but_those_of_the_last_job(catalogue):
    from ckan import model

    from ckanext.cn_govdata.store import errors
    from ckanext.cn_govdata.store.errors import Error

    old = new_job(catalogue.source, days=0)
    last = new_job(catalogue.source, days=-1)
    for job in (old, last):
        errors.save(job, [Error("1", "r", "refused")])
    model.Session.commit()
    make_old()
    assert prune().errors == 1
    assert (errors.count(old), errors.count(last)) == (0, 1)


def test_batches_end_and_a_second_process_waits_for_no_one(catalogue, monkeypatch):
    from ckanext.cn_govdata.store import lock, retention

    make_old()
    old = new_job(catalogue.source, days=90)
    new_job(catalogue.source, days=1)
    for _ in range(7):
        new_object(catalogue.source, old, days=90)
    monkeypatch.setattr(retention, "BATCH", 2)
    with lock.held("retention", "x"), pytest.raises(lock.Locked):
        prune()
    assert prune().objects == 7
