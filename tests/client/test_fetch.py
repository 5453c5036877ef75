"""What a request brings back: bodies, redirects, cookies, headers, retries."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from ckanext.cn_govdata.crawl.client import Client, ClientSettings
from ckanext.cn_govdata.crawl.errors import FetchError, HttpStatus, Unreachable
from ckanext.cn_govdata.crawl.messages import Request
from ckanext.cn_govdata.crawl.retries import MAX_RETRY_AFTER_SECONDS, retry_after_seconds
from tests.client.conftest import AGENT
from tests.client.servers import portal, raw, sequence, text


def get(url, **headers):
    return Request("GET", url, headers)


def test_an_answer_comes_whole_with_its_status_and_headers(client):
    with portal(list=text("页", status=200, Content_Type="text/plain", X_Kind="list")) as server:
        response = client().fetch(get(f"{server.url}/list?page=1"))
    assert (response.status, response.body) == (200, "页".encode())
    assert response.headers["x-kind"] == "list"
    assert response.url == f"{server.url}/list?page=1"
    assert not response.redirected


@pytest.mark.parametrize("status", [304, 400, 403, 404, 412, 521])
def test_other_statuses_are_answers_at_once(client, status, time_):
    with portal(list=text(b"", status=status)) as server:
        response = client().fetch(get(f"{server.url}/list", **{"If-None-Match": '"a"'}))
        assert response.status == status
        assert len(server.seen) == 1
        assert server.seen[0].headers["if-none-match"] == '"a"'
    assert time_.naps == []


def test_the_user_agent_is_ours_whatever_a_profile_says(client):
    with portal(list=text("ok")) as server:
        client().fetch(get(f"{server.url}/list", **{"User-Agent": "Mozilla/5.0", "role": "0"}))
        assert server.seen[0].headers.get_all("user-agent") == [AGENT]
        assert server.seen[0].headers["role"] == "0"


def test_a_body_is_sent_as_given(client):
    with portal(search=text("ok")) as server:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        client().fetch(Request("POST", f"{server.url}/search", headers, b"pageNo=1&q=%E6%B0%B4"))
        ask = server.seen[0]
        assert (ask.command, ask.body) == ("POST", b"pageNo=1&q=%E6%B0%B4")
        assert ask.headers["content-type"] == "application/x-www-form-urlencoded"


def test_cookies_stay_within_one_client(client):
    with portal(login=text("", Set_Cookie="JSESSIONID=abc; Path=/"), list=text("")) as server:
        first = client()
        first.fetch(get(f"{server.url}/login"))
        first.fetch(get(f"{server.url}/list"))
        client().fetch(get(f"{server.url}/list"))
        assert [ask.headers.get("cookie") for ask in server.seen] == [None, "JSESSIONID=abc", None]


def test_redirects_are_followed_and_told(client):
    with portal(old=text("", status=302, Location="/new?p=1"), new=text("here")) as server:
        response = client().fetch(Request("POST", f"{server.url}/old", {}, b"a=1"))
        assert (response.body, response.redirected) == (b"here", True)
        assert response.url == f"{server.url}/new?p=1"
        assert [ask.command for ask in server.seen] == ["POST", "GET"]


def test_a_redirect_loop_ends(client):
    with portal(loop=text("", status=302, Location="/loop")) as server:
        with pytest.raises(FetchError, match="more than 5 redirects"):
            client().fetch(get(f"{server.url}/loop"))
        assert len(server.seen) == 6


def test_another_host_gets_no_private_headers(client):
    with portal(new=text("here")) as server:
        other = f"other.example:{server.server_port}"
        server.routes["/old"] = text("", status=307, Location=f"http://{other}/new")
        target = client(resolver=lambda *_: ["127.0.0.1"])
        target.fetch(get(f"{server.url}/old", **{"X-Token": "s3cret", "Accept": "text/html"}))
        asked = server.seen[1].headers
    assert asked["host"] == other
    assert asked["x-token"] is None
    assert (asked["accept"], asked["user-agent"]) == ("text/html", AGENT)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_refusals_are_tried_again_posts_too(client, status, time_):
    busy = text("", status=status)
    with portal(search=sequence(busy, busy, text("ok"))) as server:
        response = client().fetch(Request("POST", f"{server.url}/search", {}, b"page=7"))
        assert response.body == b"ok"
        assert [ask.body for ask in server.seen] == [b"page=7"] * 3
    assert len(time_.naps) == 2
    assert 1 <= time_.naps[0] <= 2 <= time_.naps[1] <= 3


def test_a_lasting_refusal_is_raised_with_evidence(client):
    mobile = "138" + "0" * 8
    with portal(list=text(f"<h1>维护中</h1> 联系电话 {mobile}", status=503)) as server:
        with pytest.raises(HttpStatus) as caught:
            client(retries=1).fetch(get(f"{server.url}/list?token=s3cret"))
        assert len(server.seen) == 2
    assert caught.value.status == 503
    assert caught.value.evidence.startswith("HTTP 503: <h1>维护中</h1>")
    assert mobile not in caught.value.evidence
    assert "s3cret" not in caught.value.reason


def test_retry_after_is_honoured_and_holds_the_host(client, time_):
    with portal(list=sequence(text("", status=429, Retry_After="7"), text("ok"))) as server:
        client().fetch(get(f"{server.url}/list"))
    assert time_.naps == [7]


def test_both_forms_of_retry_after():
    now = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    assert retry_after_seconds("12", now) == 12
    assert retry_after_seconds(format_datetime(now + timedelta(seconds=30), usegmt=True), now) == 30
    assert retry_after_seconds("Sun, 01 Mar 2026 07:00:00 GMT", now) == 0
    assert retry_after_seconds("86400", now) == MAX_RETRY_AFTER_SECONDS
    assert retry_after_seconds("soon", now) is None
    assert retry_after_seconds(None, now) is None


def test_resets_are_tried_again(client, time_):
    answers = [b"", b"", b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"]

    def answer(connection):
        connection.recv(65536)
        connection.sendall(answers.pop(0))

    with raw(answer) as url:
        assert client().fetch(get(url)).body == b"ok"
    assert len(time_.naps) == 2


def test_a_server_that_always_hangs_up_is_unreachable(client):
    with (
        raw(lambda connection: connection.recv(65536)) as url,
        pytest.raises(Unreachable) as caught,
    ):
        client(retries=1).fetch(get(f"{url}/list?token=s3cret"))
    assert "/list" in caught.value.reason
    assert "s3cret" not in caught.value.reason


def test_a_body_that_ends_early_is_not_an_answer(client):
    def answer(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf")

    with raw(answer) as url, pytest.raises(Unreachable):
        client(retries=1).fetch(get(url))


def test_a_silent_server_times_out(client):
    def answer(connection):
        connection.recv(65536)
        connection.settimeout(3)
        connection.recv(1)

    with raw(answer) as url, pytest.raises(Unreachable, match="no answer in time"):
        client(read_timeout=0.1, retries=0).fetch(get(url))


def test_nobody_listens(client):
    with raw(lambda _: None) as url:
        pass
    with pytest.raises(Unreachable):
        client(retries=0).fetch(get(url))


def test_a_name_that_does_not_resolve(client):
    def nowhere(*_):
        raise OSError("Name or service not known")

    with pytest.raises(Unreachable, match="does not resolve"):
        client(resolver=nowhere, retries=0).fetch(get("http://data.example.invalid/"))


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://a:99999/", "/list"])
def test_what_is_no_address(client, url):
    with pytest.raises(FetchError):
        client(retries=0).fetch(get(url))


def test_the_log_holds_no_query_and_no_header(client, caplog):
    caplog.set_level(logging.DEBUG)
    with portal(list=text("ok")) as server:
        client().fetch(get(f"{server.url}/list?token=s3cret", **{"X-Token": "s3cret"}))
    assert f"GET 127.0.0.1:{server.server_port}/list 200" in caplog.text
    assert "s3cret" not in caplog.text


def test_an_agent_without_an_address_to_contact_is_warned_of(caplog):
    for _ in range(2):
        Client(ClientSettings(user_agent="somebody who cannot be asked")).close()
    assert caplog.text.count("http.user_agent") == 1


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("user_agent", ""),
        ("user_agent", "数据"),
        ("user_agent", "a\r\nX-Injected: 1"),
        ("rate", -1),
        ("retries", -1),
        ("host_concurrency", 0),
        ("read_timeout", 0),
        ("max_bytes", 0),
        ("proxy", "socks5://localhost:1080"),
        ("allowed_networks", ("10.0.0.0/99",)),
    ],
)
def test_a_wrong_setting_is_named(setting, value):
    with pytest.raises(ValueError, match=setting):
        ClientSettings(**{setting: value})


def test_a_password_of_the_proxy_is_not_shown():
    assert "s3cret" not in repr(ClientSettings(proxy="http://user:s3cret@proxy:3128"))
