from __future__ import annotations

import pytest

from ckanext.cn_govdata.crawl.client import Client, ClientSettings
from ckanext.cn_govdata.crawl.pacing import HostPacer

AGENT = "ckanext-cn-govdata/0 (+mailto:opendata@example.org)"


class Time:
    """A clock that only sleeping moves; `naps` are the seconds slept."""

    def __init__(self):
        self.now = 1000.0
        self.naps = []

    def clock(self):
        return self.now

    def sleep(self, seconds):
        self.naps.append(seconds)
        self.now += seconds


@pytest.fixture
def time_():
    return Time()


@pytest.fixture
def client(time_):
    """Make clients that may reach the loopback, unless a test says otherwise."""
    made = []
    pacer = HostPacer(clock=time_.clock, sleep=time_.sleep)

    def make(*, resolver=None, **settings):
        chosen = {
            "user_agent": AGENT,
            "rate": 0,
            "allowed_networks": ("127.0.0.0/8",),
            "respect_robots": False,
            "read_timeout": 5,
            **settings,
        }
        extra = {"resolver": resolver} if resolver else {}
        new = Client(ClientSettings(**chosen), pacer=pacer, sleep=time_.sleep, **extra)
        made.append(new)
        return new

    yield make
    for each in made:
        each.close()
