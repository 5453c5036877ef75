"""Providers and their divisions: the rules, and how often they are right on real names."""

import csv
from pathlib import Path

import pytest

from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.standards.providers import Rule, assign

SAMPLE = Path(__file__).with_name("data") / "provider_divisions.csv"


@pytest.mark.parametrize(
    ("provider", "within", "code", "rule"),
    [
        ("肥东县教育局", "340100", "340122", Rule.NAME),
        ("安徽省合肥市肥东县教育局", "340100", "340122", Rule.NAME),
        ("【台州市】市教育局", "331000", "331000", Rule.DECORATION),
        ("市教育局【椒江区】", "331000", "331002", Rule.DECORATION),
        ("市教育局", "340100", "340100", Rule.PORTAL),
        ("区水利局", "330300", "330300", Rule.UNNAMED),
        ("县教育局", "330000", "330000", Rule.UNNAMED),
        ("市发改委", "640000", "640000", Rule.UNNAMED),
        ("市教委", "310000", "310000", Rule.PORTAL),
        ("区发改委", "640000", "640000", Rule.PORTAL),
        ("自治区发改委", "640000", "640000", Rule.PORTAL),
        ("杭州市教育局", "340100", "340100", Rule.PORTAL),
        ("防城港银保监分局", "450600", "450600", Rule.PORTAL),
        ("某某局", None, None, Rule.PORTAL),
        ("", "340100", "340100", Rule.PORTAL),
    ],
)
def test_what_a_name_says_for_certain(provider, within, code, rule):
    assert tuple(getattr(assign(provider, within), name) for name in ("code", "rule")) == (
        code,
        rule,
    )


def sample():
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_judged_sample_is_still_assigned_so():
    rows = sample()
    assert len(rows) == len({(row["portal_division"], row["provider"]) for row in rows}) == 300
    for row in rows:
        found = assign(row["provider"], row["portal_division"])
        assert (found.code, found.rule) == (row["assigned_division"], row["rule"]), row


def test_no_assignment_below_the_portal_is_wrong():
    below = [row for row in sample() if row["assigned_division"] != row["portal_division"]]
    assert len(below) > 100
    assert all(row["correct"] == "yes" for row in below)
    assert all(divisions.is_within(r["assigned_division"], r["portal_division"]) for r in below)


def test_what_a_name_leaves_open_is_not_assigned_below():
    kept = [row for row in sample() if row["correct"] == "open"]
    assert kept
    assert all(row["assigned_division"] == row["portal_division"] for row in kept)
    assert {row["rule"] for row in kept} == {Rule.UNNAMED}
