"""The configuration of harvest sources, and the families there are."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from ckanext.cn_govdata.crawl.profile import Profile, ProfileError
from ckanext.cn_govdata.portals import families
from ckanext.cn_govdata.portals.source import ConfigError, build, check_config

SHIPPED = Path(families.__file__).parent / "profiles"
WHOLE = {
    "family": "inspur-oportal",
    "portal_id": "370100",
    "parameters": {"context": "/jinan"},
    "rate": 1.0,
    "concurrency": 1,
    "page_size": None,
    "details": "changed",
    "max_records": None,
    "exclude": ["0001"],
    "withdraw_after_days": 7,
    "max_withdraw_share": 0.2,
    "headers": {"X-Requested-With": "XMLHttpRequest"},
    "secret": None,
    "verify_tls": True,
}


def test_the_whole_configuration_is_taken():
    source = build(WHOLE, "https://data.jinan.gov.cn/jinan/")
    assert source.base_url == "https://data.jinan.gov.cn"
    assert source.values()["context"] == "/jinan"
    assert (source.portal_id, source.division_code) == ("370100", "370100")
    assert source.exclude == {"0001"}
    assert (source.withdraw_after_days, source.max_withdraw_share) == (7, 0.2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"family": None}, "family"),
        ({"family": "no-such"}, "family: unknown family 'no-such'; known: "),
        ({"colour": 1}, "colour"),
        ({"rate": -1}, "rate: -1"),
        ({"rate": "fast"}, "rate: 'fast'"),
        ({"concurrency": 0}, "concurrency: 0"),
        ({"page_size": 0}, "page_size: 0"),
        ({"details": "some"}, "details: 'some'"),
        ({"max_records": 0}, "max_records: 0"),
        ({"exclude": "a"}, "exclude: 'a'"),
        ({"exclude": ["a", 7]}, "exclude.1: 7"),
        ({"withdraw_after_days": 1.5}, "withdraw_after_days: 1.5"),
        ({"max_withdraw_share": 2}, "max_withdraw_share: 2"),
        ({"verify_tls": "no"}, "verify_tls: 'no'"),
        ({"portal_id": "../x"}, "portal_id"),
        ({"parameters": {"ctx": "/x"}}, "parameters.ctx: not a parameter of inspur-oportal"),
        ({"parameters": {"context": ["/x"]}}, "parameters.context"),
        ({"parameters": {"variant": "none"}}, "parameters.variant: unknown 'none'"),
        ({"headers": {"Cookie": "a=b"}}, "headers.Cookie"),
        ({"headers": {"AUTHORIZATION": "Bearer"}}, "headers.AUTHORIZATION"),
        ({"headers": {"X-Access-Token": "x"}}, "headers.X-Access-Token"),
        ({"headers": {"a b": "x"}}, "headers.a b"),
        ({"headers": {"a": "x\r\nCookie: y"}}, "headers.a"),
        ({"headers": {"a": 1}}, "headers.a: 1"),
    ],
)
def test_errors_name_the_key(change, words):
    with pytest.raises(ConfigError) as error:
        check_config({**WHOLE, **change})
    assert words in str(error.value)


def test_the_family_is_needed():
    with pytest.raises(ConfigError, match="'family' is a required property"):
        check_config({})
    with pytest.raises(ConfigError, match="not of type 'object'"):
        check_config([])


@pytest.mark.parametrize(
    "url", ["", "data.jinan.gov.cn", "ftp://x.cn/", "http://", "http://u:p@x.cn/", "http://x:y/"]
)
def test_addresses_that_are_none(url):
    with pytest.raises(ConfigError, match="url"):
        build({"family": "inspur-oportal"}, url)


@pytest.mark.parametrize(
    ("url", "context"),
    [
        ("https://data.jinan.gov.cn/jinan", "/jinan"),
        ("https://data.nmg.gov.cn/oportal/index", "/oportal"),
        ("https://data.ln.gov.cn/", "/oportal"),
    ],
)
def test_the_context_is_read_from_the_address(url, context):
    assert build({"family": "inspur-oportal"}, url).values()["context"] == context


def test_families_without_a_context_ignore_the_path():
    source = build({"family": "guizhou-search"}, "http://data.guizhou.gov.cn/guiyang/home")
    assert source.base_url == "http://data.guizhou.gov.cn"
    assert source.values()["context"] is None


def test_a_variant_follows_the_registered_host_to_another_address():
    source = build({"family": "inspur-oportal", "portal_id": "510000"}, "http://127.0.0.1:8000")
    assert source.values()["list_path"] == "/catalog/"


def test_portal_ids_with_a_slug_have_their_division():
    source = build({"family": "inspur-oportal", "portal_id": "370100-old"}, "http://x.cn")
    assert source.division_code == "370100"
    assert build({"family": "inspur-oportal"}, "http://x.cn:81").portal_id == "x.cn:81"


def test_unknown_families_are_named():
    assert {"inspur-oportal", "guizhou-search"} <= set(families.families())
    with pytest.raises(families.UnknownFamilyError, match=r"known: .*inspur-oportal"):
        families.profile("athena-9")


def test_profiles_are_compiled_once():
    assert families.profile("guizhou-search") is families.profile("guizhou-search")


def test_other_distributions_add_families(monkeypatch):
    entry = EntryPoint("sketched", "tests.profiles.test_source:sketched", families.ENTRY_POINTS)
    monkeypatch.setattr(families, "_added", lambda: {"sketched": entry})
    assert families.profile.__wrapped__("sketched").family == "jdop"
    wrong = EntryPoint("wrong", "builtins:dict", families.ENTRY_POINTS)
    monkeypatch.setattr(families, "_added", lambda: {"wrong": wrong})
    with pytest.raises(ProfileError, match="makes no Profile"):
        families.profile.__wrapped__("wrong")


def sketched() -> Profile:
    return families.profile("jdop")


def test_files_that_are_no_profile():
    with pytest.raises(ProfileError, match="not YAML"):
        families.load("a: [")
    with pytest.raises(ProfileError, match="not a mapping"):
        families.load("")
    with pytest.raises(ProfileError, match="family: 'jdop' in the file of 'x'"):
        families.load((SHIPPED / "jdop.yaml").read_text("utf-8"), "x")
