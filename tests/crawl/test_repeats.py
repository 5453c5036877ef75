"""A record listed twice: really there twice, or a list that moved while it was read?"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cn_govdata.crawl.messages import Outcome

from .fake import FakePortal, profile, read

PLAIN = profile(detail=None)
FINDING = "source_id: the portal lists and counts a record more than once"


def ids(number: int) -> list[str]:
    return [f"r{i}" for i in range(number)]


@given(number=st.integers(60, 200), places=st.tuples(st.integers(0, 59), st.integers(0, 59)))
@settings(max_examples=40, deadline=None)
def test_a_record_that_is_there_twice_does_not_make_a_list_incomplete(number, places):
    listed = ids(number)
    listed.insert(places[1], listed[places[0]])
    items, report = read(FakePortal(listed), profile=PLAIN)
    assert len(items) == number
    assert report.outcome is Outcome.COMPLETE
    assert (report.total, report.listed) == (number + 1, number)
    assert report.findings == {FINDING: 1}


def test_the_pages_that_show_it_are_read_again_and_no_others():
    listed = ids(60)
    listed.insert(45, "r3")
    portal = FakePortal(listed)
    read(portal, profile=PLAIN)
    pages = [path.split("=")[1].split("&")[0] for path in portal.asked]
    assert pages == ["1", "2", "3", "4", "5", "6", "7", "8", "1", "5"]


@given(read_up_to=st.integers(1, 5), updated=st.integers(0, 59))
@settings(max_examples=40, deadline=None)
def test_a_list_that_moves_while_it_is_read_is_not_complete(read_up_to, updated):
    """A record not yet read is updated: it goes to the top, all before it move down by one."""

    class Moving(FakePortal):
        def _list(self, query):
            if self.listings == read_up_to:
                one = f"r{updated}"
                self.ids.remove(one)
                self.ids.insert(0, one)
            return super()._list(query)

    _, report = read(Moving(ids(60)), profile=PLAIN)
    if updated >= read_up_to * 10:
        assert report.outcome is Outcome.INCOMPLETE
        assert not report.findings
    assert report.listed in {59, 60}
    assert report.listed == 60 or report.outcome is Outcome.INCOMPLETE


def test_a_page_in_place_of_another_is_never_explained():
    pages = {n + 1: ids(200)[n * 10 : n * 10 + 10] for n in range(20)}
    pages[7] = pages[6]
    portal = FakePortal(ids(200), pages={**pages, 21: []})
    _, report = read(portal, profile=PLAIN)
    assert report.outcome is Outcome.INCOMPLETE
    assert "190 distinct records of 200" in report.reason


def test_many_repeated_records_are_not_explained():
    listed = [one for number in range(50) for one in (f"r{number}", f"r{number}")]
    _, report = read(FakePortal(listed), profile=PLAIN)
    assert report.outcome is Outcome.INCOMPLETE


def test_a_record_twice_and_another_lost_is_incomplete():
    listed = ids(60)
    listed.insert(45, "r3")
    _, report = read(FakePortal(listed, total=62), profile=PLAIN)
    assert report.outcome is Outcome.INCOMPLETE
