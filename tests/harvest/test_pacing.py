"""Turns of a host that several processes share through Redis."""

import multiprocessing
import os
import signal
import threading
import time
from itertools import pairwise

import pytest

HOST = "data.example.cn"


def make_pacer(url, prefix, **options):
    import redis

    from ckanext.cn_govdata.crawl.shared_pacing import RedisPacer

    errors = (redis.exceptions.RedisError,)
    return RedisPacer(redis.Redis.from_url(url), prefix, errors, **options)


@pytest.fixture
def url():
    from ckan.plugins import toolkit as tk

    return tk.config["ckan.redis.url"]


@pytest.fixture
def prefix(url):
    import redis

    name = f"test-{os.getpid()}-{time.monotonic_ns()}"
    yield name
    client = redis.Redis.from_url(url)
    for key in client.scan_iter(f"{name}:*"):
        client.delete(key)


def work(url, prefix, turns, interval, limit, results):
    pacer = make_pacer(url, prefix)
    for _ in range(turns):
        with pacer.turn(HOST, interval=interval, limit=limit):
            begun = time.monotonic()
            time.sleep(0.02)
            results.put((begun, time.monotonic()))


def spans(url, prefix, *, processes=3, turns=4, interval=0.0, limit=1):
    spawn = multiprocessing.get_context("spawn")
    results = spawn.Queue()
    arguments = (url, prefix, turns, interval, limit, results)
    workers = [spawn.Process(target=work, args=arguments) for _ in range(processes)]
    for worker in workers:
        worker.start()
    found = sorted(results.get(timeout=60) for _ in range(processes * turns))
    for worker in workers:
        worker.join(30)
    return found


def test_processes_share_the_rate(url, prefix):
    begun = [start for start, _ in spans(url, prefix, interval=0.1, limit=9)]
    gaps = [after - before for before, after in pairwise(begun)]
    # Waking up takes a moment, so two starts may be seen a little closer than they were given.
    assert begun[-1] - begun[0] >= 0.1 * (len(begun) - 1) - 0.05
    assert min(gaps) > 0.03


@pytest.mark.parametrize("limit", [1, 2])
def test_processes_share_the_limit(url, prefix, limit):
    events = []
    for start, end in spans(url, prefix, limit=limit):
        events += [(start, 1), (end, -1)]
    running = most = 0
    for _, step in sorted(events):
        running += step
        most = max(most, running)
    assert most <= limit


def hold_for_ever(url, prefix, ready):
    with make_pacer(url, prefix, lease_seconds=0.5).turn(HOST, interval=0, limit=1):
        ready.set()
        time.sleep(60)


def test_the_turn_of_a_killed_process_runs_out_that_of_a_slow_one_does_not(url, prefix):
    spawn = multiprocessing.get_context("spawn")
    ready = spawn.Event()
    process = spawn.Process(target=hold_for_ever, args=(url, prefix, ready))
    process.start()
    assert ready.wait(60)
    pacer = make_pacer(url, prefix, lease_seconds=0.5)
    got = threading.Event()

    def wait_for_turn():
        with pacer.turn(HOST, interval=0, limit=1):
            got.set()

    waiter = threading.Thread(target=wait_for_turn, daemon=True)
    waiter.start()
    assert not got.wait(1.5)  # three leases long: the heartbeat keeps it
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert got.wait(30)
    waiter.join(5)


def test_a_hold_is_seen_by_all(url, prefix):
    make_pacer(url, prefix).hold(HOST, 0.4)
    begun = time.monotonic()
    with make_pacer(url, prefix).turn(HOST, interval=0, limit=1):
        assert time.monotonic() - begun >= 0.3
    with make_pacer(url, prefix).turn("other.example.cn", interval=0, limit=1):
        pass


def test_two_sites_on_one_redis_do_not_meet(url, prefix):
    with (
        make_pacer(url, f"{prefix}:a").turn(HOST, interval=0, limit=1),
        make_pacer(url, f"{prefix}:b").turn(HOST, interval=0, limit=1),
    ):
        pass


def test_the_next_turn_counts_from_the_moment_of_sending(url, prefix):
    pacer = make_pacer(url, prefix)
    with pacer.turn(HOST, interval=0.4, limit=1) as begin:
        time.sleep(0.3)
        begin()
        sent = time.monotonic()
    with make_pacer(url, prefix).turn(HOST, interval=0.4, limit=1):
        assert time.monotonic() - sent >= 0.39


def test_without_redis_the_process_paces_itself(prefix, monkeypatch):
    from ckanext.cn_govdata.crawl import shared_pacing
    from ckanext.cn_govdata.crawl.pacing import HostPacer

    said = []
    monkeypatch.setattr(shared_pacing.log, "warning", lambda words, *_: said.append(words))

    pacer = make_pacer("redis://127.0.0.1:9/0", prefix, alone=HostPacer())
    begun = time.monotonic()
    for _ in range(3):
        with pacer.turn(HOST, interval=0.1, limit=1):
            pass
    assert time.monotonic() - begun >= 0.2
    assert len(said) == 1
    assert said[0].startswith("Redis cannot be reached")


def test_harvests_use_it_under_the_sites_name(with_plugins):
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.harvest import pacing

    pacer = pacing.pacer()
    assert tk.config["ckan.site_id"] in pacer._key(HOST, "turns")
    with pacer.turn(HOST, interval=0, limit=1):
        pass
