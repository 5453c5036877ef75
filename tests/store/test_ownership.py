"""A dataset of several portals is kept once: the lowest level owns it, in whatever order they come."""

from dataclasses import replace
from itertools import permutations

import pytest

from ckanext.cn_govdata.crawl import identity
from ckanext.cn_govdata.crawl.messages import ItemStatus
from tests.store import look, sample

PROVINCE, CITY, COUNTY, SECOND = "340000", "340100", "340122", "340100-open"
TITLE, PROVIDER = "行政许可信息", "肥东县教育局"


class Portal:
    """One portal and what it lists; every `run` is a complete listing."""

    def __init__(self, portal_id, catalogue, **changes):
        self.id = portal_id
        self.catalogue = catalogue
        self.listed = [record(portal_id, "own", title=f"{portal_id}自己的"), record(portal_id)]
        for name, value in changes.items():
            self.change(**{name: value})

    @property
    def package_id(self):
        return identity.package_id(self.id, "shared")

    def change(self, **changes):
        self.listed[1] = sample.of(replace(self.listed[1].record, **changes))

    def stop(self):
        """No longer list the shared record."""
        self.listed = self.listed[:1]

    def start(self):
        self.listed = [self.listed[0], record(self.id)]

    def run(self):
        """Harvest it; the result of the writer, or None where nothing had to be written."""
        from ckanext.cn_govdata.store import withdrawal
        from ckanext.cn_govdata.store.known import KnownRecords
        from ckanext.cn_govdata.store.writer import BatchWriter

        known = KnownRecords.load(self.id)
        new = [each for each in self.listed if known.get(each.source_id) != each.fingerprints]
        result = None
        if new:
            writer = BatchWriter(
                harvest_source_id=self.catalogue.source,
                portal_id=self.id,
                owner_org=self.catalogue.org,
                job_id=self.catalogue.job,
            )
            result = writer.write(new)
            assert result.refused == ()
        seen = {each.source_id for each in self.listed}
        withdrawal.after_complete_listing(known, seen, grace_days=0, max_share=1)
        return result


def record(portal_id, source_id="shared", **changes):
    [item] = sample.items(1)
    values = {"title": TITLE, "provider_name": PROVIDER, **changes}
    made = replace(
        item.record,
        portal_id=portal_id,
        source_id=source_id,
        name=identity.package_name(portal_id, source_id),
        identifier=identity.identifier(portal_id, source_id),
        url=f"http://{portal_id}.example.cn/{source_id}",
        resources=(),
        **values,
    )
    return sample.of(made)


def alive(*portals):
    """Those of the portals whose own record of the shared dataset has a dataset."""
    from ckan import model

    model.Session.rollback()
    rows = model.Session.query(model.Package.id).filter(model.Package.state == "active")
    ids = {row.id for row in rows}
    assert {key for key, doc in look.documents().items() if doc["state"] == "active"} == ids
    return [portal.id for portal in portals if portal.package_id in ids]


def others(portal):
    """The portals named on a dataset."""
    return [each["portal_id"] for each in look.show(portal.package_id).get("also_published", [])]


@pytest.fixture
def make(catalogue):
    def portal(portal_id, **changes):
        return Portal(portal_id, catalogue, **changes)

    return portal


@pytest.fixture
def province(make):
    return make(PROVINCE)


@pytest.fixture
def city(make):
    return make(CITY)


@pytest.mark.smoke
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_lowest_level_owns_in_every_order(make, order):
    portals = [make(PROVINCE), make(CITY), make(COUNTY)]
    for n in order:
        portals[n].run()
    assert alive(*portals) == [COUNTY]
    assert sorted(others(portals[2])) == [PROVINCE, CITY]


def test_repeated_runs_write_nothing(province, city):
    for portal in (province, city, province, city):
        portal.run()
    before = look.versions()
    assert [portal.run() for portal in (province, city, province)] == [None] * 3
    assert look.versions() == before


def test_newcomer_of_a_higher_level_gets_no_dataset(province, city):
    city.run()
    modified = look.show(city.package_id)["metadata_modified"]
    result = province.run()
    assert (result.added, result.ceded) == (1, 1)
    shown = look.show(city.package_id)
    assert shown["also_published"] == [
        {
            "portal_id": PROVINCE,
            "identifier": f"{PROVINCE}:shared",
            "url": f"http://{PROVINCE}.example.cn/shared",
        }
    ]
    assert shown["metadata_modified"] == modified


def test_owner_leaves(province, city):
    city.run()
    province.run()
    city.stop()
    city.run()
    assert alive(province, city) == []
    assert province.run().added == 1
    assert alive(province, city) == [PROVINCE]
    city.start()
    city.run()
    assert alive(province, city) == [CITY]
    assert others(city) == [PROVINCE]


def test_other_leaves(province, city):
    province.run()
    city.run()
    assert others(city) == [PROVINCE]
    province.stop()
    province.run()
    assert (alive(province, city), others(city)) == ([CITY], [])
    province.start()
    province.run()
    assert (alive(province, city), others(city)) == ([CITY], [PROVINCE])


def test_withdrawn_by_its_detail(province, city):
    from ckanext.cn_govdata.store.writer import BatchWriter

    city.run()
    province.run()
    writer = BatchWriter(
        harvest_source_id=city.catalogue.source, portal_id=CITY, owner_org=city.catalogue.org
    )
    assert writer.write([replace(city.listed[1], status=ItemStatus.WITHDRAWN)]).withdrawn == 1
    province.run()
    assert alive(province, city) == [PROVINCE]


def test_no_longer_the_same(province, city):
    city.run()
    province.run()
    city.change(title="改名")
    city.run()
    assert others(city) == []
    province.run()
    assert alive(province, city) == [PROVINCE, CITY]
    province.change(title="改名")
    province.run()
    assert alive(province, city) == [CITY]


def test_one_level_first_come_keeps_it(city, make):
    second = make(SECOND)
    second.run()
    city.run()
    second.run()
    assert alive(city, second) == [SECOND]
    second.stop()
    second.run()
    city.run()
    second.start()
    second.run()
    assert alive(city, second) == [CITY]


def test_purged(province, city):
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckanext.harvest.model import HarvestObject

    from ckanext.cn_govdata.schema.site_user import as_site_user

    city.run()
    province.run()
    model.Session.query(HarvestObject).filter_by(package_id=city.package_id).delete()
    model.Session.commit()
    tk.get_action("dataset_purge")(as_site_user(), {"id": city.package_id})
    province.run()
    assert alive(province, city) == [PROVINCE]
    city.run()
    assert alive(province, city) == [CITY]
    province.run()
    assert others(city) == [PROVINCE]


def test_source_cleared(province, city):
    """`harvest_source_clear` deletes objects and datasets by SQL; nothing of ours refers to them."""
    import sqlalchemy as sa
    from ckan import model

    city.run()
    province.run()
    model.Session.execute(sa.text("DELETE FROM harvest_object WHERE package_id IS NULL"))
    model.Session.commit()
    assert others(city) == []
    assert province.run().ceded == 1
    assert others(city) == [PROVINCE]


@pytest.mark.parametrize(
    "change",
    [
        {"provider_name": "教育局"},
        {"provider_name": "县教育局"},
        {"provider_name": "安徽省教育厅"},
        {"provider_name": None},
        {"title": "行政处罚信息"},
    ],
)
def test_no_guess(province, city, change):
    for portal in (province, city):
        portal.change(**(change if "provider_name" in change else {}))
    if "title" in change:
        city.change(**change)
    province.run()
    city.run()
    assert alive(province, city) == [PROVINCE, CITY]


def test_ambiguous_records_take_no_part(province, city):
    city.listed.append(record(CITY, "twin"))
    city.run()
    province.run()
    assert alive(province, city) == [PROVINCE, CITY]
    city.listed.pop()
    city.run()
    assert alive(province, city) == [CITY]
    city.listed.append(record(CITY, "twin"))
    city.run()
    province.run()
    assert alive(province, city) == [PROVINCE, CITY]


def test_switched_off_and_on(province, city, monkeypatch):
    import ckan.plugins.toolkit as tk

    city.run()
    province.run()
    monkeypatch.setitem(tk.config, "ckanext.cn_govdata.harvest.one_owner", False)
    for portal in (city, province, province):
        portal.run()
    assert alive(province, city) == [PROVINCE, CITY]
    monkeypatch.setitem(tk.config, "ckanext.cn_govdata.harvest.one_owner", True)
    city.run()
    assert alive(province, city) == [CITY]


def test_slow_path(province, city, monkeypatch):
    from ckanext.cn_govdata.store import hooks

    monkeypatch.setattr(hooks, "not_honoured", lambda _: ["a test"])
    province.run()
    city.run()
    province.run()
    assert (alive(province, city), others(city)) == ([CITY], [PROVINCE])


def test_what_the_api_shows_can_be_sent_back(province, city):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user

    city.run()
    province.run()
    shown = look.show(city.package_id)
    tk.get_action("package_update")(as_site_user(), {**shown, "notes": "由人修改"})
    after = look.show(city.package_id)
    assert after["also_published"] == shown["also_published"]
    assert set(after) == {*shown, "notes"}


def test_deleted_dataset_leads_to_its_owner(province, city, app):
    province.run()
    city.run()
    found = app.get(f"/dataset/{province.listed[1].record.name}", follow_redirects=False)
    assert found.status_code == 301
    assert found.headers["Location"].endswith(f"/dataset/{city.listed[1].record.name}")
    page = app.get(f"/dataset/{city.listed[1].record.name}")
    assert f"http://{PROVINCE}.example.cn/shared" in page.body
