"""The fleet: a nation of portals made from the stored records, the same one at every start."""

import time

import httpx2
import pytest

from benchmarks.national import polite
from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.client import Client, ClientSettings
from ckanext.cn_govdata.crawl.messages import Outcome
from ckanext.cn_govdata.portals import source
from tests.portals.fleet import control, layout
from tests.portals.fleet.control import Visit
from tests.portals.fleet.stock import Turnover, revision

PORTALS, RECORDS = 119, 119 * 10
SETTINGS = ClientSettings(rate=0, host_concurrency=4, allowed_networks=("127.0.0.0/8",))


@pytest.fixture(scope="module")
def fleet(tmp_path_factory):
    turnover = Turnover(changed=0.5, added=0.2, removed=0.2)
    with control.running(PORTALS, RECORDS, tmp_path_factory.mktemp("fleet"), turnover) as running:
        yield running


def crawl(entry):
    config = {name: entry[name] for name in ("family", "parameters")}
    with Client(SETTINGS) as client:
        built = source.build({**config, "portal_id": entry["portal"]}, entry["base_url"])
        listing = flow.crawl(built, client.fetch)
        items = list(listing)
    assert listing.report.outcome is Outcome.COMPLETE, listing.report.reason
    return items


def smallest():
    """The smallest portal of each family."""
    found = {}
    for portal in sorted(layout.portals(PORTALS, RECORDS), key=lambda one: one.size):
        found.setdefault(portal.family.name, portal)
    return found


@pytest.mark.parametrize("family", sorted(family.name for family in layout.FAMILIES))
def test_portals_of_a_family_give_their_records(fleet, family):
    portal = smallest()[family]
    items = crawl(fleet.entries[portal.number])
    assert len(items) == portal.size
    assert {item.source_id for item in items} == set(portal.stock().ids())
    assert len({item.record.title for item in items}) == portal.size


def test_a_nation_has_its_size_and_skew():
    sizes = layout.sizes(670, 350_000)
    assert (len(sizes), sum(sizes), max(sizes)) == (670, 350_000, 20_000)
    portals = layout.portals(670, 350_000)
    assert portals == layout.portals(670, 350_000)
    assert len({portal.portal_id for portal in portals}) == 670
    by_host = {}
    for portal in portals:
        by_host.setdefault(portal.host, []).append(portal.family)
    assert len(by_host) < 670
    assert all(len(set(map(id, families))) == 1 for families in by_host.values())


def test_a_generation_changes_adds_and_removes(fleet):
    turnover = Turnover(changed=0.5, added=0.2, removed=0.2)
    portal = smallest()["gd-findpage"]
    stock = portal.stock(turnover)
    before = set(stock.ids())
    stock.turn(1)
    expected = stock.ids()
    assert before - set(expected)
    assert set(expected) - before
    fleet.turn(1)
    try:
        items = {item.source_id: item for item in crawl(fleet.entries[portal.number])}
    finally:
        fleet.turn(0)
    assert set(items) == set(expected)
    for source_id, touched in expected.items():
        notes = items[source_id].record.notes or ""
        assert notes.endswith(revision(1)) == bool(touched)


def test_the_log_says_when_requests_came_and_were_answered(fleet):
    fleet.log()
    fleet.slow(0.1)
    begin = time.monotonic()
    try:
        httpx2.get(fleet.entries[0]["base_url"] + "/oportal/catalog/index?page=1")
    finally:
        fleet.slow(0)
    [visit] = fleet.log()
    assert visit.host == fleet.entries[0]["host"]
    assert begin < visit.begin < visit.end - 0.09 < time.monotonic()


def test_a_network_that_is_gone_cuts_or_says_nothing(fleet):
    address = fleet.entries[0]["base_url"] + "/"
    fleet.vanish(0.5, silent=False)
    with pytest.raises(httpx2.TransportError):
        httpx2.get(address)
    fleet.vanish(1, silent=True)
    with pytest.raises(httpx2.ReadTimeout):
        httpx2.get(address, timeout=0.2)
    fleet.vanish(0, silent=True)
    assert httpx2.get(address).status_code == 404


def test_impolite_requests_are_seen():
    spaced = [Visit("a", second, second + 0.5) for second in range(20)]
    found = polite.judge(spaced)
    assert (found["most_at_once"], found["narrowest_gap_s"], found["most_in_10_s"]) == (1, 1, 10)
    again = polite.judge([*spaced, Visit("b", 0.2, 0.4), Visit("a", 3.2, 3.3)])
    assert (again["most_at_once"], again["narrowest_gap_s"], again["most_in_10_s"]) == (2, 0.2, 11)
