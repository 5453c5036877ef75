"""The second run: what is skipped, what is compared, what is mapped again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cn_govdata.crawl import flow, refresh
from ckanext.cn_govdata.crawl.errors import Unreachable
from ckanext.cn_govdata.crawl.fingerprint import digest
from ckanext.cn_govdata.crawl.messages import ItemStatus, Outcome, Response
from ckanext.cn_govdata.crawl.profile import Profile
from ckanext.cn_govdata.crawl.responses import evidence

from .fake import PROFILE, FakePortal, Memory, answer, profile, read, source


def ids(number: int) -> list[str]:
    return [f"r{i}" for i in range(number)]


def first_run(number: int = 30, **changes):
    portal, memory = FakePortal(ids(number)), Memory()
    items, _ = read(portal, memory, **changes)
    memory.learn(items)
    portal.asked.clear()
    return portal, memory, items


def only(items, status):
    return [item.source_id for item in items if item.status is status]


def test_an_unchanged_portal_costs_no_detail():
    portal, memory, _ = first_run()
    items, report = read(portal, memory)
    assert only(items, ItemStatus.UNCHANGED) == ids(30)
    assert portal.details == []
    assert (report.requests, report.requests_saved) == (3, 30)
    assert report.outcome is Outcome.COMPLETE
    assert all(item.fingerprints == memory[item.source_id] for item in items)


def test_counters_are_no_change():
    portal, memory, _ = first_run()
    portal.views = 99
    items, _ = read(portal, memory)
    assert only(items, ItemStatus.UNCHANGED) == ids(30)


def test_details_all_asks_and_compares_by_content():
    portal, memory, _ = first_run()
    portal.texts["r3"] = "新摘要"
    items, report = read(portal, memory, details="all")
    assert only(items, ItemStatus.CHANGED) == ["r3"]
    assert len(only(items, ItemStatus.UNCHANGED)) == 29
    assert report.requests_saved == 0


def test_a_raw_change_that_maps_to_the_same_record():
    portal, memory, _ = first_run()
    portal.texts["r3"] = "摘要r3 &nbsp;"
    items, _ = read(portal, memory, details="all")
    assert only(items, ItemStatus.SAME_RECORD) == ["r3"]
    memory.learn(items)
    items, _ = read(portal, memory, details="all")
    assert only(items, ItemStatus.UNCHANGED) == ids(30)


def test_another_mapping_version_is_no_reason_to_skip():
    portal, memory, _ = first_run()
    items, report = read(portal, memory, profile=profile(title="changed"))
    assert only(items, ItemStatus.SAME_RECORD) == ids(30)
    assert report.requests_saved == 0


def test_remapping_needs_no_request_and_keeps_what_is_remembered():
    _, memory, items = first_run(3)
    again = flow.remap(source(), items[1].raw, memory["r1"])
    assert again.status is ItemStatus.SAME_RECORD
    assert again.fingerprints == memory["r1"]
    assert again.record == items[1].record
    assert flow.remap(source(), items[1].raw).status is ItemStatus.CHANGED


def test_a_failed_detail_keeps_the_known_fingerprints():
    portal, memory, _ = first_run(3)
    portal.bodies["/detail/r1"] = Unreachable("reset")
    items, _ = read(portal, memory, details="all")
    failed = next(item for item in items if item.source_id == "r1")
    assert failed.status is ItemStatus.REFUSED
    assert failed.fingerprints == memory["r1"]


def test_every_detail_is_read_anew_once_a_cycle_spread_over_the_nights():
    portal, memory, _ = first_run(300)
    nights = []
    for night in range(1, 31):
        portal.asked.clear()
        items, _ = read(portal, memory, today=date(2024, 5, 1) + timedelta(days=night))
        memory.learn(items)
        nights.append(len(portal.details))
    assert sum(nights) == 300
    assert max(nights) <= 25


@given(
    key=st.text(min_size=1),
    age=st.integers(0, 90),
    every=st.integers(1, 60),
    day=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
)
def test_nothing_is_older_than_its_cycle(key, age, every, day):
    due = refresh.due(key, day - timedelta(days=age), day, every)
    assert due or age < every
    assert not due or age > 0


def test_what_was_never_done_is_due():
    assert refresh.due("a", None, date(2024, 5, 1), 30)


def test_a_missed_night_is_made_up_for_at_the_next_listing():
    """Listed once a week, details still spread: a quarter of them each time."""
    last = dict.fromkeys(ids(400), date(2024, 5, 1))
    read_again = []
    for week in range(1, 9):
        today = date(2024, 5, 1) + timedelta(days=7 * week)
        due = [key for key, day in last.items() if refresh.due(key, day, today, 28)]
        last.update(dict.fromkeys(due, today))
        read_again.append(len(due))
    assert sum(read_again) == 800
    assert max(read_again) < 130


def test_memory_does_not_grow_with_the_portal():
    """Items are handed on while the list is read: at most one page is held."""
    portal = FakePortal(ids(500))
    listing = flow.crawl(source(), portal.fetch)
    for number, item in enumerate(listing):
        assert item.source_id == f"r{number}"
        assert len(portal.details) == number + 1


def test_the_mapping_version_names_profile_tables_and_mapping():
    base = flow.mapping_version(profile())
    assert base == flow.mapping_version(profile())
    assert base != flow.mapping_version(profile(volatile=[]))


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.none()), max_size=8))
@settings(max_examples=50)
def test_fingerprints_do_not_depend_on_the_order_of_members(values):
    values = {
        key: value for key, value in values.items() if value is None or isinstance(value, str)
    }
    backwards = dict(reversed(values.items()))
    assert digest(values) == digest(backwards)
    assert digest(values) != digest({**values, "one more": "x"})


def rich(**changes):
    """The fake profile with rows in rows, a nested member, and codes of formats."""
    listing = {
        **PROFILE["list"],
        "fields": {
            **PROFILE["list"]["fields"],
            "record_count": "json:counts.rows",
            "formats": {"from": "json:types", "codes": {1: "xls", 4: "csv"}},
        },
        "each": {
            "data_items": {
                "records": "json:split(columns, ',')",
                "fields": {"name_zh": "json:@"},
            },
        },
    }
    return Profile.from_mapping({**PROFILE, "list": listing, **changes})


def rich_answer(portal: FakePortal, **row: object):
    own = portal._row

    def richer(one: str) -> dict[str, object]:
        return {**own(one), "columns": "学校,专业数", **row}

    portal._row = richer
    return portal


def test_what_no_field_reads_of_a_nested_member_is_kept():
    counts = {"rows": 5, "grade": {"stars": 3, "clicks": 7}, "empty": {}}
    portal = rich_answer(FakePortal(["a"]), counts=counts, types="1,4")
    items, _ = read(portal, profile=rich())
    record = items[0].record
    assert record.record_count == 5
    assert record.source_extra["counts"] == {"grade": {"stars": 3, "clicks": 7}}
    memory = Memory()
    memory.learn(items)
    counts["grade"]["clicks"] = 8  # volatile, however deep it stands
    assert read(portal, memory, profile=rich())[1].requests_saved == 1
    counts["grade"]["stars"] = 4
    assert read(portal, memory, profile=rich())[1].requests_saved == 0


def test_a_member_that_is_not_what_the_path_says_is_kept_whole():
    portal = rich_answer(FakePortal(["a"]), counts="many")
    record = read(portal, profile=rich())[0][0].record
    assert record.source_extra["counts"] == "many"


def test_rows_of_the_list_are_asked_of_the_list_though_there_is_a_detail():
    record = read(rich_answer(FakePortal(["a"])), profile=rich())[0][0].record
    assert [item.name_zh for item in record.data_items] == ["学校", "专业数"]


@pytest.mark.parametrize(
    ("status", "optional", "outcome"),
    [
        (404, True, Outcome.COMPLETE),
        (410, True, Outcome.COMPLETE),
        (404, False, Outcome.INCOMPLETE),
        (500, True, Outcome.INCOMPLETE),
        (403, True, Outcome.BLOCKED),
    ],
)
def test_a_list_that_not_every_portal_has(status, optional, outcome):
    services = {**PROFILE["list"], "get": "/services", "optional": optional}
    mapping = {key: value for key, value in PROFILE.items() if key != "list"}
    lists = {"datasets": PROFILE["list"], "services": services}
    two = Profile.from_mapping({**mapping, "lists": lists})
    portal = FakePortal(ids(12), bodies={"/services": answer({}, status)})
    items, report = read(portal, profile=two)
    assert len(items) == 12
    assert report.outcome is outcome


def test_codes_of_formats():
    portal = rich_answer(FakePortal(["a"]), types="1,4,7")
    record = read(portal, profile=rich())[0][0].record
    assert [one.format for one in record.resources] == ["xls", "csv", None]
    assert record.source_extra["resources.format"] == "7"


class Validating(FakePortal):
    """A portal that sends an ETag, or a date, with its details and honours conditions."""

    header = ("etag", "if-none-match", 'W/"{}"')

    def fetch(self, request):
        response = super().fetch(request)
        if not response.url or "/detail/" not in request.url:
            return response
        sent, asked, form = self.header
        mark = form.format(len(response.body))
        if request.headers.get(asked) == mark:
            return Response(304, request.url, {}, b"")
        return replace(response, headers={**response.headers, sent: mark})


class Dated(Validating):
    header = ("last-modified", "if-modified-since", "Sat, 0{} Oct 1994 19:43:31 GMT")


@pytest.mark.parametrize("kind", [Validating, Dated])
def test_details_are_asked_for_on_condition_where_the_portal_gives_one(kind):
    portal, memory = kind(ids(10)), Memory()
    items, _ = read(portal, memory)
    memory.learn(items)
    later = date(2024, 5, 1) + timedelta(days=40)
    items, report = read(portal, memory, today=later)
    assert only(items, ItemStatus.UNCHANGED) == ids(10)
    assert (report.not_modified, report.failed_details) == (10, 0)
    assert {item.fingerprints.detail_read_on for item in items} == {later.isoformat()}
    memory.learn(items)
    portal.texts["r3"] = "ganz neuer Text"
    items, report = read(portal, memory, today=later + timedelta(days=40))
    assert only(items, ItemStatus.CHANGED) == ["r3"]
    assert report.not_modified == 9


def test_no_condition_where_the_list_entry_or_the_mapping_changed():
    portal, memory = Validating(ids(5)), Memory()
    items, _ = read(portal, memory)
    memory.learn(items)
    portal.dates = {"r2": "2024-04-30"}
    items, report = read(portal, memory)
    assert (only(items, ItemStatus.CHANGED), report.not_modified) == (["r2"], 0)
    items, report = read(portal, memory, profile=profile(title="other"), details="all")
    assert report.not_modified == 0


def test_a_portal_that_answers_304_unasked_is_no_reading():
    portal = FakePortal(
        ids(3), bodies={"/detail/r1": Response(304, "http://portal.test/", {}, b"")}
    )
    items, report = read(portal)
    assert only(items, ItemStatus.REFUSED) == ["r1"]
    assert report.failed_details == 1


def test_evidence_holds_no_control_characters():
    seen = evidence(answer(b"%PDF-1.4\x00\x01\n binary"), "first page")
    assert seen == "HTTP 200, first page: %PDF-1.4 binary"
