"""Private networks are refused when the socket connects: by name, redirect, number or proxy."""

from __future__ import annotations

import pytest

from ckanext.cn_govdata.crawl.addresses import AddressPolicy
from ckanext.cn_govdata.crawl.errors import AddressRefused, Unreachable
from ckanext.cn_govdata.crawl.messages import Request
from tests.client.servers import portal, text

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "64:ff9b::a00:1",  # NAT64 of 10.0.0.1
]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_public(address):
    assert not AddressPolicy().permits(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "202.106.0.20", "2400:3200::1", "::ffff:202.106.0.20", "100.128.0.1"]
)
def test_addresses_that_are_public(address):
    assert AddressPolicy().permits(address)


def test_allowed_networks_open_just_themselves():
    policy = AddressPolicy(["10.20.0.0/16", "fd00::/8"])
    assert policy.permits("10.20.255.1")
    assert policy.permits("::ffff:10.20.0.1")
    assert policy.permits("fd12::1")
    assert not policy.permits("10.21.0.1")
    assert not policy.permits("127.0.0.1")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1"])
def test_the_loopback_is_refused_under_every_spelling(client, host, time_):
    with portal(list=text("secret")) as server:
        with pytest.raises(AddressRefused, match="not a public address"):
            client(allowed_networks=()).fetch(
                Request("GET", f"http://{host}:{server.server_port}/list")
            )
        assert server.seen == []
    assert time_.naps == []


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "file:///etc/passwd",
        "ftp://202.106.0.20/",
        "gopher://127.0.0.1:6379/_FLUSHALL",
    ],
)
def test_a_redirect_into_the_private_network_is_refused(client, location):
    moved = text("", status=302, Location=location)
    with portal(list=moved) as server, pytest.raises(AddressRefused):
        client().fetch(Request("GET", f"{server.url}/list"))


def test_a_name_with_a_private_answer_is_refused_at_connect_time(client):
    asked = []

    def resolver(host, port):
        asked.append((host, port))
        return ["192.168.0.10"]

    with pytest.raises(AddressRefused, match=r"data\.example leads to 192\.168\.0\.10"):
        client(resolver=resolver).fetch(Request("GET", "http://data.example/list"))
    assert asked == [("data.example", 80)]


def test_each_new_connection_is_judged_anew(client):
    answers = [["127.0.0.1"], ["10.0.0.1"]]

    with portal(list=text("ok", Connection="close")) as server:
        target = client(resolver=lambda *_: answers.pop(0))
        url = f"http://rebind.example:{server.server_port}/list"
        assert target.fetch(Request("GET", url)).body == b"ok"
        with pytest.raises(AddressRefused):
            target.fetch(Request("GET", url))
        assert len(server.seen) == 1


def test_the_socket_connects_to_the_judged_answer_and_passes_over_refused_ones(client):
    with portal(list=text("ok")) as server:
        target = client(resolver=lambda *_: ["10.0.0.1", "127.0.0.1"])
        url = f"http://data.example:{server.server_port}/list"
        assert target.fetch(Request("GET", url)).body == b"ok"
        assert server.seen[0].headers["host"] == f"data.example:{server.server_port}"


def test_the_environment_sets_no_proxy(client, monkeypatch):
    with portal(list=text("ok")) as server:
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
        assert client().fetch(Request("GET", f"{server.url}/list")).body == b"ok"


def forward(ask):
    ask.reply(200, f"forwarded {ask.path} {ask.headers['proxy-authorization']}".encode())


def test_a_proxy_is_asked_with_the_name_and_may_be_private_itself(client):
    with portal() as proxy:
        proxy.routes["http://data.example/list"] = forward
        target = client(
            proxy=proxy.url.replace("//", "//user:word@"),
            allowed_networks=(),
            resolver=lambda *_: ["202.106.0.20"],
        )
        response = target.fetch(Request("GET", "http://data.example/list?page=1"))
    assert response.body == b"forwarded http://data.example/list?page=1 Basic dXNlcjp3b3Jk"


def test_a_proxy_is_not_asked_for_private_targets(client):
    with portal() as proxy:
        target = client(proxy=proxy.url, allowed_networks=(), resolver=lambda *_: ["10.0.0.1"])
        with pytest.raises(AddressRefused):
            target.fetch(Request("GET", "http://data.example/list"))
        assert proxy.seen == []


def test_names_that_only_the_proxy_knows_are_its_to_judge(client):
    def unknown(*_):
        raise OSError("no DNS here")

    with portal() as proxy:
        proxy.routes["http://data.example/list"] = forward
        target = client(proxy=proxy.url, allowed_networks=(), resolver=unknown)
        assert target.fetch(Request("GET", "http://data.example/list")).status == 200


def test_a_dead_proxy_is_unreachable(client):
    with portal() as proxy:
        address = proxy.url
    with pytest.raises(Unreachable):
        client(proxy=address, retries=0, resolver=lambda *_: ["202.106.0.20"]).fetch(
            Request("GET", "http://data.example/list")
        )
