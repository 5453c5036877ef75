"""Provokes a case on a replay portal over real sockets and says what the job reported."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.client import Client, ClientSettings
from ckanext.cn_govdata.crawl.messages import ItemStatus, Report
from ckanext.cn_govdata.crawl.pacing import HostPacer
from ckanext.cn_govdata.portals import source as portal_source
from tests.portals.records import Record
from tests.portals.server import ReplayPortal

from .cases import SIZE, Case

CELLS = {
    "资源名称": "数据集",
    "描述": "名称、地址、电话",
    "数据提供方": "市统计局",
    "更新时间": "2024-01-02",
    "发布时间": "2023-01-02",
    "更新频率": "每年",
    "开放条件": "无条件开放",
    "数据格式": "['csv']",
    "标签": "统计、年鉴",
}
OPTIONS = {"inspur-oportal": {"context": "/oportal"}}
_ADDRESS = re.compile(r"127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Measured:
    """What the second run came to."""

    report: Report
    read: int  # changed or unchanged
    refused: int
    waits: tuple[float, ...]
    findings: Counter[str]

    @property
    def words(self) -> str:
        """Reason and evidence, the portal's port taken out."""
        report = self.report
        said = " · ".join(part for part in (report.reason, report.evidence) if part)
        return _ADDRESS.sub("portal", said)


class _Time:
    """A clock that only sleeping moves: back-off and Retry-After cost no time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(round(seconds, 3))
        self.now += seconds


def records() -> list[Record]:
    return [
        Record(f"r{n:04}", {**CELLS, "资源名称": f"数据集{n}", "标题": f"数据集{n}"})
        if n
        else Record("r0000", {**CELLS, "标题": "数据集0"})
        for n in range(SIZE)
    ]


def measure(case: Case) -> Measured:
    """Read the portal whole, switch the fault on, read it again."""
    options = OPTIONS.get(case.family, {})
    stored = records()
    if case.family == "jdop":
        stored = [replace(one, id=str(10_000 + n)) for n, one in enumerate(stored)]
    with ReplayPortal(case.family, stored, **options) as portal:
        config = {"family": case.family, "details": case.details}
        source = portal_source.build(config, portal.base_url, today=date(2024, 5, 1))
        known = _first_run(source)
        portal.recover()
        portal._robots = case.robots
        portal.fail(**case.fault)
        if case.change:
            portal.records[0] = portal.records[0].changed(**case.change)
        if case.withdrawn_rows:
            portal.records.clear()
        return _second_run(source, known, case)


def _settings(**changes: object) -> ClientSettings:
    defaults = {
        "user_agent": "faults/1 (+mailto:opendata@example.org)",
        "rate": 0,
        "retries": 2,
        "read_timeout": 5,
        "max_bytes": 2_000_000,
        "allowed_networks": ("127.0.0.0/8",),
    }
    return ClientSettings(**{**defaults, **changes})


def _first_run(source):
    with Client(_settings()) as client:
        items = list(flow.crawl(source, client.fetch))
    assert len(items) == SIZE, len(items)
    return {item.source_id: item.fingerprints for item in items}


def _second_run(source, known, case: Case) -> Measured:
    clock = _Time()
    pacer = HostPacer(clock.clock, clock.sleep)
    limit = 0.3 if case.fault.get("latency") else 5
    settings = _settings(read_timeout=limit, allowed_networks=case.allowed)
    with Client(settings, pacer=pacer, sleep=clock.sleep) as client:
        listing = flow.crawl(source, client.fetch, known)
        items = list(listing)
    statuses = Counter(item.status for item in items)
    findings = Counter(finding.field for item in items for finding in item.findings)
    well = (ItemStatus.CHANGED, ItemStatus.UNCHANGED, ItemStatus.SAME_RECORD)
    return Measured(
        listing.report,
        sum(statuses[status] for status in well),
        statuses[ItemStatus.REFUSED],
        tuple(nap for nap in clock.naps if nap == int(nap) and nap > 0),
        findings,
    )
