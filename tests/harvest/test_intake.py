"""The bounded way from crawling threads to the one writer."""

import threading
import time

import pytest

from ckanext.cn_govdata.harvest.intake import Closed, Intake


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def intake(**options):
    return Intake(
        **{"batch_size": 5, "first_batch": 2, "capacity": 20, "patience": 10.0, **options}
    )


def fill(lanes, key, number, start=0):
    for value in range(start, start + number):
        lanes.put(key, value)


def test_batches_come_whole_and_in_order():
    lanes = intake()
    lanes.open("a")
    fill(lanes, "a", 12)
    lanes.end("a")
    got = [lanes.get(0) for _ in range(3)]
    assert [batch.things for batch in got] == [[0, 1, 2, 3, 4], [5, 6, 7, 8, 9], [10, 11]]
    assert [batch.ended for batch in got] == [False, False, True]
    assert lanes.get(0) is None


def test_error_comes_with_the_last_batch_and_an_empty_lane_ends_too():
    lanes = intake()
    lanes.open("a")
    lanes.open("b")
    lanes.end("b", "it broke")
    [batch] = [lanes.get(0)]
    assert (batch.key, batch.things, batch.ended, batch.error) == ("b", [], True, "it broke")


def test_what_waits_long_comes_though_it_is_little():
    clock = Clock()
    lanes = intake(clock=clock)
    lanes.open("a")
    fill(lanes, "a", 3)
    assert lanes.get(0) is None
    clock.now = 10.0
    assert lanes.get(0).things == [0, 1, 2]


def test_first_batch_is_not_cut_below_its_size_by_waiting():
    clock = Clock()
    lanes = intake(clock=clock)
    lanes.open("a")
    fill(lanes, "a", 1)
    clock.now = 100.0
    assert lanes.get(0) is None
    fill(lanes, "a", 1, start=1)
    assert lanes.get(0).things == [0, 1]


def test_lanes_take_turns():
    lanes = intake(capacity=100)
    for key in ("a", "b"):
        lanes.open(key)
        fill(lanes, key, 15)
    assert [lanes.get(0).key for _ in range(4)] == ["a", "b", "a", "b"]


def test_full_lanes_stop_the_crawl_until_the_largest_is_written():
    lanes = intake(batch_size=100, capacity=10)
    lanes.open("a")
    lanes.open("b")
    fill(lanes, "a", 3)
    fill(lanes, "b", 7)
    waiting = threading.Thread(target=lanes.put, args=("a", 3), daemon=True)
    waiting.start()
    waiting.join(0.2)
    assert waiting.is_alive()
    assert len(lanes) == 10
    assert lanes.get(0).key == "b"
    waiting.join(5)
    assert not waiting.is_alive()


def test_closed_lane_refuses_and_wakes_who_waits():
    lanes = intake(batch_size=100, capacity=2)
    lanes.open("a")
    lanes.open("b")
    fill(lanes, "a", 2)
    refused = []

    def wait():
        try:
            lanes.put("b", 1)
        except Closed:
            refused.append(True)

    waiting = threading.Thread(target=wait, daemon=True)
    waiting.start()
    time.sleep(0.1)
    assert lanes.drain("b") == []
    waiting.join(5)
    assert refused == [True]
    assert lanes.drain("a") == [0, 1]
    assert len(lanes) == 0
    with pytest.raises(Closed):
        lanes.put("a", 1)


def test_get_wakes_when_something_comes():
    lanes = intake()
    lanes.open("a")
    thread = threading.Timer(0.1, lambda: fill(lanes, "a", 5))
    thread.start()
    began = time.monotonic()
    assert lanes.get(30).things == [0, 1, 2, 3, 4]
    assert time.monotonic() - began < 20
