"""The guizhou-search renderer against the family's samples and over HTTP."""

from __future__ import annotations

import json
from datetime import datetime

import httpx2 as httpx
import pytest

from . import catalogue
from .families.guizhou_search import FREQUENCIES
from .records import CHINA, Record
from .server import ReplayPortal
from .structure import keys, sample

LIST = "/api/search/data/getDataDirectoryListByParams"
DETAIL = "/api/search/data/getDataDetailByDataId"
VENUES = Record(
    "88a912d8-bd97-4900-aee2-87929ba23a58",
    {
        "标题": "贵阳市公共文化场馆信息",
        "数据摘要": "全市图书馆、文化馆、博物馆等场馆信息\n",
        "主题名称": "文化休闲",
        "数据提供方": "贵阳市文化和旅游局",
        "所属行业": "文化、体育和娱乐业",
        "开放属性": "无条件开放",
        "更新频率": "每年",
        "数据格式": ["xlsx", "json"],
        "发布时间": "2021-06-01",
        "更新时间": "2023-06-12",
    },
    "520100",
)
MARKETS = Record(
    "7010fde3-a03a-427c-843e-299850c3bc67",
    {"标题": "农贸市场名录", "开放属性": "有条件开放", "更新频率": "暂无", "数据格式": None},
    "522700",
)


@pytest.fixture
def host():
    with ReplayPortal("guizhou-search", [VENUES, MARKETS]) as portal:
        yield httpx.Client(base_url=portal.base_url, headers={"role": "0"})


def test_answers_have_the_keys_of_the_samples(host):
    shown = host.post(LIST, json={"pageSize": 12, "pageIndex": 1}).json()
    assert keys(shown) == keys(
        json.loads(sample("guizhou-search/getDataDirectoryListByParams.json"))
    )
    shown = host.post(DETAIL, json={"id": VENUES.id}).json()
    stored = json.loads(sample("guizhou-search/getDataDetailByDataId.json"))
    assert keys(shown) == keys(stored)
    same = set(stored["data"]) - {"views", "calls", "dataCapacity", "description", "updateTime"}
    assert {name: shown["data"][name] for name in same} == {
        name: stored["data"][name] for name in same
    }
    assert shown["data"]["description"].endswith("\n")


def test_unknown_values_are_null(host):
    row = host.post(LIST, json={"divisionId": "522700"}).json()["data"][0]
    assert row["frequency"] is None
    assert row["resourceFormats"] is None
    assert row["createTime"] is None
    assert row["openAttribute"] == 1


def test_days_are_epoch_milliseconds_of_china(host):
    row = host.post(LIST, json={"divisionId": "520100"}).json()["data"][0]
    assert datetime.fromtimestamp(row["updateTime"] / 1000, CHINA).isoformat()[:16] == (
        "2023-06-12T00:00"
    )


@pytest.mark.parametrize(("word", "code"), FREQUENCIES.items())
def test_frequencies_are_codes(word, code):
    with ReplayPortal("guizhou-search", [VENUES.changed(更新频率=word)]) as portal:
        shown = httpx.post(portal.base_url + DETAIL, json={"id": VENUES.id}).json()
    assert shown["data"]["frequency"] == code


def test_all_records_of_a_division_appear_once():
    group = [p for p in catalogue.replayable() if p.family == "guizhou-search"]
    records = {portal.portal: portal.records() for portal in group}
    everything = [record for portal in group for record in records[portal.portal]]
    wanted = [record.id for record in records["522700"]]
    seen: list[str] = []
    with ReplayPortal("guizhou-search", everything) as portal:
        client = httpx.Client(base_url=portal.base_url)
        for number in range(1, 200):
            asked = {"pageSize": 12, "pageIndex": number, "divisionId": "522700"}
            page = client.post(LIST, json=asked).json()
            assert page["total"] == len(wanted) == 1551
            if not page["data"]:
                break
            seen += [row["id"] for row in page["data"]]
        assert client.post(LIST, json={}).json()["total"] == len(everything)
    assert seen == wanted


def test_a_form_is_answered_with_page_one_and_default_size():
    records = [Record(f"{n:08}-0000", {"标题": str(n)}, "520100") for n in range(40)]
    with ReplayPortal("guizhou-search", records) as portal:
        client = httpx.Client(base_url=portal.base_url)
        asked = {"pageSize": 5, "pageIndex": 3}
        assert [row["name"] for row in client.post(LIST, json=asked).json()["data"]] == [
            "10", "11", "12", "13", "14",
        ]  # fmt: skip
        trapped = client.post(LIST, data=asked)
        assert trapped.status_code == 200
        assert [row["name"] for row in trapped.json()["data"]] == [str(n) for n in range(12)]


def test_other_methods_ids_and_addresses(host):
    assert host.get(LIST).status_code == 405
    missing = host.post(DETAIL, json={"id": "no such"})
    assert missing.status_code == 200
    assert missing.json()["code"] == 500
    assert missing.json()["data"] is None
    assert host.post("/api/search/data/other", json={}).status_code == 404
    assert host.get(f"/guiyang/open-data/{VENUES.id}").status_code == 200


def test_filters(host):
    asked = [({"openAttribute": 1}, MARKETS), ({"searchText": ["场馆"]}, VENUES)]
    asked += [({"resourceFormats": ["xlsx"]}, VENUES), ({"divisionId": 522700}, MARKETS)]
    for body, record in asked:
        rows = host.post("/api/search/data/getDataListByParams", json=body).json()["data"]
        assert [row["id"] for row in rows] == [record.id]
