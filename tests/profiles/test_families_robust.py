"""Any portal of a family: members that lack, are null or blank, change type, or come wrapped."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.messages import ItemStatus, Outcome, Request, Response
from ckanext.cn_govdata.portals.source import build
from ckanext.cn_govdata.standards.fields import fields_on

from .wire import Wire

BASE = "http://portal.test"
END = "{}"
# family -> parameters, and which sample answers what; the first fits.
FAMILIES: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "athena": (
        {},
        {
            "catalog/page": "catalog-page.json",
            "getDetails": "catalog-getDetails.json",
            "getInterfaceDataByPage": "interface-getInterfaceDataByPage.json",
            "getApiData": "catalog-getDetails.json",
        },
    ),
    "epoint-openportal": (
        {},
        {
            "getResourceList": "getResourceList.json",
            "getResourceDetail": "getResourceDetail.json",
        },
    ),
    "exchangeopengateway": (
        {},
        {
            "getMlxxList": "getMlxxList.json",
            "getSjmlxq": "getSjmlxq.json",
            "getZyfwxq": "getZyfwxq.json",
        },
    ),
    "fujian-open-portal": (
        {},
        {
            "catalog/list": "catalog-list.json",
            "getCataInfo": "getCataInfo.json",
            "getCataItem": "getCataItem.json",
        },
    ),
    "gd-findpage": (
        {"variant": "v2"},
        {
            "findPageBySearch": "v2-findPageBySearch.json",
            "selectDataApiByResId": "v2-selectDataCatalogByResId.json",
            "selectDataCatalogByResId": "v2-selectDataCatalogByResId.json",
            "getPreviewDataItem": "v2-getPreviewDataItem.json",
        },
    ),
    "inspur-odweb": (
        {"variant": "wuxi"},
        {
            "GetCatalog": "list.json",
            "catalogDetail.htm": "wuxi-detail.html",
            "getDownLoadPageInfo": "getDownLoadPageInfo.json",
            "queryApiList": "wuxi-queryApiList.json",
        },
    ),
    "jiangxi-opendata": (
        {},
        {
            "openData/page": "openData-page.json",
            "openData/infoById": "openData-infoById.json",
            "apiService/page": '{"data": [{"apiId": "a1", "apiName": "查询"}], "page": {"pages": 1}}',
            "apiService/infoById": "apiService-infoById.json",
        },
    ),
    "open-data-web": (
        {},
        {"queryKfZyPage": "queryKfZyPage.json", "getKfzyDetail": "getKfzyDetail.json"},
    ),
    "openresource": (
        {},
        {
            "openResource/rest/page": "page.json",
            "findView": "findView.json",
            "openService": "openService-page.json",
        },
    ),
    "portal-dataservice": (
        {"codeId": "x"},
        {"getPage": "getPage.json", "service_detail": "service_detail.html"},
    ),
}
SEEDS = range(12)


def crawl(family: str, parameters: dict[str, str], fetch) -> tuple[list, Any]:
    source = build({"family": family, "portal_id": "420000", "parameters": parameters}, BASE)
    listing = flow.crawl(source, fetch)
    return list(listing), listing.report


def leaves(value: Any, path: tuple = ()) -> list[tuple]:
    """The paths of all members and elements below a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for key, part in items:
        found.append((*path, key))
        if isinstance(part, (dict, list)):
            found += leaves(part, (*path, key))
    return found


def spoiled(value: Any, rng: random.Random) -> Any:
    """What a portal might send in a value's place."""
    return rng.choice(
        [
            None,
            "",
            "暂无",
            [],
            {},
            ["", value],
            {"value": value},
            json.dumps(value, ensure_ascii=False),
            str(value),
            -1,
            2**70,
            True,
            "&nbsp;\u3000",
            "<b>x</b>",
        ]
    )


class Spoiling:
    """Answers as the samples do, with a few members spoiled or left out, the same every time."""

    def __init__(self, wire: Wire, seed: int) -> None:
        self.wire, self.seed = wire, seed

    def __call__(self, request: Request) -> Response:
        response = self.wire(request)
        try:
            value = json.loads(response.body)
        except ValueError:
            return response
        rng = random.Random(f"{self.seed}{request.url}")
        paths = leaves(value)
        for path in rng.sample(paths, min(len(paths), rng.randint(1, 6))):
            self._spoil(value, path, rng)
        return replace(response, body=json.dumps(value, ensure_ascii=False).encode())

    @staticmethod
    def _spoil(value: Any, path: tuple, rng: random.Random) -> None:
        *parents, last = path
        for key in parents:
            value = value[key] if isinstance(value, (dict, list)) and _has(value, key) else None
        if not isinstance(value, (dict, list)) or not _has(value, last):
            return
        if isinstance(value, dict) and rng.random() < 0.3:
            del value[last]
        else:
            value[last] = spoiled(value[last], rng)


def _has(value: dict | list, key: object) -> bool:
    return key in value if isinstance(value, dict) else isinstance(key, int) and key < len(value)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("family", FAMILIES)
def test_no_answer_breaks_a_run_or_a_record(family, seed):
    parameters, answers = FAMILIES[family]
    items, report = crawl(family, parameters, Spoiling(Wire(family, answers), seed))
    assert report.outcome in set(Outcome)
    ids = [item.source_id for item in items]
    assert len(set(ids)) == len(ids)
    known = set(fields_on("dataset")) | {"resources"}
    for item in items:
        if item.record is None:
            assert item.reason or item.status is ItemStatus.UNCHANGED
            continue
        assert item.record.title.strip()
        assert isinstance(item.record.source_id, str)
        assert set(item.record.as_dict()) <= known
        json.dumps(item.record.as_dict(), ensure_ascii=False).encode()


@pytest.mark.parametrize("family", FAMILIES)
def test_records_do_not_depend_on_what_else_is_sent(family):
    """Members that no source names, in every object, change nothing but `source_extra`."""
    parameters, answers = FAMILIES[family]

    def adding(request: Request) -> Response:
        response = Wire(family, answers)(request)
        try:
            value = json.loads(response.body, object_hook=lambda one: {**one, "zzExtra": "更多"})
        except ValueError:
            return response
        return replace(response, body=json.dumps(value, ensure_ascii=False).encode())

    def mapped(fetch) -> list[dict]:
        found = [item.record.as_dict() for item in crawl(family, parameters, fetch)[0]]
        for one in found:
            one.pop("source_extra", None)
        return found

    plain = mapped(Wire(family, answers))
    assert plain
    assert mapped(adding) == plain


@pytest.mark.parametrize("family", FAMILIES)
def test_gb18030_without_a_charset(family):
    parameters, answers = FAMILIES[family]

    def recoded(request: Request) -> Response:
        response = Wire(family, answers)(request)
        return replace(response, body=response.body.decode().encode("gb18030"), headers={})

    expected = [item.record for item in crawl(family, parameters, Wire(family, answers))[0]]
    assert [item.record for item in crawl(family, parameters, recoded)[0]] == expected


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("29200/00403632", "29200/00403632"),
        (9223372036854775807, "9223372036854775807"),
        ("00012", "00012"),
        (1.0, "1"),
        ("a b+c%2F?&#", "a b+c%2F?&#"),
    ],
)
def test_ids_are_kept_exactly_and_asked_for_exactly(sent, kept):
    wire = Wire(
        "fujian-open-portal",
        {
            "catalog/list": json.dumps(
                {"data": {"total": 1, "rows": [{"catalogID": sent, "catalogName": "名录"}]}}
            ),
            "getCataInfo": '{"data": {"orgName": "省林业局"}}',
            "getCataItem": '{"data": null}',
        },
    )
    items, report = crawl("fujian-open-portal", {}, wire)
    assert ([item.source_id for item in items], report.outcome) == ([kept], Outcome.COMPLETE)
    asked = parse_qs(urlsplit(wire.requests[1].url).query)["cataId"]
    assert asked == [kept]


def test_a_record_without_title_is_refused_with_a_reason():
    rows = '{"data": {"total": 1, "rows": [{"catalogID": "a", "catalogName": "暂无"}]}}'
    wire = Wire(
        "fujian-open-portal",
        {"catalog/list": rows, "getCataInfo": '{"data": {"orgName": "x"}}', "getCataItem": END},
    )
    items, _ = crawl("fujian-open-portal", {}, wire)
    assert [(item.status, item.reason) for item in items] == [(ItemStatus.REFUSED, "no title")]
