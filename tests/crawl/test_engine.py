"""What bad input and bad luck get: outcomes, evidence, failures, withdrawals."""

from __future__ import annotations

import threading

import pytest

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.errors import (
    AddressRefused,
    HttpStatus,
    RobotsDisallowed,
    Unreachable,
)
from ckanext.cn_govdata.crawl.messages import ItemStatus, Outcome, Response

from .fake import FakePortal, profile, read, source

LIST = "/list"
CHALLENGE = (
    b"<script>document.cookie='__jsl_clearance_s=1';location.href=location.pathname</script>"
)
MAINTENANCE = "<html><body><p>系统维护中</p></body></html>".encode()


def ids(number: int) -> list[str]:
    return [f"r{i}" for i in range(number)]


def statuses(items) -> dict[str, ItemStatus]:
    return {item.source_id: item.status for item in items}


def html(body: bytes, status: int = 200, **changes) -> Response:
    headers = {"content-type": "text/html"}
    return Response(status, "http://portal.test/list", headers, body, **changes)


@pytest.mark.parametrize(
    ("planned", "outcome", "words"),
    [
        (html(MAINTENANCE), Outcome.BLOCKED, "HTML where JSON was due"),
        (html(CHALLENGE), Outcome.BLOCKED, "challenge page"),
        (html(b"<script>go()</script>"), Outcome.BLOCKED, "script instead of a page"),
        (html(b"", 412), Outcome.BLOCKED, "HTTP 412"),
        (html(b"no", 403), Outcome.BLOCKED, "HTTP 403"),
        (
            Response(200, "http://portal.test/user/toLogin", {}, b"<form></form>", redirected=True),
            Outcome.BLOCKED,
            "log-in",
        ),
        (html(b"no", 404), Outcome.INCOMPLETE, "HTTP 404"),
        (RobotsDisallowed("robots.txt forbids /list"), Outcome.BLOCKED, "robots.txt"),
        (Unreachable("no answer from portal.test"), Outcome.INCOMPLETE, "no answer"),
        (AddressRefused("10.0.0.1 is private"), Outcome.INCOMPLETE, "private"),
        (html(b"{not json"), Outcome.BROKEN, "not JSON"),
        ({"total": 7, "items": []}, Outcome.BROKEN, "json:rows"),
        ({"data": []}, Outcome.BROKEN, "json:total"),
        ({"total": 1, "rows": [{"uid": "a", "name": "x"}]}, Outcome.BROKEN, "json:id"),
        ({"total": 0, "rows": []}, Outcome.EMPTY, "no records"),
    ],
)
def test_the_first_page_decides_the_outcome(planned, outcome, words):
    items, report = read(FakePortal([], bodies={LIST: planned}))
    assert items == []
    assert report.outcome is outcome
    assert words in report.reason


def test_evidence_holds_status_kind_and_the_first_characters_without_personal_data():
    mobile = "138" + "0" * 8
    body = f"<html><body>请致电 {mobile} 处理".encode() + b"x" * 500
    _, report = read(FakePortal([], bodies={LIST: html(body, 412)}))
    assert report.evidence.startswith("HTTP 412, HTTP 412: <html>")
    assert "请致电" in report.evidence
    assert mobile not in report.evidence
    assert len(report.evidence) < 260


def test_a_challenge_in_the_middle_keeps_what_was_read():
    portal = FakePortal(ids(30), bodies={"/list?page=2&offset=10&size=10": html(CHALLENGE)})
    items, report = read(portal)
    assert len(items) == 10
    assert report.outcome is Outcome.BLOCKED
    assert "page 2" in report.reason


def test_a_page_that_fails_is_skipped_and_told():
    portal = FakePortal(ids(30), bodies={"/list?page=2&offset=10&size=10": Unreachable("reset")})
    items, report = read(portal)
    assert len(items) == 20
    assert report.outcome is Outcome.INCOMPLETE
    assert "1 pages could not be read" in report.reason


def test_three_failing_pages_end_the_listing():
    failing = {
        f"/list?page={page}&offset={page * 10 - 10}&size=10": Unreachable("reset")
        for page in range(2, 99)
    }
    items, report = read(FakePortal(ids(300), bodies=failing))
    assert len(items) == 10
    assert report.pages == 1
    assert report.outcome is Outcome.INCOMPLETE


def test_one_bad_record_is_counted_and_all_others_land():
    portal = FakePortal(ids(30), bodies={"/detail/r7": html(b"oops", 500)})
    items, report = read(portal)
    assert [item.source_id for item in items if item.status is ItemStatus.REFUSED] == ["r7"]
    assert next(item.reason for item in items if item.source_id == "r7").endswith("HTTP 500")
    assert sum(item.status is ItemStatus.CHANGED for item in items) == 29
    assert (report.outcome, report.failed_details) == (Outcome.COMPLETE, 1)


def test_a_share_of_failures_above_the_limit_ends_the_listing():
    bodies = {f"/detail/r{i}": html(b"oops", 500) for i in range(0, 100, 3)}
    items, report = read(FakePortal(ids(100), bodies=bodies))
    assert report.outcome is Outcome.INCOMPLETE
    assert "above the limit of 20%" in report.reason
    assert 20 <= len(items) < 30


def test_a_portal_that_dies_between_details_is_given_up():
    bodies = {f"/detail/r{i}": Unreachable("no answer") for i in range(60, 100)}
    items, report = read(FakePortal(ids(100), bodies=bodies))
    assert report.outcome is Outcome.INCOMPLETE
    assert "10 details in a row failed" in report.reason
    assert len(items) == 70


def test_details_refused_in_a_row_block_the_portal():
    bodies = {f"/detail/r{i}": html(CHALLENGE) for i in range(3, 100)}
    items, report = read(FakePortal(ids(100), bodies=bodies))
    assert report.outcome is Outcome.BLOCKED
    assert sum(item.status is ItemStatus.CHANGED for item in items) == 3
    assert report.failed_details == 5


def test_a_detail_with_none_of_the_fields_is_a_failure():
    items, _ = read(FakePortal(ids(2), bodies={"/detail/r1": {"code": 500}}))
    assert statuses(items)["r1"] is ItemStatus.REFUSED


def test_a_listed_record_whose_detail_says_withdrawn():
    items, report = read(FakePortal(ids(2), bodies={"/detail/r1": {"gone": True, "text": "x"}}))
    assert statuses(items) == {"r0": ItemStatus.CHANGED, "r1": ItemStatus.WITHDRAWN}
    assert report.outcome is Outcome.COMPLETE


def test_a_record_without_a_title_is_refused():
    bodies = {LIST: {"total": 1, "rows": [{"id": "a", "name": " "}]}}
    items, _ = read(FakePortal([], bodies=bodies))
    assert (items[0].status, items[0].reason) == (ItemStatus.REFUSED, "no title")


def test_a_row_that_says_there_is_nothing_is_an_empty_page():
    body = {"total": 0, "rows": [{"hint": "暂无数据"}]}
    items, report = read(FakePortal([], bodies={LIST: body}))
    assert (items, report.outcome) == ([], Outcome.EMPTY)


def test_a_record_without_an_id_gets_one_that_stays():
    rows = [{"id": "a", "name": "x"}, {"name": "无编号的数据集", "updated": "2024-01-01"}]
    made = []
    for updated in ("2024-01-01", "2024-02-02"):
        rows[1]["updated"] = updated
        bodies = {LIST: {"total": 2, "rows": rows}}
        items, _ = read(FakePortal([], bodies=bodies), profile=profile(detail=None))
        made.append(items[1].source_id)
    assert made[0] == made[1]
    assert made[0].startswith("h")


def test_ids_may_hold_slashes_and_more_than_64_bits():
    rows = [{"id": "29200/00403632", "name": "a"}, {"id": 20210318152044100027, "name": "b"}]
    portal = FakePortal([], bodies={LIST: {"total": 2, "rows": rows}})
    items, _ = read(portal)
    assert [item.source_id for item in items] == ["29200/00403632", "20210318152044100027"]
    assert "/detail/29200%2F00403632" in portal.asked
    assert items[0].record.url == "http://portal.test/page/29200%2F00403632"


def test_the_limit_makes_a_listing_partial():
    items, report = read(FakePortal(ids(30)), max_records=12)
    assert len(items) == 12
    assert report.outcome is Outcome.PARTIAL
    assert "limit of 12" in report.reason


def test_a_limit_as_large_as_the_list_is_none():
    _, report = read(FakePortal(ids(12)), max_records=12)
    assert report.outcome is Outcome.COMPLETE


def test_excluded_records_are_not_asked_for():
    portal = FakePortal(ids(5))
    items, report = read(portal, exclude=frozenset({"r2"}))
    assert [item.source_id for item in items] == ["r0", "r1", "r3", "r4"]
    assert "r2" not in portal.details
    assert report.outcome is Outcome.COMPLETE


def test_details_can_be_left_out():
    portal = FakePortal(ids(5))
    items, _ = read(portal, details="never")
    assert portal.details == []
    assert items[0].record.title == "数据集r0"
    assert items[0].record.notes is None


def test_several_lists_are_read_and_the_worst_counts():
    lists = {
        "datasets": {**profile().source["list"]},
        "services": {**profile().source["list"], "get": "/apis?page={page}"},
    }
    mapping = {key: value for key, value in profile().source.items() if key != "list"}
    both = type(profile()).from_mapping({**mapping, "lists": lists})
    bodies = {"/apis": {"total": 9, "rows": [{"id": "api1", "name": "接口"}]}}
    items, report = read(FakePortal(ids(3), bodies=bodies), profile=both)
    assert len(items) == 4
    assert report.total == 12
    assert report.outcome is Outcome.INCOMPLETE
    assert report.reason.startswith("services: ")


def test_requests_before_the_list_give_values_or_repeat_it():
    before = [
        {"get": "/session", "fields": {"token": "json:token"}},
        {"get": "/themes?t={token}", "records": "json:themes", "fields": {"theme": "json:id"}},
    ]
    changed = profile(before=before)
    listing = {**changed.source["list"], "get": "/list/{theme}?page={page}&t={token}"}
    themed = type(changed).from_mapping({**changed.source, "list": listing})
    bodies = {
        "/session": {"token": "a b"},
        "/themes": {"themes": [{"id": 1}, {"id": 2}]},
        "/list/1": {"total": 1, "rows": [{"id": "x", "name": "x"}]},
        "/list/2": {"total": 1, "rows": [{"id": "y", "name": "y"}]},
    }
    portal = FakePortal([], bodies=bodies)
    items, report = read(portal, profile=themed)
    assert [item.source_id for item in items] == ["x", "y"]
    assert portal.asked[1] == "/themes?t=a%20b"
    assert report.outcome is Outcome.COMPLETE
    assert report.total == 2


def test_rows_of_files_come_from_the_first_step_that_finds_any():
    detail = {
        **profile().source["detail"],
        "each": {
            "resources": [
                {"records": "json:files", "fields": {"name": "json:n", "format": "json:f"}},
                {
                    "get": "/files/{source_id}",
                    "records": "json:@",
                    "fields": {"name": "json:n", "format": "json:f"},
                },
            ]
        },
    }
    bodies = {
        "/detail/r0": {"text": "t", "files": [{"n": "甲", "f": "csv"}]},
        "/files/r1": [{"n": "乙", "f": "xls"}, {"n": "丙", "f": "json"}],
        "/files/r2": Response(200, "http://portal.test/login", {}, b"<html>", redirected=True),
        "/files/r3": HttpStatus(502, "bad gateway"),
    }
    portal = FakePortal(ids(4), bodies=bodies)
    items, _ = read(portal, profile=profile(detail=detail))
    names = {
        item.source_id: item.record and [r.name for r in item.record.resources] for item in items
    }
    assert names == {"r0": ["甲"], "r1": ["乙", "丙"], "r2": [], "r3": None}
    assert "/files/r0" not in portal.asked


def test_closing_early_ends_the_engine():
    listing = iter(flow.crawl(source(), FakePortal(ids(30)).fetch))
    next(listing)
    listing.close()


def test_gb18030_bodies_without_a_charset_are_read():
    body = '{"total": 1, "rows": [{"id": "a", "name": "镕基信息"}]}'.encode("gb18030")
    response = Response(200, "http://portal.test/list", {}, body)
    items, _ = read(FakePortal([], bodies={LIST: response}), profile=profile(detail=None))
    assert items[0].record.title == "镕基信息"


def test_details_may_be_asked_for_side_by_side_and_come_in_order():
    threads, gate, peak = [0], threading.Lock(), [0]

    class Slow(FakePortal):
        def fetch(self, request):
            with gate:
                threads[0] += 1
                peak[0] = max(peak[0], threads[0])
            threading.Event().wait(0.005)
            try:
                return super().fetch(request)
            finally:
                with gate:
                    threads[0] -= 1

    bodies = {"/detail/r7": html(b"oops", 500)}
    items, report = read(Slow(ids(30), bodies=bodies), concurrency=4)
    assert [item.source_id for item in items] == ids(30)
    assert peak[0] == 4
    assert (report.requests, report.failed_details) == (33, 1)
    assert report.outcome is Outcome.COMPLETE


@pytest.mark.parametrize("concurrency", [1, 3, 8])
def test_a_limit_is_kept_however_many_are_asked_for_at_once(concurrency):
    items, report = read(FakePortal(ids(30)), max_records=12, concurrency=concurrency)
    assert [item.source_id for item in items] == ids(12)
    assert (report.outcome, report.failed_details) == (Outcome.PARTIAL, 0)


@pytest.mark.parametrize("concurrency", [2, 5])
def test_a_dead_portal_is_given_up_with_several_requests_at_once(concurrency):
    bodies = {f"/detail/r{i}": Unreachable("no answer") for i in range(60, 100)}
    items, report = read(FakePortal(ids(100), bodies=bodies), concurrency=concurrency)
    assert report.outcome is Outcome.INCOMPLETE
    assert "details in a row failed" in report.reason
    assert len(items) < 70 + concurrency


def test_chosen_records_alone_are_read_again():
    portal = FakePortal(ids(95))
    items, report = read(portal, only=frozenset({"r3", "r41"}))
    assert [item.source_id for item in items] == ["r3", "r41"]
    assert portal.details == ["r3", "r41"]
    assert (report.outcome, report.pages) == (Outcome.PARTIAL, 5)


def test_a_chosen_record_that_is_gone_makes_no_listing_complete():
    _, report = read(FakePortal(ids(25)), only=frozenset({"r3", "gone"}))
    assert report.outcome is Outcome.PARTIAL


def test_details_in_another_shape_break_the_listing_and_name_what_is_looked_for():
    bodies = {f"/detail/r{i}": {"code": 200, "result": {}} for i in range(100)}
    _, report = read(FakePortal(ids(100), bodies=bodies))
    assert report.outcome is Outcome.BROKEN
    assert "notes by json:text" in report.reason
