"""Turns of a host: apart in time, limited in number, held back on request."""

from __future__ import annotations

import threading

import pytest

from ckanext.cn_govdata.crawl.messages import Request
from ckanext.cn_govdata.crawl.pacing import HostPacer
from tests.client.servers import portal, text


def test_turns_begin_an_interval_apart_for_each_host(time_):
    pacer = HostPacer(time_.clock, time_.sleep)
    begun = []
    for host in ("a", "a", "b", "a"):
        with pacer.turn(host, interval=2, limit=1):
            begun.append((host, time_.now - 1000))
    assert begun == [("a", 0), ("a", 2), ("b", 2), ("a", 4)]


def test_time_that_has_passed_is_not_waited_again(time_):
    pacer = HostPacer(time_.clock, time_.sleep)
    with pacer.turn("a", interval=2, limit=1):
        time_.now += 5
    with pacer.turn("a", interval=2, limit=1):
        assert time_.naps == []


def test_the_next_turn_counts_from_the_moment_of_sending(time_):
    pacer = HostPacer(time_.clock, time_.sleep)
    with pacer.turn("a", interval=2, limit=1) as begin:
        time_.now += 1.5  # a busy machine
        begin()
    with pacer.turn("a", interval=2, limit=1):
        assert time_.naps == [2]


def test_a_hold_delays_the_next_turn_of_its_host_alone(time_):
    pacer = HostPacer(time_.clock, time_.sleep)
    pacer.hold("a", 30)
    pacer.hold("a", 10)
    with pacer.turn("b", interval=0, limit=1):
        assert time_.naps == []
    with pacer.turn("a", interval=0, limit=1):
        assert time_.naps == [30]


def test_a_turn_is_given_back_when_its_holder_fails(time_):
    pacer = HostPacer(time_.clock, time_.sleep)
    with pytest.raises(RuntimeError), pacer.turn("a", interval=0, limit=1):
        raise RuntimeError
    with pacer.turn("a", interval=0, limit=1):
        pass


def test_threads_share_the_limit():
    pacer = HostPacer()
    lock, most, held = threading.Lock(), [0], [0]
    go = threading.Barrier(6)

    def work():
        go.wait()
        for _ in range(5):
            with pacer.turn("a", interval=0, limit=2):
                with lock:
                    held[0] += 1
                    most[0] = max(most[0], held[0])
                threading.Event().wait(0.002)
                with lock:
                    held[0] -= 1

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert most[0] == 2


def test_threads_share_the_rate(time_):
    pacer = HostPacer(time_.clock, time_.sleep)
    begun, lock = [], threading.Lock()

    def work():
        with pacer.turn("a", interval=1, limit=8), lock:
            begun.append(time_.now)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(begun) == 8
    assert time_.now >= 1007


def test_clients_of_one_process_meet_at_the_same_host(client, time_):
    with portal(list=text("ok")) as server:
        for _ in range(3):
            client(rate=0.5).fetch(Request("GET", f"{server.url}/list"))
    assert time_.naps == [2, 2]
