"""The shipped registry: whole, without doubles, and made of known things only."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from ckanext.cn_govdata.portals import registry
from ckanext.cn_govdata.standards import divisions
from tests.registry import facts

# Parameters that the documentation of each family knows.
PARAMETERS = {
    "athena": set(),
    "epoint-openportal": set(),
    "exchangeopengateway": set(),
    "fujian-open-portal": {"type", "currentTab", "cityCode"},
    "gd-findpage": {"officeCode"},
    "guizhou-search": {"divisionId", "context"},
    "hunan-webapp": {"context"},
    "inspur-odweb": {"context"},
    "inspur-oportal": {"context", "list_path"},
    "jdop": {"regionId"},
    "jiangxi-opendata": set(),
    "open-data-web": {"context"},
    "openresource": set(),
    "portal-dataservice": {"codeId"},
    "site-label": set(),
    "zs-dataserver": {"context"},
    **{f"single-{name}": set() for name in facts.SINGLE.values()},
}
# Documented portals that the list of 588 rows does not hold.
ADDED = Counter(["120000", "341100", "430700", "431000", "520000"])

ALL = registry.portals()
each_portal = pytest.mark.parametrize("portal", ALL, ids=[portal.portal_id for portal in ALL])


def listed():
    """The division codes of the list, one for each of its rows."""
    return Path(__file__).with_name("listed_codes.txt").read_text().split()


def test_ids_are_unique():
    assert len({portal.portal_id for portal in ALL}) == len(ALL)
    assert len(ALL) == 259


def test_every_row_of_the_list_is_a_source_or_a_member_once():
    held = Counter(portal.division_code for portal in ALL)
    held.update(code for portal in ALL for code in portal.members)
    assert len(listed()) == 588
    assert held - Counter(listed()) == ADDED
    assert Counter(listed()) - held == Counter()


def test_no_source_is_there_twice():
    """Two sources of one address would harvest the same records twice."""
    keys = Counter(
        (portal.base_url, portal.url, json.dumps(dict(portal.parameters), sort_keys=True))
        for portal in ALL
    )
    assert [key for key, count in keys.items() if count > 1] == []


def test_no_division_is_a_member_twice():
    members = Counter(code for portal in ALL for code in portal.members)
    assert [code for code, count in members.items() if count > 1] == []


@each_portal
def test_the_division_is_the_one_named(portal):
    division = divisions.get(portal.division_code)
    assert division is not None
    assert division.current
    assert division.name_zh == portal.government_zh
    assert division.level == portal.level
    slug = portal.portal_id.removeprefix(portal.division_code)
    assert slug == "" or (slug[0] == "-" and slug[1:].isascii() and slug[1:].isalnum())


@each_portal
def test_members_lie_within_the_division(portal):
    for code in portal.members:
        assert divisions.get(code).current
        assert portal.division_code in {above.code for above in divisions.ancestors(code)}


@each_portal
def test_addresses_are_whole(portal):
    page, base = urlsplit(portal.url), urlsplit(portal.base_url)
    assert page.scheme in {"http", "https"}
    assert page.hostname
    assert portal.base_url == f"{base.scheme}://{base.netloc}"
    assert base.hostname == page.hostname


@each_portal
def test_family_parameters_and_settings_are_known_ones(portal):
    assert portal.family is None or portal.family in PARAMETERS
    assert set(portal.parameters) <= PARAMETERS.get(portal.family, set())
    assert all(isinstance(value, str) and value for value in portal.parameters.values())
    assert portal.settings in ({}, {"verify_tls": False})
    context = portal.parameters.get("context", "/")
    assert context.startswith("/")
    assert context == "/" or not context.endswith("/")


@each_portal
def test_state_confidence_and_evidence(portal):
    assert portal.state in {registry.ACTIVE, registry.NO_PROFILE, registry.ARCHIVED}
    assert (portal.state == registry.NO_PROFILE) == (portal.family is None)
    assert portal.harvestable == (portal.state == registry.ACTIVE)
    assert portal.confidence in {"high", "medium", "low"}
    assert portal.seen_year is None or 2010 <= portal.seen_year <= 2026
    assert portal.evidence


def test_every_one_portal_interface_has_its_portal():
    single = [portal.family for portal in ALL if (portal.family or "").startswith("single-")]
    assert len(single) == len(set(single)) == 44


@pytest.mark.parametrize(
    ("portal_id", "base_url", "family", "parameters"),
    [
        ("370000", "https://data.sd.gov.cn", "inspur-oportal", {"context": "/portal"}),
        ("370100", "http://data.jinan.gov.cn", "inspur-oportal", {"context": "/jinan"}),
        ("450100", "https://nn.data.gxzf.gov.cn", "inspur-oportal", {"context": "/nn"}),
        ("640000", "https://opendata.nx.gov.cn", "inspur-oportal", {"context": "/portal"}),
        ("321300", "https://data.suqian.gov.cn", "inspur-oportal", {}),
        ("510100", "https://data.chengdu.gov.cn", "inspur-oportal", {"list_path": "/catalog/"}),
        ("520000", "https://data.guizhou.gov.cn", "guizhou-search", {}),
        (
            "520300",
            "https://data.guizhou.gov.cn",
            "guizhou-search",
            {"divisionId": "520300", "context": "/zunyi"},
        ),
        ("440500", "https://gddata.gd.gov.cn", "gd-findpage", {"officeCode": "28"}),
        ("440300", "https://opendata.sz.gov.cn", "gd-findpage", {}),
        (
            "350200-fujian",
            "https://data.fujian.gov.cn",
            "fujian-open-portal",
            {"type": "2", "currentTab": "city", "cityCode": "350200000000"},
        ),
        ("350200", "https://data.xm.gov.cn", "single-xiamen", {}),
        ("320500", "https://data.suzhou.gov.cn", "single-suzhou", {}),
        ("361000", "https://data.jxfz.gov.cn", "single-fuzhou-jx", {}),
        ("340000", "http://data.ahzwfw.gov.cn:8000", "single-anhui", {}),
    ],
)
def test_portals_people_know(portal_id, base_url, family, parameters):
    portal = registry.get(portal_id)
    assert (portal.base_url, portal.family) == (base_url, family)
    assert portal.parameters == parameters


def test_counties_and_filters_are_members_of_the_portal_they_publish_on():
    assert registry.get("310000").members[:2] == ("310101", "310104")
    assert registry.get("640000").members == ("640200", "640300")
    assert registry.get("340000").members == ("340500", "340700")
    assert registry.get("310101") is None


def test_look_ups():
    assert registry.get("no such portal") is None
    assert [p.portal_id for p in registry.by_division("520000")] == ["520000", "520000-guian"]
    assert len(registry.by_division("520000", below=True)) == 11
    assert {p.portal_id for p in registry.by_division("370000", below=True)} >= {"370100", "371700"}
    assert registry.by_division("100000", below=True) == ALL
    assert registry.by_division("100000") == ()


def test_a_portal_is_plain_json():
    value = json.loads(json.dumps(registry.get("370100").as_dict(), ensure_ascii=False))
    assert value["level"] == "prefecture"
    assert value["parameters"] == {"context": "/jinan"}
    assert value["members"] == []
