"""Bodies without end, bombs, drips."""

from __future__ import annotations

import gzip
import threading
import tracemalloc
import zlib

import brotli
import pytest

from ckanext.cn_govdata.crawl.errors import TooLarge, Unreachable
from ckanext.cn_govdata.crawl.messages import Request
from tests.client.servers import portal, raw, text

MIB = 2**20


def compress(coding, data):
    if coding == "gzip":
        return gzip.compress(data)
    if coding == "deflate":
        return zlib.compress(data)
    return brotli.compress(data, quality=5)


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_compressed_bodies_are_read(client, coding):
    body = compress(coding, "数据目录".encode() * 1000)
    with portal(list=text(body, Content_Encoding=coding)) as server:
        response = client().fetch(Request("GET", f"{server.url}/list"))
        assert coding in server.seen[0].headers["accept-encoding"]
    assert response.body == "数据目录".encode() * 1000
    assert "content-encoding" not in response.headers


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_compression_bomb_is_cut_off_while_it_unfolds(client, coding):
    bomb = compress(coding, bytes(128 * MIB))
    with portal(list=text(bomb, Content_Encoding=coding)) as server:
        target = client(max_bytes=MIB)
        tracemalloc.start()
        try:
            with pytest.raises(TooLarge, match="1,048,576 bytes"):
                target.fetch(Request("GET", f"{server.url}/list"))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert len(server.seen) == 1
    assert peak < 32 * MIB


def test_a_broken_compression_is_not_an_answer(client):
    broken = text(b"not gzip at all", Content_Encoding="gzip")
    with portal(list=broken) as server, pytest.raises(Unreachable):
        client(retries=1).fetch(Request("GET", f"{server.url}/list"))


def test_a_body_of_just_the_limit_passes(client):
    with portal(list=text(b"x" * 1000)) as server:
        assert len(client(max_bytes=1000).fetch(Request("GET", f"{server.url}/list")).body) == 1000
        with pytest.raises(TooLarge):
            client(max_bytes=999).fetch(Request("GET", f"{server.url}/list"))


def test_an_endless_body_is_cut_off(client):
    def answer(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    with raw(answer) as url, pytest.raises(TooLarge):
        client(max_bytes=MIB).fetch(Request("GET", url))


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", b"HTTP/1.1 200 OK\r\nx: "]
)
def test_a_drip_is_ended_by_the_total_time_and_not_tried_again(client, time_, start):
    stop = threading.Event()

    def answer(connection):
        connection.recv(65536)
        connection.sendall(start)
        while not stop.wait(0.05):
            connection.sendall(b"x")

    with raw(answer) as url:
        try:
            with pytest.raises(TooLarge, match=r"0\.3 seconds"):
                client(total_timeout=0.3).fetch(Request("GET", url))
        finally:
            stop.set()
    assert time_.naps == []
