"""docs/families.md says what the profiles do."""

from __future__ import annotations

from ckanext.cn_govdata.crawl.messages import Outcome
from ckanext.cn_govdata.portals import families
from tools import families as writer

from .support import read, site_of


def test_the_page_is_what_the_profiles_make_of_it():
    assert writer.PAGE.read_text("utf-8") == writer.page(), "run python -m tools.families"


def test_every_family_of_several_portals_says_what_is_not_documented():
    for name in families.families():
        assert families.profile(name).undocumented, name


def test_the_requests_of_a_replayed_portal_are_those_of_the_page():
    for code, number, pages in (("451300", 30, 3), ("520300", 30, 3)):
        site = site_of(code, number)
        items, report = read(site, code=code)
        least, _, most = writer.requests_of(families.profile(site.family).lists[0]).partition(
            " to "
        )
        assert int(least) * number <= report.requests - pages <= int(most or least) * number
        known = {item.source_id: item.fingerprints for item in items}
        _, second = read(site, known, code=code)
        assert (second.outcome, second.requests) == (Outcome.COMPLETE, pages)
        assert second.requests_saved == number
