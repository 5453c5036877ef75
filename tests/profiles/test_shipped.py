"""The shipped profiles against the documented samples and the replay portals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.messages import ItemStatus, Outcome, Response
from ckanext.cn_govdata.portals import families
from ckanext.cn_govdata.portals.source import build
from ckanext.cn_govdata.standards.fields import fields_on

from .support import BASE, OWN_SAMPLES, SAMPLES, read, site_of

LIST_END = '<div class="top-title">共找到<span>1,287</span></div><div class="bottom-content"><ul></ul></div>'


def page(request, body: str | bytes | Path, content_type: str = "text/html") -> Response:
    data = (
        body.read_bytes()
        if isinstance(body, Path)
        else body.encode()
        if isinstance(body, str)
        else body
    )
    return Response(200, request.url, {"content-type": content_type}, data)


def sample_records(family: str, fetch, **config) -> tuple[dict, list]:
    source = build({"family": family, **config}, BASE)
    crawl = flow.crawl(source, fetch)
    items = list(crawl)
    return {item.source_id: item.record for item in items}, [*items, crawl.report]


def oportal(request) -> Response:
    samples = SAMPLES / "inspur-oportal"
    if "/catalog/index" in request.url:
        first = request.url.endswith("page=1")
        return page(request, samples / "list-page1.html" if first else LIST_END)
    if "getResourceWithFormat" in request.url:
        if "8a5be2f1" in request.url:
            return page(request, json.dumps({"object": {"records": []}}), "application/json")
        return page(request, samples / "getResourceWithFormat.json", "application/json")
    if request.url.endswith("20210318152044100027"):
        return page(request, samples / "detail-files-by-ajax.html")
    if "8a5be2f1" in request.url:
        return page(request, OWN_SAMPLES / "inspur-oportal" / "detail-conditional.html")
    return page(request, samples / "detail.html")


@pytest.fixture(scope="module")
def oportal_records():
    return sample_records("inspur-oportal", oportal, portal_id="371600")


def test_oportal_list(oportal_records):
    records, (*_, report) = oportal_records
    assert list(records) == [
        "3f0c1a7be0d94b0f9a5c2d7716e4a811",
        "20210318152044100027",
        "8a5be2f17c0d4c41b1f20c6b9d2e7e90",
        "5d216f8449604196bad899d8b7990ec1",
    ]
    assert report.total == 1287
    assert report.outcome is Outcome.INCOMPLETE
    assert "4 distinct records of 1287" in report.reason


def test_oportal_detail_with_files_in_the_page(oportal_records):
    record = oportal_records[0]["3f0c1a7be0d94b0f9a5c2d7716e4a811"]
    assert record.title == "幼儿园名录信息"
    assert record.notes == "全市幼儿园名称、地址、办园性质等信息。"
    assert (record.provider_name, record.division_code) == ("市教育局", "371600")
    assert (record.domain_text, record.open_attribute) == ("教育", "1")
    assert (record.frequency, record.industry, record.record_count) == ("yearly", "P", 1286)
    assert (record.issued, record.modified) == ("2022-03-25", "2023-06-13")
    assert record.source_modified == "2023-06-13T01:00:35+08:00"
    assert record.tags == ("幼儿园", "学前教育")
    assert record.contact[0].phone == "0543-3162121"
    assert (record.source_views, record.source_downloads) == (1352, 47)
    assert record.url == f"{BASE}/oportal/catalog/{record.source_id}"
    assert [item.name_en for item in record.data_items] == ["YEYMC", "DZ", "BXLX"]
    assert [(r.format, r.kind) for r in record.resources] == [
        *((name, "file") for name in ("xls", "xml", "json", "csv", "rdf")),
        ("api", "api"),
    ]
    first = record.resources[0]
    assert first.download_url.startswith(f"{BASE}/oportal/catalog/download?cataId=3f0c1a7b")
    assert first.download_url.endswith("&idInRc=3f0c1a7be000")
    assert first.modified == "2023-06-13"
    assert record.source_extra == {}


def test_oportal_files_by_script(oportal_records):
    record = oportal_records[0]["20210318152044100027"]
    assert record.notes == "公共停车场名称、泊位数、收费标准 （含“P+R”停车场）"
    assert record.contact == ()
    assert [(r.format, r.size) for r in record.resources] == [("xls", 20480), ("csv", 11264)]
    assert record.resources[0].modified == "2023-06-12T09:30:00+08:00"


def test_oportal_conditional_sets_show_formats_of_the_list(oportal_records):
    record = oportal_records[0]["8a5be2f17c0d4c41b1f20c6b9d2e7e90"]
    assert (record.open_attribute, record.provider_name) == ("2", "咸宁市城管执法委")
    assert record.modified == "2024-11-21"
    assert record.notes == "止车铁杆 位置：经度、纬度"
    assert record.source_extra == {"文件数": "3,995"}
    (resource,) = record.resources
    assert (resource.format, resource.download_url, resource.login_required) == (
        "xls",
        None,
        "apply",
    )
    assert resource.url == record.url


def guizhou(request) -> Response:
    samples = SAMPLES / "guizhou-search"
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["role"] == "0"
    body = json.loads(request.body)
    if "Detail" in request.url:
        detail = json.loads((samples / "getDataDetailByDataId.json").read_text("utf-8"))
        listed = json.loads((samples / "getDataDirectoryListByParams.json").read_text("utf-8"))
        own = next(row for row in listed["data"] if row["id"] == body["id"])
        return page(request, json.dumps({**detail, "data": {**detail["data"], **own}}))
    assert body["divisionId"] == "520100"
    assert body["pageSize"] == 12
    if body["pageIndex"] > 1:
        return page(request, '{"total": 3985, "data": []}')
    return page(request, samples / "getDataDirectoryListByParams.json")


def test_guizhou():
    records, (*_, report) = sample_records(
        "guizhou-search", guizhou, portal_id="520100", parameters={"divisionId": "520100"}
    )
    assert report.total == 3985
    first, second, third = records.values()
    assert first.title == "贵阳市公共文化场馆信息"
    assert (first.issued, first.modified) == ("2021-06-01", "2023-06-12")
    assert (first.open_attribute, second.open_attribute) == ("1", "2")
    assert (first.frequency, first.frequency_text) == (None, "0")
    assert (second.frequency, second.frequency_text) == ("daily", "每天")
    assert (third.frequency, third.frequency_text) == (None, None)
    assert [r.format for r in first.resources] == ["xlsx", "json"]
    assert [(r.format, r.kind) for r in second.resources] == [("api", "api")]
    assert third.resources == ()
    assert first.url == f"{BASE}/open-data/88a912d8-bd97-4900-aee2-87929ba23a58"
    assert (first.division_code, third.division_code) == ("520100", "520100")
    assert first.source_extra["dataCapacity"] == 328
    assert first.industry == "R"


def test_the_province_of_guizhou_is_asked_for_without_a_division():
    bodies = []

    def fetch(request):
        bodies.append(json.loads(request.body))
        return page(request, '{"total": 0, "data": []}')

    _, (*_, report) = sample_records("guizhou-search", fetch, portal_id="520000")
    assert "divisionId" not in bodies[0]
    assert report.outcome is Outcome.EMPTY


def test_sichuan_and_chengdu_list_elsewhere():
    profile = families.profile("inspur-oportal")
    for host in ("www.scdata.net.cn", "data.chengdu.gov.cn"):
        assert profile.variant(host).parameters["list_path"] == "/catalog/"
    named = build({"family": "inspur-oportal", "parameters": {"variant": "catalog"}}, BASE)
    assert named.values()["list_path"] == "/catalog/"


@pytest.mark.parametrize("code", ["341300", "451300", "640000", "321300", "511700", "520300"])
def test_replayed_portals_are_read_whole(code):
    site = site_of(code, 60)
    items, report = read(site, code=code)
    assert report.outcome is Outcome.COMPLETE, report.reason
    assert [item.status for item in items] == [ItemStatus.CHANGED] * 60
    known = set(fields_on("dataset")) | {"resources"}
    for item, stored in zip(items, site.records, strict=True):
        record = item.record
        assert record.title.split() == stored.title.split()
        assert record.provider_name
        assert record.open_attribute == ("2" if stored.conditional else "1")
        assert set(record.as_dict()) <= known


@pytest.mark.parametrize(
    ("fault", "outcome", "words"),
    [
        ({"silent_first_page": True}, Outcome.INCOMPLETE, "ignores the page number"),
        ({"shrinking_total": 3}, Outcome.INCOMPLETE, "fell from"),
        ({"ends_after": 3}, Outcome.INCOMPLETE, "ended early"),
        ({"missing_pages": frozenset({2})}, Outcome.INCOMPLETE, "could not be read"),
        ({"repeated_page": 3}, Outcome.INCOMPLETE, "distinct records"),
        ({"challenge": "412"}, Outcome.BLOCKED, "412"),
        ({"challenge": "script"}, Outcome.BLOCKED, "script"),
        ({"challenge": "412", "challenge_after": 30}, Outcome.BLOCKED, ""),
        ({"login_redirect": True}, Outcome.BLOCKED, "log-in"),
    ],
)
@pytest.mark.parametrize("code", ["451300", "520300"])
def test_replayed_faults_have_their_outcome(code, fault, outcome, words):
    site = site_of(code, 60)
    for name, value in fault.items():
        setattr(site.faults, name, value)
    _, report = read(site, code=code)
    assert report.outcome is outcome, report.reason
    assert words in report.reason


@pytest.mark.parametrize(
    ("code", "outcome"), [("451300", Outcome.BROKEN), ("520300", Outcome.BLOCKED)]
)
def test_a_maintenance_page(code, outcome):
    site = site_of(code, 20)
    site.faults.challenge = "html"
    _, report = read(site, code=code)
    assert report.outcome is outcome
    assert "系统维护" in report.evidence


@pytest.mark.parametrize("code", ["451300", "520300"])
def test_gb18030_without_a_charset(code):
    site, same = site_of(code, 20), site_of(code, 20)
    site.faults.encoding = "gb18030"
    items, _ = read(site, code=code)
    expected, _ = read(same, code=code)
    assert [item.record for item in items] == [item.record for item in expected]


def test_how_little_the_second_profile_needed():
    folder = Path(families.__file__).parent / "profiles"
    text = (folder / "guizhou-search.yaml").read_text("utf-8").splitlines()
    lines = [line for line in text if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) <= 40
