"""Newest-first lists: where they may be left, and what must be read all the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cn_govdata.crawl.errors import Unreachable
from ckanext.cn_govdata.crawl.messages import ItemStatus, Outcome

from .fake import FakePortal, Memory, profile, read

NEWEST = profile({"size": 10, "total": "json:total", "newest_first": "source_modified"})
TODAY = date(2024, 5, 1)


def ids(number: int) -> list[str]:
    return [f"r{i}" for i in range(number)]


def day(before: int) -> str:
    return (TODAY - timedelta(days=before)).isoformat()


def known_portal(number: int = 100, **changes):
    """A portal with an update every day, read whole once."""
    portal, memory = FakePortal(ids(number), **changes), Memory()
    portal.dates = {one: day(age) for age, one in enumerate(portal.ids)}
    items, report = read(portal, memory, profile=NEWEST)
    memory.learn(items)
    portal.asked.clear()
    portal.listings = 0
    return portal, memory, report


def partial(portal, memory, newest=None, **changes):
    changes = {"full": False, "newest_known": newest or TODAY, "today": TODAY, **changes}
    return read(portal, memory, profile=NEWEST, **changes)


def changed(items):
    return {item.source_id for item in items if item.status is ItemStatus.CHANGED}


def update(portal, one, when=None):
    """A record is edited: it moves to the top."""
    portal.ids.remove(one)
    portal.ids.insert(0, one)
    portal.dates[one] = when or TODAY.isoformat()
    portal.texts[one] = "neu"


def test_an_unchanged_portal_costs_three_list_pages_and_no_detail():
    portal, memory, first = known_portal()
    assert first.newest == TODAY.isoformat()
    items, report = partial(portal, memory)
    # Page 1 holds the last three days; 2 and 3 are the quiet ones.
    assert (report.outcome, report.pages, report.requests) == (Outcome.PARTIAL, 3, 3)
    assert portal.details == []
    assert not changed(items)
    assert (report.list_requests_saved, report.requests_saved) == (7, 100)
    assert report.newest == TODAY.isoformat()


def test_a_great_day_of_uploads_long_ago_is_not_read_every_night():
    portal, memory = FakePortal(ids(100)), Memory()
    portal.dates = dict.fromkeys(portal.ids, "2021-06-18")
    items, first = read(portal, memory, profile=NEWEST)
    memory.learn(items)
    newest = date.fromisoformat(first.newest)
    _, report = partial(portal, memory, newest)
    assert report.pages == 10
    _, report = partial(portal, memory, newest, newest_known_on=TODAY - timedelta(days=1))
    assert (report.outcome, report.pages) == (Outcome.PARTIAL, 2)
    portal.ids[:0] = [f"new{n}" for n in range(25)]
    portal.dates |= {f"new{n}": day(20) for n in range(25)}
    items, _ = partial(portal, memory, newest, newest_known_on=TODAY - timedelta(days=1))
    assert changed(items) == {f"new{n}" for n in range(25)}


def test_a_complete_listing_is_complete_whatever_is_known():
    portal, memory, _ = known_portal()
    _, report = partial(portal, memory, full=True)
    assert (report.outcome, report.pages) == (Outcome.COMPLETE, 10)
    assert report.list_requests_saved == 0


def test_without_a_date_to_go_by_the_list_is_read_to_its_end():
    portal, memory, _ = known_portal()
    _, report = read(portal, memory, profile=NEWEST, full=False, today=TODAY)
    assert report.outcome is Outcome.COMPLETE


@given(edited=st.sets(st.integers(0, 99), max_size=45), new=st.integers(0, 15))
@settings(max_examples=15, deadline=None)
def test_every_update_since_the_last_run_is_found(edited, new):
    portal, memory, _ = known_portal()
    for number in edited:
        update(portal, f"r{number}")
    for number in range(new):
        portal.ids.insert(0, f"new{number}")
        portal.dates[f"new{number}"] = TODAY.isoformat()
    items, report = partial(portal, memory)
    expected = {f"r{n}" for n in edited} | {f"new{n}" for n in range(new)}
    expected -= {"r0"} if "r0" in expected else set()  # its day is the same: the list shows no edit
    assert changed(items) - {"r0"} == expected
    assert report.outcome in {Outcome.PARTIAL, Outcome.COMPLETE}


def test_an_update_entered_two_days_late_is_found():
    portal, memory, _ = known_portal()
    portal.ids.insert(2, "late")
    portal.dates["late"] = day(2)
    items, _ = partial(portal, memory)
    assert changed(items) == {"late"}


def test_records_that_arrive_while_paging_are_found_now_or_by_the_next_run():
    portal, memory, _ = known_portal()
    update(portal, "r50")
    portal.arrivals = {2: "x1", 3: "x2"}
    portal.dates |= {"x1": TODAY.isoformat(), "x2": TODAY.isoformat()}
    items, report = partial(portal, memory)
    memory.learn(items)
    assert changed(items) == {"r50"}
    items, _ = partial(portal, memory, date.fromisoformat(report.newest))
    assert changed(items) == {"x1", "x2"}


def test_a_record_that_goes_while_paging_ends_no_list_early():
    """What moves up over a page's edge is not seen: the run neither stops early nor moves on."""
    portal, memory, _ = known_portal()
    for number in range(25, 0, -1):
        update(portal, f"r{number}")
    portal.leavers = {2: "r1"}
    items, report = partial(portal, memory)
    assert "r11" not in changed(items)
    assert report.outcome is Outcome.INCOMPLETE
    assert report.newest is None
    items, report = partial(portal, memory)
    assert "r11" in changed(items)


def test_one_wrong_old_page_in_the_middle_hides_nothing():
    portal, memory, _ = known_portal()
    for number in range(35, 5, -1):
        update(portal, f"r{number}")
    portal.pages[2] = ids(100)[60:70]
    items, _ = partial(portal, memory)
    assert {"r30", "r35"} <= changed(items)


def test_a_page_that_comes_twice_is_not_a_quiet_one():
    portal, memory, _ = known_portal()
    for number in range(40, 10, -1):
        update(portal, f"r{number}")
    portal.pages = {2: portal.ids[:10], 3: portal.ids[:10], 4: portal.ids[30:40]}
    items, report = partial(portal, memory)
    assert report.pages > 4
    assert "r11" in changed(items)


def test_a_list_that_is_not_sorted_is_read_whole():
    portal, memory, _ = known_portal()
    portal.ids = [*portal.ids[60:], *portal.ids[:60]]
    update(portal, "r59")
    portal.ids.append(portal.ids.pop(0))
    items, report = partial(portal, memory)
    assert changed(items) == {"r59"}
    assert report.outcome is Outcome.COMPLETE


def test_a_day_in_the_future_is_not_taken_for_the_latest_update():
    portal, memory, _ = known_portal()
    portal.ids.insert(0, "typo")
    portal.dates["typo"] = "2094-05-01"
    _, report = partial(portal, memory)
    assert report.newest == TODAY.isoformat()


def test_an_update_whose_detail_failed_is_met_again():
    portal, memory, _ = known_portal()
    for number in range(40, 0, -1):
        update(portal, f"r{number}", day(10 if number > 30 else 1))
    portal.bodies["/detail/r35"] = Unreachable("reset")
    items, report = partial(portal, memory)
    memory.learn(items)
    assert report.newest == day(10)
    del portal.bodies["/detail/r35"]
    items, _ = partial(portal, memory, date.fromisoformat(report.newest))
    assert changed(items) == {"r35"}


def test_a_list_left_early_does_not_keep_the_next_from_being_read():
    portal, memory, _ = known_portal()
    listing = {**NEWEST.source["list"]}
    other = {**listing, "get": "/services?page={page}", "page": {"total": "json:total"}}
    mapping = {key: value for key, value in NEWEST.source.items() if key != "list"}
    both = type(NEWEST).from_mapping({**mapping, "lists": {"datasets": listing, "apis": other}})
    services = {"total": 1, "rows": [{"id": "api", "name": "接口"}]}
    portal.bodies["/services"] = services
    known, memory = portal, Memory()
    items, _ = read(known, memory, profile=both)
    memory.learn(items)
    services["rows"][0]["name"] = "新接口"
    items, report = read(portal, memory, profile=both, full=False, newest_known=TODAY, today=TODAY)
    assert changed(items) == {"api"}
    assert report.outcome is Outcome.PARTIAL


@pytest.mark.parametrize("excluded", ["r1", "r15"])
def test_an_excluded_record_is_no_news(excluded):
    portal, memory, _ = known_portal()
    memory.pop(excluded)
    _, report = partial(portal, memory, exclude=frozenset({excluded}))
    assert report.outcome is Outcome.PARTIAL
