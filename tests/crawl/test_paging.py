"""Every list ends, and says truly whether it was read whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cn_govdata.crawl.messages import Outcome

from .fake import FakePortal, profile, read

NO_DETAIL = {"detail": None}


def ids(number: int) -> list[str]:
    return [f"r{i}" for i in range(number)]


def plain(page: dict | None = None):
    return profile(page, detail=None)


@given(number=st.integers(1, 60), size=st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_every_record_of_any_list_is_read_once(number, size):
    portal = FakePortal(ids(number), size=size)
    items, report = read(portal, profile=plain({"total": "json:total"}))
    assert [item.source_id for item in items] == ids(number)
    assert report.outcome is Outcome.COMPLETE
    assert report.total == report.listed == number
    assert report.requests == -(-number // size)


@given(number=st.integers(1, 60), size=st.integers(1, 20))
@settings(max_examples=40, deadline=None)
def test_lists_without_a_total_end_at_the_empty_page(number, size):
    portal = FakePortal(ids(number), size=size, total=None)
    items, report = read(portal, profile=plain({"until_empty": True}))
    assert len(items) == number
    assert report.outcome is Outcome.COMPLETE


@given(number=st.integers(1, 60), size=st.integers(1, 20))
@settings(max_examples=40, deadline=None)
def test_offsets_follow_what_was_served(number, size):
    seen = []

    class Offsets(FakePortal):
        def _list(self, query):
            start = int(query["offset"])
            seen.append(start)
            rows = [self._row(one) for one in self.ids[start : start + size]]
            return {"total": len(self.ids), "rows": rows}

    items, report = read(
        Offsets(ids(number)), profile=plain({"by": "offset", "total": "json:total"})
    )
    assert len(items) == number
    assert seen == list(range(0, number, size))
    assert report.outcome is Outcome.COMPLETE


@given(
    number=st.integers(21, 80),
    repeated=st.lists(st.integers(2, 6), max_size=3, unique=True),
)
@settings(max_examples=40, deadline=None)
def test_pages_repeated_in_the_middle_do_not_end_the_list(number, repeated):
    """Inserted copies of earlier pages push the rest of the list backwards; all of it is read."""
    pages = [ids(number)[i : i + 10] for i in range(0, number, 10)]
    for place in sorted(repeated):
        if place < len(pages):
            pages.insert(place, pages[place - 1])
    portal = FakePortal(ids(number), pages=dict(enumerate([*pages, []], 1)))
    items, report = read(portal, profile=plain())
    assert {item.source_id for item in items} == set(ids(number))
    assert len(items) == number
    assert report.outcome is Outcome.COMPLETE


@given(order=st.permutations(range(6)), lost=st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_lists_that_lose_records_are_incomplete(order, lost):
    pages = [ids(60)[i * 10 : i * 10 + 10] for i in order]
    pages[lost] = pages[(lost + 1) % 6]
    portal = FakePortal(ids(60), pages=dict(enumerate([*pages, []], 1)))
    items, report = read(portal, profile=plain())
    assert len(items) == 50
    assert report.outcome is Outcome.INCOMPLETE
    assert "50 distinct records of 60" in report.reason


def test_the_page_number_is_ignored():
    portal = FakePortal(ids(95), pages=dict.fromkeys(range(1, 200), ids(10)))
    items, report = read(portal, profile=plain())
    assert len(items) == 10
    assert report.outcome is Outcome.INCOMPLETE
    assert "ignores the page number" in report.reason
    assert report.requests == 4
    assert report.repeated == 30


def test_the_page_number_is_ignored_and_no_total_is_given():
    portal = FakePortal(ids(95), total=None, pages=dict.fromkeys(range(1, 200), ids(10)))
    _, report = read(portal, profile=plain({"until_empty": True}))
    assert report.outcome is Outcome.INCOMPLETE
    assert report.requests == 4


def test_the_last_page_comes_again_and_again():
    pages = {1: ids(10), **dict.fromkeys(range(2, 99), ids(15)[10:])}
    _, report = read(FakePortal([], total=None, pages=pages), profile=plain({"until_empty": True}))
    assert report.outcome is Outcome.INCOMPLETE
    assert report.requests == 7


def test_a_total_that_shrinks():
    _, report = read(FakePortal(ids(50), shrink=3), profile=plain())
    assert report.outcome is Outcome.INCOMPLETE
    assert "fell from 50 to 47" in report.reason


def test_a_list_that_ends_early():
    items, report = read(FakePortal(ids(30), total=45), profile=plain())
    assert len(items) == 30
    assert report.outcome is Outcome.INCOMPLETE
    assert "30 distinct records of 45" in report.reason


def test_more_than_the_stated_total_is_read():
    items, report = read(FakePortal(ids(30), total=8), profile=plain())
    assert len(items) == 30
    assert report.outcome is Outcome.COMPLETE


def test_totals_may_have_thousands_commas():
    portal = FakePortal(ids(12), total="1,012")
    _, report = read(portal, profile=plain())
    assert report.total == 1012


def test_the_largest_size_falls_back_to_the_documented_one():
    portal = FakePortal(ids(35), size=10, max_size=20)
    items, report = read(portal, profile=plain({"size": [100, 10], "total": "json:total"}))
    assert len(items) == 35
    assert report.outcome is Outcome.COMPLETE
    assert portal.asked[0].endswith("size=100")
    assert all(path.endswith("size=10") for path in portal.asked[1:])


def test_a_short_last_page_is_no_reason_to_fall_back():
    portal = FakePortal(ids(35))
    _, report = read(portal, profile=plain({"size": [100, 10], "total": "json:total"}))
    assert report.requests == 1


def test_the_sources_page_size_wins():
    portal = FakePortal(ids(35))
    _, report = read(portal, profile=plain({"size": 10, "total": "json:total"}), page_size=7)
    assert report.requests == 5


@pytest.mark.parametrize(("pages", "outcome"), [(3, Outcome.COMPLETE), (5, Outcome.INCOMPLETE)])
def test_lists_that_state_their_last_page(pages, outcome):
    class Pages(FakePortal):
        def _list(self, query):
            return {**super()._list(query), "pages": pages}

    items, report = read(Pages(ids(30), total=None), profile=plain({"pages": "json:pages"}))
    assert len(items) == 30
    assert report.outcome is outcome


def test_lists_that_name_the_next_page():
    class Next(FakePortal):
        def _list(self, query):
            page = int(query["page"])
            more = {"next": page + 1} if page < 3 else {}
            return {**super()._list(query), **more}

    items, report = read(Next(ids(30), total=None), profile=plain({"next": "json:next"}))
    assert len(items) == 30
    assert report.outcome is Outcome.COMPLETE


def test_a_list_in_one_answer():
    portal = FakePortal(ids(30), size=30, total=None)
    items, report = read(portal, profile=plain({}))
    assert (len(items), report.requests, report.outcome) == (30, 1, Outcome.COMPLETE)
