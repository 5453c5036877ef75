"""Runs that read less than everything: what they find, what they save, when all is read again."""

import datetime as dt

import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.usefixtures("clean_db")
WENZHOU = "330300"


@pytest.fixture
def newest(portal):
    """A portal of a family that lists the newest update first, ten days of updates a page."""
    made = portal(WENZHOU, size=90, page_size=10)
    day = dt.datetime.now(dt.UTC).date()
    for number, record in enumerate(made.replay.records):
        when = (day - dt.timedelta(days=number)).isoformat()
        made.replay.records[number] = record.changed(更新日期=when, 更新时间=when)
    return made


def later(days):
    """Move what is remembered of past jobs so many days back."""
    from ckan import model

    model.Session.execute(
        sa.text("UPDATE cn_govdata_job SET ended = ended - make_interval(days => :days)"),
        {"days": days},
    )
    model.Session.commit()


def test_a_run_that_is_not_due_to_be_complete_stops_where_nothing_is_new(newest):
    first = newest.run()
    assert (first.listing.outcome.value, first.added) == ("complete", 90)
    asked = len(newest.replay.requests)
    second = newest.run()
    assert second.went_well
    assert second.listing.outcome.value == "partial"
    assert (second.added, second.changed, second.withdrawn) == (0, 0, 0)
    # The request for the cookie, robots.txt and three pages of nine; no detail.
    assert len(newest.replay.requests) - asked == 5
    assert (second.listing.list_requests_saved, second.listing.requests_saved) == (6, 90)


def test_news_are_found_and_nothing_is_withdrawn_by_a_partial_run(newest):
    newest.run()
    today = dt.datetime.now(dt.UTC).date().isoformat()
    del newest.replay.records[80]
    edited = newest.replay.records.pop(60)
    newest.replay.records.insert(0, edited.changed(更新日期=today, 更新时间=today))
    report = newest.run()
    assert report.listing.outcome.value == "partial"
    assert (report.changed, report.withdrawn) == (1, 0)


def test_a_complete_listing_comes_back_within_the_days(newest):
    newest.run()
    assert newest.run().listing.outcome.value == "partial"
    later(7)
    report = newest.run()
    assert report.listing.outcome.value == "complete"
    assert report.unchanged == 90


def test_a_person_may_ask_for_a_complete_listing(newest):
    newest.run()
    assert newest.run(full=True).listing.outcome.value == "complete"


def test_complete_listings_of_many_portals_spread_over_the_nights():
    from collections import Counter

    from ckanext.cn_govdata.crawl import refresh

    first = dt.date(2026, 3, 1)
    last = {f"{code:06}": first for code in range(110000, 110700)}
    nights = Counter()
    for night in range(1, 8):
        today = first + dt.timedelta(days=night)
        nights[night] = sum(refresh.due(key, day, today, 7) for key, day in last.items())
        last = {k: today if refresh.due(k, d, today, 7) else d for k, d in last.items()}
    assert sum(nights.values()) == 700
    assert max(nights.values()) < 140
