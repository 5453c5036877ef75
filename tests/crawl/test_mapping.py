"""From raw to neutral records, by the settled questions of the design."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ckanext.cn_govdata.crawl.mapping import Refused, map_record
from ckanext.cn_govdata.crawl.profile import Profile
from ckanext.cn_govdata.standards.fields import fields_on
from ckanext.cn_govdata.standards.providers import undecorated

from .fake import PROFILE, source

BASE = "http://portal.test"


def mapped(
    listed: dict | None = None,
    *,
    each: dict | None = None,
    extra: dict | None = None,
    detail: dict | None = None,
    **settings_,
):
    raw = {
        "list": {"source_id": "a1", "title": "公共停车场", **(listed or {})},
        "detail": detail or {},
        "extra": extra or {},
        "each": each or {},
    }
    return map_record(source(**settings_), raw)


def record(listed: dict | None = None, **more):
    return mapped(listed, **more).record


def reasons(listed: dict | None = None, **more) -> dict[str, str]:
    return {finding.field: finding.reason for finding in mapped(listed, **more).findings}


def with_profile(**changes) -> Profile:
    return Profile.from_mapping({**PROFILE, **changes})


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title", " 幼儿园&nbsp;名录（2023） ", "幼儿园 名录（2023）"),
        ("notes", "第一行<br>第二行", "第一行\n第二行"),
        ("issued", "2023-6-16", "2023-06-16"),
        ("issued", "2023年6月16日", "2023-06-16"),
        ("issued", "20230616091500", "2023-06-16"),
        ("issued", "Dec 15, 2019 3:00:49 AM", "2019-12-15"),
        ("modified", "1686528000000", "2023-06-12"),
        ("source_modified", "1686585600000", "2023-06-13T00:00:00+08:00"),
        ("source_modified", "2023-06-13", "2023-06-13"),
        ("record_count", "469,585", 469585),
        ("data_volume", "1.5MB", 1572864),
        ("source_views", "1352", 1352),
        ("electronic_certificate", "否", False),
        ("terms_url", "https://portal.test/terms", "https://portal.test/terms"),
        ("resource_code", "307/0001", "307/0001"),
        ("frequency_text", "每季度", "每季度"),
        ("open_attribute", "依申请开放", "2"),
        ("open_attribute", "登录开放", "1"),
        ("share_type", "不予共享", "3"),
        ("share_type", "3", "3"),
    ],
)
def test_values_are_cleaned_by_their_field(field, value, expected):
    assert getattr(record({field: value}), field) == expected


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issued", "去年"),
        ("modified", "2023-13-45"),
        ("record_count", "很多"),
        ("electronic_certificate", "也许"),
        ("terms_url", "javascript:void(0)"),
        ("open_attribute", "安全开放"),
        ("share_type", "无条件分享"),
    ],
)
def test_what_no_field_takes_goes_to_source_extra_with_a_finding(field, value):
    result = mapped({field: value})
    assert getattr(result.record, field) in (None, ())
    assert result.record.source_extra[field] == value
    assert field in {finding.field for finding in result.findings}


@pytest.mark.parametrize(
    "field", ["issued", "notes", "open_attribute", "frequency_text", "record_count"]
)
@pytest.mark.parametrize("value", ["暂无", "", " ", "-", "null", "&nbsp;"])
def test_placeholders_say_nothing_and_are_no_finding(field, value):
    result = mapped({field: value})
    assert getattr(result.record, field) is None
    assert result.findings == ()


def test_the_detail_wins_unless_it_says_nothing():
    listed = {"notes": "列表", "issued": "2020-01-01", "provider_name": "市教育局"}
    found = record(listed, detail={"notes": "详情", "issued": "暂无", "provider_name": " "})
    assert (found.notes, found.issued, found.provider_name) == ("详情", "2020-01-01", "市教育局")


def test_the_modification_date_is_as_precise_as_the_portal_is_anywhere():
    listed = {"source_modified": "2023-06-13"}
    same = record(listed, detail={"modified": "2023-06-13 01:00:35"})
    assert same.source_modified == "2023-06-13T01:00:35+08:00"
    other = record(listed, detail={"modified": "2023-06-14 01:00:35"})
    assert (other.source_modified, other.modified) == ("2023-06-13", "2023-06-14")


def test_frequency_keeps_the_portals_word_and_guesses_nothing():
    certain = record({"frequency_text": "每年"})
    assert (certain.frequency, certain.frequency_text) == ("yearly", "每年")
    open_ = mapped({"frequency_text": "每 2 日"})
    assert (open_.record.frequency, open_.record.frequency_text) == (None, "每 2 日")
    assert [finding.field for finding in open_.findings] == ["frequency"]


@pytest.mark.parametrize(
    ("code", "frequency", "text"),
    [("4", "daily", "每天"), ("0", None, "0"), ("7", None, "7"), ("77", None, "77")],
)
def test_codes_are_read_by_the_portals_published_table(code, frequency, text):
    detail = {
        "get": "/d/{source_id}",
        "fields": {"frequency": {"from": "json:f", "codes": "guizhou"}},
    }
    found = record({}, detail={"frequency": code}, profile=with_profile(detail=detail))
    assert (found.frequency, found.frequency_text) == (frequency, text)


def test_codes_may_stand_in_the_profile():
    rules = {
        "frequency": {"from": "json:f", "codes": {1: "实时", "2": "每日"}},
        "open_attribute": {"from": "json:o", "codes": {0: "有条件开放", 1: "无条件开放"}},
        "share_type": {"from": "json:s", "codes": {9: "有条件共享"}},
    }
    profile = with_profile(detail={"get": "/d/{source_id}", "fields": rules})
    found = record(
        {}, detail={"frequency": "2", "open_attribute": "0", "share_type": "9"}, profile=profile
    )
    assert (found.frequency, found.frequency_text) == ("daily", "每日")
    assert (found.open_attribute, found.share_type) == ("2", "2")


def test_several_themes_become_groups_and_all_words_are_kept():
    found = record({"domain_text": ["教育文化", "卫生健康", "默认主题"]})
    assert found.domain == found.groups[0]
    assert len(found.groups) >= 1
    assert found.domain_text == "教育文化、卫生健康、默认主题"


def test_a_theme_without_a_national_domain_keeps_its_word():
    result = mapped({"domain_text": "默认主题"})
    assert (result.record.domain, result.record.groups) == (None, ())
    assert result.record.domain_text == "默认主题"
    assert result.findings[0].field == "domain"


def test_tags_are_split_and_what_cannot_be_one_is_kept():
    found = record({"tags": ["建设\r\n\t审查\r\n\t非", "建设,a/b"]})
    assert found.tags[:2] == ("建设", "审查")
    assert "非" in found.source_extra["tags"]


@pytest.mark.parametrize(
    ("written", "name", "decoration"),
    [
        ("【台州市】市教育局", "市教育局", "台州市"),
        ("市教育局【台州市】", "市教育局", "台州市"),
        ("[黄岩区]教育局", "教育局", "黄岩区"),
        ("【台州市】", "【台州市】", ""),
        ("市教育局（体育局）", "市教育局（体育局）", ""),
    ],
)
def test_decoration_of_providers(written, name, decoration):
    assert undecorated(written) == (name, decoration)


@pytest.mark.parametrize(
    ("provider", "portal", "division", "level"),
    [
        ("市教育局", "370100", "370100", "prefecture"),
        ("宁明县", "451400", "451422", "county"),
        ("罗甸县工业和信息化局", "522700", "522728", "county"),
        ("【黄岩区】教育局", "331000", "331003", "county"),
        (None, "640000", "640000", "province"),
        ("银川市教育局", "640000", "640100", "prefecture"),
        ("鼓楼区教育局", "000000", None, None),
    ],
)
def test_the_division_is_the_providers_where_its_name_is_certain(provider, portal, division, level):
    code = None if portal == "000000" else portal
    listed = {} if provider is None else {"provider_name": provider}
    found = record(listed, portal_id=portal, division_code=code)
    assert (found.division_code, found.admin_level) == (division, level)


def test_contacts_are_offices():
    phones = f"\r\n0591-83366690、{'138' + '0' * 8}"
    listed = {"contact.phone": phones, "contact.email": "jyj@fz.gov.cn"}
    contact = record({**listed, "contact.name": "张三"}).contact[0]
    assert contact.phone == "0591-83366690"
    assert contact.email == "jyj@fz.gov.cn"
    assert contact.name is None
    assert record({"contact.phone": "暂无"}).contact == ()
    one_cell = record({"contact.phone": "sjkf@fz.gov.cn"}).contact[0]
    assert (one_cell.phone, one_cell.email) == (None, "sjkf@fz.gov.cn")
    assert "contact.phone" in reasons({"contact.phone": "028****"})


FILES = {"resources": [{"name": "名录.csv", "format": "CSV", "file_id": "f1", "size": "20 KB"}]}
DOWNLOAD = {"get": "/dl?c={source_id}&n={title}&f={file_id}", "anonymous": "unconditional"}
FILE_STEP = {
    "resources": [{"records": "json:f", "fields": {"file_id": "json:id", "name": "json:n"}}]
}


def downloading(anonymous: str = "unconditional") -> Profile:
    detail = {"get": "/d/{source_id}", "fields": {}, "each": FILE_STEP}
    return with_profile(detail=detail, download={**DOWNLOAD, "anonymous": anonymous})


def test_a_documented_anonymous_file_has_a_download_address():
    found = record({"open_attribute": "无条件开放"}, each=FILES, profile=downloading()).resources[0]
    expected = f"{BASE}/dl?c=a1&n=%E5%85%AC%E5%85%B1%E5%81%9C%E8%BD%A6%E5%9C%BA&f=f1"
    assert (found.url, found.download_url, found.login_required) == (expected, expected, "no")
    assert (found.name, found.format, found.kind, found.size) == ("名录.csv", "csv", "file", 20480)


@pytest.mark.parametrize(
    ("openness", "login"),
    [("有条件开放", "apply"), ("登录开放", "login"), ("依申请开放", "apply"), (None, "unknown")],
)
def test_other_files_lead_to_the_landing_page(openness, login):
    found = record(
        {"open_attribute": openness} if openness else {}, each=FILES, profile=downloading()
    )
    resource = found.resources[0]
    assert resource.login_required == login
    assert resource.url == found.url == f"{BASE}/page/a1"
    assert resource.download_url is None


def test_files_that_are_always_anonymous():
    found = record({"open_attribute": "有条件开放"}, each=FILES, profile=downloading("always"))
    assert found.resources[0].login_required == "no"


def test_families_without_a_documented_download_never_claim_one():
    rows = {"resources": [{"name": "x", "format": "csv", "url": "javascript:void(0)"}]}
    found = record({"open_attribute": "无条件开放"}, each=rows).resources[0]
    assert (found.url, found.download_url) == (f"{BASE}/page/a1", None)


def test_a_files_own_address_is_made_absolute():
    rows = {
        "resources": [{"name": "x.csv", "url": "../files/x.csv"}, {"name": "y.csv", "url": "#"}]
    }
    urls = [one.url for one in record({}, each=rows).resources]
    assert urls == [f"{BASE}/files/x.csv", f"{BASE}/page/a1"]


def test_claimed_formats_stand_in_for_files_that_are_not_listed():
    found = record({"formats": ["XLS", "接口", "链接", "怪格式"]})
    assert [(r.format, r.kind) for r in found.resources] == [
        ("xls", "file"),
        ("api", "api"),
        (None, "link"),
        (None, "file"),
    ]
    assert found.source_extra["resources.format"] == "怪格式"
    assert {r.url for r in found.resources} == {found.url}


def test_claimed_formats_add_only_a_missing_service_to_listed_files():
    found = record({"formats": ["XLS", "JSON", "接口"]}, each=FILES)
    assert [(r.format, r.kind) for r in found.resources] == [("csv", "file"), ("api", "api")]
    assert found.source_extra["formats"] == ["XLS", "JSON"]  # claimed, but none of the files
    with_service = record({"formats": ["接口"]}, each={"services": [{"name": "查询"}]})
    assert [r.name for r in with_service.resources] == ["查询"]


@pytest.mark.parametrize(
    ("formats", "category"),
    [(["xls", "xlsx"], "2"), (["接口"], "7"), (["xls", "csv"], None), ([], None)],
)
def test_the_format_category_is_set_where_all_formats_agree(formats, category):
    assert record({"formats": formats}).format_category == category


def test_data_items():
    rows = [
        {
            "name_en": "DZ",
            "name_zh": "地址",
            "data_type": "字符串型C",
            "length": "50",
            "description": " 地址 ",
        },
        {"name_en": "X", "data_type": "怪类型"},
        {"name_zh": " "},
    ]
    result = mapped({}, each={"data_items": rows})
    first, second = result.record.data_items
    assert (first.name_zh, first.data_type, first.length, first.description) == (
        "地址",
        "C",
        50,
        "地址",
    )
    assert (second.name_en, second.data_type) == ("X", None)
    assert result.record.source_extra["data_items.data_type"] == ["怪类型"]


def test_caps_are_counted_and_reported():
    each = {
        "resources": [{"name": f"{i}.csv"} for i in range(8000)],
        "data_items": [{"name_zh": f"列{i}"} for i in range(3000)],
    }
    listed = {
        "title": "长" * 5000,
        "notes": "长" * 200_000,
        "tags": [f"词{i}" for i in range(30_000)],
    }
    result = mapped(listed, each=each, extra={"huge": "x" * 200_000, "small": 1})
    found = result.record
    assert (len(found.resources), len(found.data_items)) == (200, 2000)
    assert (len(found.title), len(found.notes), len(found.tags)) == (2000, 100_000, 60)
    assert found.source_extra["small"] == 1
    assert "huge" not in found.source_extra
    fields = {finding.field for finding in result.findings}
    assert {"resources", "data_items", "title", "notes", "tags", "source_extra.huge"} <= fields
    assert all(len(finding.value) <= 200 for finding in result.findings)


def test_no_title_is_refused():
    with pytest.raises(Refused, match="no title"):
        mapped({"title": "暂无"})


def test_identity_is_made_of_portal_and_source_id():
    found = record(portal_id="370100")
    assert found.identifier == "370100:a1"
    assert found.name.startswith("cn-370100-")
    assert found.portal_id == "370100"


def test_the_portals_own_page_wins_over_the_familys():
    assert record({"url": "/own/a1"}).url == f"{BASE}/own/a1"
    assert record({"url": "javascript:;"}).url == f"{BASE}/page/a1"


def test_a_bad_credit_code_is_kept_and_found():
    result = mapped({"provider_uscc": "11330000000000000O"})
    assert result.record.provider_uscc == "11330000000000000O"
    assert "credit code" in result.findings[0].reason


VALUES = st.one_of(st.text(max_size=40), st.lists(st.text(max_size=10), max_size=4))
NAMES = sorted(
    {*(set(fields_on("dataset")) - {"owner_org"}), "contact.phone", "contact.name", "formats"}
)


@given(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_value_of_any_field_breaks_the_mapping(values):
    known = set(fields_on("dataset")) | {"resources"}
    try:
        found = record({**values, "source_id": "a1"})
    except Refused:
        return
    assert set(found.as_dict()) <= known


def test_mapping_is_fast():
    raw = {"list": {"source_id": "a", "title": "t", "issued": "2023-06-16", "formats": ["xls"]}}
    settings_ = source()
    map_record(settings_, raw)
    started = time.process_time()
    for _ in range(100):
        map_record(settings_, raw)
    assert (time.process_time() - started) / 100 < 0.003


def test_numbers_that_json_cannot_keep_are_no_counts():
    huge = str(2**70)
    result = mapped(
        {"record_count": huge, "data_volume": huge}, each={"resources": [{"size": huge}]}
    )
    assert (result.record.record_count, result.record.data_volume) == (None, None)
    assert result.record.resources[0].size is None
    assert result.record.source_extra["record_count"] == huge
