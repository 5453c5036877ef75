"""robots.txt (RFC 9309) and Crawl-delay."""

from __future__ import annotations

import pytest

from ckanext.cn_govdata.crawl.errors import Blocked, RobotsDisallowed, Unreachable
from ckanext.cn_govdata.crawl.messages import Request
from tests.client.servers import portal, raw, text


def fetch(client, server, path="/list", **settings):
    return client(respect_robots=True, **settings).fetch(Request("GET", server.url + path))


def test_a_closed_path_is_blocked_and_not_asked_for(client):
    rules = "User-agent: *\nDisallow: /admin\nDisallow: /list\nAllow: /list/open"
    with portal(robots_txt=text(rules)) as server:
        server.routes["/list/open"] = text("ok")
        target = client(respect_robots=True)
        with pytest.raises(RobotsDisallowed, match="closes /list to ckanext-cn-govdata"):
            target.fetch(Request("GET", f"{server.url}/list"))
        assert target.fetch(Request("GET", f"{server.url}/list/open")).body == b"ok"
        assert server.paths() == ["/robots.txt", "/list/open"]
    assert issubclass(RobotsDisallowed, Blocked)


def test_rules_for_our_name_go_before_those_for_all(client):
    rules = "User-agent: *\nDisallow: /\n\nUser-agent: ckanext-cn-govdata\nDisallow:\n"
    with portal(robots_txt=text(rules), list=text("ok")) as server:
        assert fetch(client, server).body == b"ok"


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_no_robots_file_allows_everything(client, status):
    with portal(robots_txt=text("Disallow: /", status=status), list=text("ok")) as server:
        assert fetch(client, server).body == b"ok"


@pytest.mark.parametrize("status", [429, 500, 503, 521])
def test_an_unreadable_robots_file_closes_everything(client, status):
    with portal(robots_txt=text("busy", status=status), list=text("ok")) as server:
        with pytest.raises(RobotsDisallowed, match=f"cannot be read .{status}"):
            fetch(client, server, retries=0)
        assert server.paths() == ["/robots.txt"]


def test_a_host_that_is_down_is_unreachable_not_blocked(client):
    with raw(lambda _: None) as url:
        pass
    with pytest.raises(Unreachable):
        client(respect_robots=True, retries=0).fetch(Request("GET", f"{url}/list"))


def test_a_page_in_place_of_the_file_forbids_nothing(client):
    page = "<!DOCTYPE html><html><head><title>首页</title></head><body>Disallow</body></html>"
    with portal(robots_txt=text(page, Content_Type="text/html"), list=text("ok")) as server:
        assert fetch(client, server).body == b"ok"


def test_it_is_asked_for_once_a_host_and_follows_redirects(client):
    moved = text("", status=301, Location="/elsewhere.txt")
    rules = text("User-agent: *\nDisallow: /closed")
    with portal(robots_txt=moved, list=text("ok")) as server:
        server.routes["/elsewhere.txt"] = rules
        target = client(respect_robots=True)
        for _ in range(3):
            target.fetch(Request("GET", f"{server.url}/list"))
        with pytest.raises(RobotsDisallowed):
            target.fetch(Request("GET", f"{server.url}/closed"))
        assert server.paths().count("/robots.txt") == 1


def test_the_target_of_a_redirect_is_judged_too(client):
    with portal(
        robots_txt=text("User-agent: *\nDisallow: /closed"),
        list=text("", status=302, Location="/closed"),
    ) as server:
        with pytest.raises(RobotsDisallowed):
            fetch(client, server)
        assert "/closed" not in server.paths()


def test_crawl_delay_slows_down_within_reason(client, time_):
    with portal(robots_txt=text("User-agent: *\nCrawl-delay: 4"), list=text("ok")) as server:
        target = client(respect_robots=True)
        for _ in range(3):
            target.fetch(Request("GET", f"{server.url}/list"))
    assert time_.naps == [4, 4]
    with portal(robots_txt=text("User-agent: *\nCrawl-delay: 86400"), list=text("ok")) as server:
        target = client(respect_robots=True)
        for _ in range(2):
            target.fetch(Request("GET", f"{server.url}/list"))
    assert time_.naps == [4, 4, 30]


def test_robots_can_be_left_aside(client):
    with portal(robots_txt=text("User-agent: *\nDisallow: /"), list=text("ok")) as server:
        target = client(respect_robots=False)
        assert target.fetch(Request("GET", f"{server.url}/list")).body == b"ok"
        assert server.paths() == ["/list"]
