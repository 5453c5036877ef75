"""Our answers about sources and jobs are those of ckanext-harvest, without counting objects."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

SIZE = 40


@pytest.fixture
def harvested(portal):
    """A source whose first job added everything and whose second found nothing new."""
    made = portal(size=SIZE)
    made.run()
    made.run()
    return made


@pytest.fixture
def call(harvested):
    """Call ckanext-harvest's own action and ours with the same data."""
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckanext.harvest.logic.action import get as stock

    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import outbox

    outbox.commit()

    def both(name, **data):
        with harvested.app.flask_app.test_request_context():
            context = {**as_site_user(), "model": model, "session": model.Session}
            theirs = getattr(stock, name)(dict(context), dict(data))
            ours = tk.get_action(name)(as_site_user(), dict(data))
        return ours, theirs

    return both


@pytest.fixture
def source_id(harvested):
    from ckanext.cn_govdata.harvest import jobs

    return jobs.find_source(harvested.name).id


@contextmanager
def statements():
    from ckan import model

    found = []

    def note(_connection, _cursor, statement, *_):
        found.append(statement)

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


def jobs_of(source_id):
    from ckan import model
    from ckanext.harvest.model import HarvestJob

    return (
        model.Session.query(HarvestJob)
        .filter_by(source_id=source_id)
        .order_by(HarvestJob.created)
        .all()
    )


def known(job):
    """A job without the one number that ckanext-harvest cannot know: nothing is written for it."""
    return {**job, "stats": {k: v for k, v in job["stats"].items() if k != "not modified"}}


def test_status_of_a_source(call, source_id):
    ours, theirs = call("harvest_source_show_status", id=source_id)
    assert ours.keys() == theirs.keys()
    assert ours["total_datasets"] == theirs["total_datasets"] == SIZE
    assert ours["job_count"] == theirs["job_count"] == 2
    assert known(ours["last_job"]) == known(theirs["last_job"])
    assert ours["last_job"]["stats"]["not modified"] == SIZE


def test_datasets_that_people_deleted_or_hid_do_not_count(call, source_id, harvested):
    import ckan.plugins.toolkit as tk
    from ckan import model

    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import outbox

    with harvested.app.flask_app.test_request_context():
        rows = model.Session.query(model.Package.id).filter_by(type="dataset").limit(3)
        first, second, third = [row[0] for row in rows]
        tk.get_action("package_delete")(as_site_user(), {"id": first})
        tk.get_action("package_delete")(as_site_user(), {"id": second})
        tk.get_action("package_patch")(as_site_user(), {"id": third, "private": True})
        outbox.drain()
        outbox.commit()
    ours, theirs = call("harvest_source_show_status", id=source_id)
    assert ours["total_datasets"] == theirs["total_datasets"] == SIZE - 3


def test_the_index_is_told_by_the_database(source_id, harvested):
    """What is indexed must not be what the index said before."""
    import ckan.plugins.toolkit as tk
    from ckan.lib.search import clear_all

    from ckanext.cn_govdata.schema.site_user import as_site_user

    clear_all()
    with harvested.app.flask_app.test_request_context():
        show = tk.get_action("harvest_source_show_status")
        shown = show({**as_site_user(), "use_cache": False}, {"id": source_id})
        assert shown["total_datasets"] == SIZE
        assert show(as_site_user(), {"id": source_id})["total_datasets"] == 0


def test_a_source_without_jobs(portal):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.harvest import jobs
    from ckanext.cn_govdata.schema.site_user import as_site_user

    made = portal(size=1)
    with made.app.flask_app.test_request_context():
        source = jobs.find_source(made.name)
        shown = tk.get_action("harvest_source_show_status")(as_site_user(), {"id": source.id})
    assert shown == {"job_count": 0, "last_job": None, "total_datasets": 0}


def test_a_job(call, source_id):
    first, second = [job.id for job in jobs_of(source_id)]
    ours, theirs = call("harvest_job_show", id=first)
    assert ours == theirs
    assert ours["stats"]["added"] == SIZE
    ours, theirs = call("harvest_job_show", id=second)
    assert known(ours) == known(theirs)


def test_errors_of_a_job_are_counted(call, source_id):
    from ckan import model
    from ckanext.harvest.model import HarvestGatherError, HarvestObject, HarvestObjectError

    first = jobs_of(source_id)[0]
    found = model.Session.query(HarvestObject).filter_by(harvest_job_id=first.id).limit(2)
    for harvest_object in found:
        for number in range(2):
            model.Session.add(HarvestObjectError(message=f"m{number}", object=harvest_object))
    model.Session.add(HarvestGatherError(message="gathered", job=first))
    model.Session.commit()
    ours, theirs = call("harvest_job_show", id=first.id)
    assert ours["stats"]["errored"] == theirs["stats"]["errored"] == 3
    for summary in ("object_error_summary", "gather_error_summary"):
        for each in (ours, theirs):
            each[summary].sort(key=lambda row: row["message"])
    assert ours == theirs


@pytest.mark.smoke
def test_jobs(call, source_id):
    ours, theirs = call("harvest_job_list", source_id=source_id)
    assert [known(job) for job in ours] == [known(job) for job in theirs]
    assert "object_error_summary" not in ours[0]
    ours, theirs = call("harvest_job_list", source_id=source_id, status="New")
    assert ours == theirs == []


def test_a_running_job_shows_what_it_has_done_so_far(source_id, harvested):
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckanext.harvest.model import HarvestSource

    from ckanext.cn_govdata.harvest import jobs
    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import progress

    with harvested.app.flask_app.test_request_context():
        job = jobs.create(HarvestSource.get(source_id))
        counters = {"portal_id": "451300", "added": 7, "changed": 2, "unchanged": 5}
        progress.keep(job.id, source_id, counters)
        model.Session.commit()
        shown = tk.get_action("harvest_job_show")(as_site_user(), {"id": job.id})
    assert shown["stats"] == {
        "added": 7,
        "updated": 2,
        "not modified": 5,
        "deleted": 0,
        "errored": 0,
    }


def test_sources_and_jobs_of_other_harvesters_are_ckanext_harvests_own(call):
    from ckan import model
    from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

    source = HarvestSource(url="http://other.example.cn/", type="other", title="other")
    source.save()
    model.Session.add(model.Package(id=source.id, name="other", type="harvest"))
    job = HarvestJob(source=source)
    job.save()
    for status in ("added", "added", "not modified"):
        HarvestObject(guid=status, job=job, report_status=status).save()
    for name, data in (
        ("harvest_job_show", {"id": job.id}),
        ("harvest_job_list", {"source_id": source.id}),
        ("harvest_job_list", {"source_id": source.id, "status": "New"}),
        ("harvest_source_show_status", {"id": source.id}),
    ):
        ours, theirs = call(name, **data)
        assert ours == theirs
    assert call("harvest_job_show", id=job.id)[0]["stats"]["not modified"] == 1


def test_harvest_objects_are_not_counted(call, source_id, harvested):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user

    wide = ("FROM package JOIN harvest_object", "FROM harvest_object \nWHERE")
    with harvested.app.flask_app.test_request_context():
        for name, data, most in (
            ("harvest_source_show_status", {"id": source_id}, 9),
            ("harvest_job_list", {"source_id": source_id}, 4),
            ("harvest_job_show", {"id": jobs_of(source_id)[0].id}, 6),
        ):
            tk.get_action(name)(as_site_user(), dict(data))
            context = as_site_user()
            with statements() as found:
                tk.get_action(name)(context, dict(data))
            assert len(found) <= most, found
            assert not [one for one in found for part in wide if part in one]


@pytest.mark.parametrize(
    ("name", "key"), [("harvest_job_show", "id"), ("harvest_job_list", "source_id")]
)
def test_who_may_not_see_jobs(call, source_id, harvested, name, key):
    import ckan.plugins.toolkit as tk
    from ckan.tests import factories

    value = source_id if key == "source_id" else jobs_of(source_id)[0].id
    user = factories.User()
    with harvested.app.flask_app.test_request_context():
        for reader in ("", user["name"]):
            with pytest.raises(tk.NotAuthorized):
                tk.get_action(name)({"user": reader, "ignore_auth": False}, {key: value})


def test_what_is_not_there(harvested):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user

    with harvested.app.flask_app.test_request_context():
        for name in ("harvest_source_show_status", "harvest_job_show"):
            with pytest.raises(tk.ObjectNotFound):
                tk.get_action(name)(as_site_user(), {"id": "nothing"})


def test_pages_of_a_source_ask_few_statements(call, source_id, harvested):
    """Whatever the number of datasets and jobs."""
    from ckan.tests import factories

    administrator = factories.SysadminWithToken()
    headers = {"Authorization": administrator["token"]}
    first = jobs_of(source_id)[0].id
    pages = {
        f"/harvest/{harvested.name}": 45,
        f"/harvest/admin/{harvested.name}": 45,
        f"/harvest/{harvested.name}/job": 45,
        f"/harvest/{harvested.name}/job/{first}": 45,
        f"/harvest/{harvested.name}/job/last": 60,
    }
    for address, most in pages.items():
        with statements() as found:
            page = harvested.app.get(address, headers=headers)
        assert page.status_code == 200
        assert len(found) <= most, (address, len(found))
        assert not [one for one in found if "FROM package JOIN harvest_object" in one], address
