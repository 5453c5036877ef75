"""What is remembered of a portal."""

import tracemalloc
from dataclasses import replace

import pytest

from ckanext.cn_govdata.crawl import identity
from ckanext.cn_govdata.crawl.messages import ItemStatus
from tests.store import sample


def load():
    from ckanext.cn_govdata.store.known import KnownRecords

    return KnownRecords.load(sample.PORTAL)


def test_fingerprints(writer):
    items = sample.items(5)
    writer.write(items)
    known = load()
    assert len(known) == 5
    assert [known.get(item.source_id) for item in items] == [i.fingerprints for i in items]
    assert known.get("unknown") is None
    assert len(type(known).load("110000")) == 0


def test_dataset_that_others_deleted_is_new(writer):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user

    items = sample.items(2)
    writer.write(items)
    gone = identity.package_id(sample.PORTAL, items[0].source_id)
    tk.get_action("package_delete")(as_site_user(), {"id": gone})
    assert set(load().source_ids()) == {items[1].source_id}


def test_cleared_source_is_new(writer, catalogue):
    """`harvest_source_clear` deletes by SQL: no hook runs, and no key of ours may stand in its way."""
    import ckan.plugins.toolkit as tk
    from ckan import model

    from ckanext.cn_govdata.schema.site_user import as_site_user

    writer.write(sample.items(3))
    package = model.Package(
        id=catalogue.source, name="source", type="harvest", owner_org=catalogue.org
    )
    model.Session.add(package)
    model.Session.commit()
    tk.get_action("harvest_source_clear")(as_site_user(), {"id": catalogue.source})
    model.Session.remove()  # it commits behind the session's back
    assert len(load()) == 0


def test_stale_records(writer):
    items = sample.items(3)
    writer.write(items)
    newer = replace(items[0].fingerprints, mapping_version="test-2")
    writer.write([replace(items[0], status=ItemStatus.UNCHANGED, fingerprints=newer)])

    stale = list(load().stale("test-2"))

    assert [prints for _, prints in stale] == [item.fingerprints for item in items[1:]]
    assert [raw for raw, _ in stale] == [item.raw for item in items[1:]]
    assert next(iter(load().stale("test-1")))[0] == items[0].raw


def test_harvested(writer):
    from ckanext.cn_govdata.store.known import is_harvested, is_harvested_many

    [item] = sample.items(1)
    writer.write([item])
    package_id = identity.package_id(sample.PORTAL, item.source_id)
    assert is_harvested(package_id)
    assert not is_harvested("other")
    assert is_harvested_many([package_id, "other"]) == {package_id}


def test_memory_for_60_000_records(catalogue):
    import sqlalchemy as sa
    from ckan import model

    number = 60_000
    model.Session.execute(
        sa.text(
            "INSERT INTO package (id, name, type, state) "
            "SELECT 'p' || n, 'p' || n, 'dataset', 'active' FROM generate_series(1, :number) n"
        ),
        {"number": number},
    )
    model.Session.execute(
        sa.text(
            "INSERT INTO cn_govdata_record (package_id, portal_id, source_id, harvest_source_id, "
            "list_hash, raw_hash, record_hash, mapping_version, detail_read_on, state, "
            "first_seen, changed_at) SELECT 'p' || n, :portal, md5(n::text), 's', md5('l' || n), "
            "md5('r' || n), md5('c' || n), 'version', '2024-01-01', 'active', now(), now() "
            "FROM generate_series(1, :number) n".replace("::", "\\:\\:")
        ),
        {"number": number, "portal": sample.PORTAL},
    )
    tracemalloc.start()
    known = load()
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    model.Session.rollback()
    assert len(known) == number
    assert held < 45_000_000
    assert peak < 1.3 * held


def test_one_process_a_portal():
    from ckanext.cn_govdata.store import leases, lock

    with leases.held("340100", "a.example", 60):
        with leases.held("110000", "b.example", 60):
            pass
        with pytest.raises(lock.Locked), leases.held("340100", "a.example", 60):
            pass
    with leases.held("340100", "a.example", 60):
        pass


def test_remembered_jobs(catalogue):
    from ckanext.cn_govdata.store import remembered

    counters = {"portal_id": sample.PORTAL, "outcome": "complete", "added": 3, "reason": None}
    remembered.job(catalogue.job, counters)
    remembered.job(catalogue.job, {**counters, "added": 4, "error": "x"})
    [job] = remembered.last_jobs()
    assert (job["counters"]["added"], job["reason"]) == (4, "x")
    assert remembered.last_jobs("other") == []
    assert remembered.last_jobs(catalogue.source) == [job]
