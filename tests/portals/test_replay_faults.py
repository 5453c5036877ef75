"""Each fault behaves as its documentation says."""

from __future__ import annotations

import threading
import time

import httpx2 as httpx
import pytest
from parsel import Selector

from .faults import Refusal
from .records import Record
from .server import ReplayPortal

RECORDS = [
    Record(f"{number:032x}", {"标题": f"数据集“{number}”", "描述": "说明"}) for number in range(100)
]


@pytest.fixture
def portal():
    with ReplayPortal("inspur-oportal", RECORDS) as served:
        yield served


@pytest.fixture
def client(portal):
    with httpx.Client(base_url=portal.base_url) as browser:
        yield browser


def numbers(client: httpx.Client, page: int) -> list[int]:
    text = client.get(f"/oportal/catalog/index?page={page}").text
    return [int(v, 16) for v in Selector(text).css("[name=catalogidinput]::attr(value)").getall()]


def total(client: httpx.Client, page: int) -> str | None:
    text = client.get(f"/oportal/catalog/index?page={page}").text
    return Selector(text).css(".top-title span::text").get()


def test_without_faults_pages_are_exact(portal, client):
    assert [number for page in range(1, 12) for number in numbers(client, page)] == list(range(100))
    assert [total(client, page) for page in (1, 10, 11)] == ["100"] * 3


def test_silent_first_page(portal, client):
    portal.fail(silent_first_page=True)
    assert numbers(client, 1) == numbers(client, 7) == list(range(10))
    portal.recover()
    assert numbers(client, 7) == list(range(60, 70))


def test_reset_after(portal, client):
    portal.fail(reset_after=2, resets=2)
    assert numbers(client, 1)
    assert numbers(client, 2)
    for _ in range(2):
        with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
            numbers(client, 3)
    assert numbers(client, 3) == list(range(20, 30))


@pytest.mark.parametrize(("status", "after"), [(429, 0), (503, 2)])
def test_refusal(portal, client, status, after):
    portal.fail(refusal=Refusal(status=status, after=after, times=2, retry_after="3"))
    answers = [client.get("/oportal/catalog/index?page=1") for _ in range(after + 3)]
    assert [a.status_code for a in answers] == [200] * after + [status] * 2 + [200]
    assert answers[after].headers["retry-after"] == "3"


@pytest.mark.parametrize(("kind", "status"), [("412", 412), ("script", 200), ("html", 200)])
def test_challenge(portal, client, kind, status):
    portal.fail(challenge=kind, challenge_after=1)
    assert numbers(client, 1)
    answer = client.get("/oportal/catalog/index?page=2")
    assert answer.status_code == status
    assert "catalogidinput" not in answer.text
    assert ("<script>" in answer.text) is (kind != "html")


def test_login_redirect(portal, client):
    portal.fail(login_redirect=True)
    answer = client.get("/oportal/catalog/index?page=1")
    assert answer.status_code == 302
    assert "<form" in client.get(answer.headers["location"]).text


def test_gbk_without_a_charset(portal, client):
    portal.fail(encoding="gb18030")
    answer = client.get("/oportal/catalog/index?page=1")
    assert answer.headers["content-type"] == "text/html"
    assert b"charset" not in answer.content
    assert "公" not in answer.content.decode("latin-1")
    assert "共找到" in answer.content.decode("gb18030")


def test_shrinking_total(portal, client):
    portal.fail(shrinking_total=4)
    assert [total(client, page) for page in (1, 2, 5)] == ["100", "96", "84"]


def test_repeated_page_in_the_middle(portal, client):
    portal.fail(repeated_page=4)
    assert numbers(client, 4) == numbers(client, 3) == list(range(20, 30))
    assert numbers(client, 5) == list(range(40, 50))


def test_missing_and_early_ending_pages(portal, client):
    portal.fail(missing_pages=frozenset({3}), ends_after=5)
    assert client.get("/oportal/catalog/index?page=3").status_code == 500
    assert numbers(client, 5)
    assert numbers(client, 6) == []
    assert total(client, 6) == "100"


def test_shuffle_moves_records_between_pages(portal, client):
    portal.fail(shuffle=0.3)
    seen = [number for page in range(1, 11) for number in numbers(client, page)]
    assert len(seen) == 100
    assert 60 < len(set(seen)) < 100
    portal.recover()
    assert numbers(client, 1) == list(range(10))


def test_broken_details(portal, client):
    portal.fail(broken_details=frozenset({RECORDS[5].id}))
    assert client.get(f"/oportal/catalog/{RECORDS[5].id}").status_code == 500
    assert client.get(f"/oportal/catalog/{RECORDS[6].id}").status_code == 200
    assert 5 in numbers(client, 1)


def test_latency_and_concurrency(portal):
    portal.fail(latency=0.2)
    begin, answers = time.monotonic(), []

    def read(page: int) -> None:
        with httpx.Client(base_url=portal.base_url) as browser:
            answers.append(tuple(numbers(browser, page)))

    threads = [threading.Thread(target=read, args=(page,)) for page in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - begin
    assert 0.2 < took < 1.5
    assert portal.peak > 1
    assert sorted(answers) == [tuple(range(ten, ten + 10)) for ten in range(0, 80, 10)]


def test_page_size_may_be_capped():
    with ReplayPortal("guizhou-search", RECORDS, max_page_size=20) as capped:
        address = f"{capped.base_url}/api/search/data/getDataListByParams"
        assert len(httpx.post(address, json={"pageSize": 500}).json()["data"]) == 20


def test_requests_are_logged_and_robots_told():
    with ReplayPortal("inspur-oportal", RECORDS, robots="User-agent: *\nDisallow: /") as portal:
        assert "Disallow" in httpx.get(f"{portal.base_url}/robots.txt").text
        httpx.get(f"{portal.base_url}/oportal/catalog/index?page=2", headers={"X-Test": "a"})
        assert [request.path for request in portal.requests] == [
            "/robots.txt",
            "/oportal/catalog/index",
        ]
        assert portal.requests[1].query == {"page": "2"}
        assert portal.requests[1].headers["x-test"] == "a"
    with pytest.raises(RuntimeError):
        _ = portal.base_url
