"""Scheduled sources: each at its slot in the night, whoever sets the next run."""

from datetime import UTC, datetime, timedelta

import pytest

from ckanext.cn_govdata.portals import registry

pytestmark = pytest.mark.usefixtures("with_plugins")

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC).replace(tzinfo=None)  # noon in China
HOURS = 8 * 60


def slots(frequency, after=NOON):
    from ckanext.cn_govdata.harvest import schedule

    ids = [portal.portal_id for portal in registry.portals()]
    return [schedule.next_run(frequency, portal_id, after) for portal_id in ids]


def test_daily_sources_are_spread_over_the_night():
    found = slots("DAILY")
    start = NOON + timedelta(hours=10)  # 22:00 in China
    minutes = [(slot - start) // timedelta(minutes=1) for slot in found]
    assert all(0 <= minute < HOURS for minute in minutes)
    by_hour = [sum(hour == minute // 60 for minute in minutes) for hour in range(8)]
    assert min(by_hour) > len(found) / 8 / 2
    assert found == slots("DAILY")


def test_a_run_that_is_late_does_not_move_the_slot():
    from ckanext.cn_govdata.harvest import schedule

    first = schedule.next_run("DAILY", "321300", NOON)
    assert schedule.next_run("DAILY", "321300", first) == first + timedelta(days=1)
    for late in (timedelta(minutes=7), timedelta(hours=20)):
        assert schedule.next_run("DAILY", "321300", first + late) == first + timedelta(days=1)


@pytest.mark.parametrize(("frequency", "days"), [("WEEKLY", 7), ("BIWEEKLY", 14)])
def test_rarer_sources_are_spread_over_the_days_too(frequency, days):
    from ckanext.cn_govdata.harvest import schedule

    found = slots(frequency)
    assert len({slot.date() for slot in found}) >= days
    assert all(timedelta(0) < slot - NOON <= timedelta(days=days) for slot in found)
    first = schedule.next_run(frequency, "321300", NOON)
    assert schedule.next_run(frequency, "321300", first) == first + timedelta(days=days)


def test_a_monthly_source_comes_once_a_month():
    from ckanext.cn_govdata.harvest import schedule

    slot, months = NOON, []
    for _ in range(12):
        slot = schedule.next_run("MONTHLY", "321300", slot)
        months.append((slot + timedelta(hours=2)).strftime("%Y-%m"))
    assert len(set(months)) == 12


def test_by_hand_and_always_have_no_slot():
    assert set(slots("MANUAL")) == set(slots("ALWAYS")) == {None}


@pytest.mark.ckan_config("ckanext.cn_govdata.harvest.night", "9 to 5")
def test_a_night_that_is_none_is_refused():
    with pytest.raises(ValueError, match=r"harvest\.night"):
        slots("DAILY")


def test_the_cron_command_does_not_move_the_slot(clean_db, clean_index, with_request_context):
    from ckan import model
    from ckan.plugins import toolkit as tk
    from ckanext.harvest import queue
    from ckanext.harvest.model import HarvestJob, HarvestSource

    from ckanext.cn_govdata.harvest import jobs, schedule, sources
    from ckanext.cn_govdata.schema.site_user import as_site_user

    sources.create(registry.get("321300"), schedule="DAILY")
    row = jobs.find_source("portal-321300")
    present = datetime.now(UTC).replace(tzinfo=None)
    slot = schedule.next_run("DAILY", "321300", present)
    assert row.next_run == slot
    overdue = present - timedelta(hours=1)
    table = HarvestSource.__table__
    model.Session.execute(table.update().values(next_run=overdue))
    model.Session.commit()
    model.Session.expire_all()
    queue.purge_queues()
    tk.get_action("harvest_jobs_run")({**as_site_user(), "session": model.Session}, {})
    assert HarvestJob.filter(source_id=row.id).count() == 1
    model.Session.expire_all()
    assert jobs.find_source("portal-321300").next_run == slot
    queue.purge_queues()
