"""What a batch does: new, changed, same and bad records."""

from dataclasses import replace

import pytest

from ckanext.cn_govdata.crawl import identity
from ckanext.cn_govdata.crawl.messages import Finding, Item, ItemStatus
from ckanext.cn_govdata.crawl.record import Resource
from tests.store import look, sample


def id_of(item):
    return identity.package_id(sample.PORTAL, item.source_id)


def with_record(item, **changes):
    return sample.of(replace(item.record, **changes))


def test_rows_of_the_store(writer, catalogue):
    from ckan import model
    from ckanext.harvest.model import HarvestObject

    from ckanext.cn_govdata.store.tables import GovRecord

    [item] = sample.items(1)
    writer.write([item])

    record = model.Session.get(GovRecord, id_of(item))
    harvest_object = model.Session.get(HarvestObject, record.harvest_object_id)
    assert (record.portal_id, record.source_id) == (sample.PORTAL, item.source_id)
    assert record.raw_hash == item.fingerprints.raw_hash
    assert (record.state, record.harvest_source_id) == ("active", catalogue.source)
    assert harvest_object.guid == f"{sample.PORTAL}:{item.source_id}"
    assert (harvest_object.current, harvest_object.report_status) == (True, "added")
    assert harvest_object.package_id == id_of(item)
    assert harvest_object.harvest_job_id == catalogue.job


def test_second_run_writes_nothing(writer):
    items = sample.items(20)
    writer.write(items)
    before = look.versions()

    result = writer.write([replace(item, status=ItemStatus.UNCHANGED) for item in items])

    assert (result.added, result.changed, result.same_record) == (0, 0, 0)
    assert look.versions() == before


def test_same_record_keeps_the_new_raw_record(writer):
    from ckan import model
    from ckanext.harvest.model import HarvestObject

    from ckanext.cn_govdata.store.tables import GovRecord

    [item] = sample.items(1)
    writer.write([item])
    modified = look.show(id_of(item))["metadata_modified"]
    again = replace(
        item,
        status=ItemStatus.SAME_RECORD,
        raw={"新": "原始"},
        fingerprints=replace(item.fingerprints, raw_hash="f" * 32, detail_read_on="2024-02-02"),
    )
    result = writer.write([again])

    record = model.Session.get(GovRecord, id_of(item))
    assert result.same_record == 1
    assert (record.raw_hash, record.detail_read_on) == ("f" * 32, "2024-02-02")
    assert look.show(id_of(item))["metadata_modified"] == modified
    harvest_object = model.Session.get(HarvestObject, record.harvest_object_id)
    assert harvest_object.content == '{"新":"原始"}'
    assert look.count(HarvestObject.__table__) == 1


def test_unchanged_dataset_of_a_changed_record_is_not_modified(writer):
    [item] = sample.items(1)
    writer.write([item])
    modified = look.show(id_of(item))["metadata_modified"]

    result = writer.write([item])

    assert (result.changed, result.same_record) == (0, 1)
    assert look.show(id_of(item))["metadata_modified"] == modified


def test_change_of_one_field(writer):
    from ckan import model
    from ckanext.harvest.model import HarvestObject

    [item] = sample.items(1)
    writer.write([item])
    before = look.show(id_of(item))

    result = writer.write([with_record(item, notes="新的摘要")])

    after = look.show(id_of(item))
    assert result.changed == 1
    assert after["metadata_modified"] > before["metadata_modified"]
    differing = {key for key in after if after[key] != before.get(key)}
    assert differing == {"notes", "metadata_modified"}
    objects = model.Session.query(HarvestObject).order_by(HarvestObject.import_finished).all()
    assert [each.report_status for each in objects] == ["added", "updated"]
    assert [each.current for each in objects] == [False, True]


def test_what_people_added_stays(writer):
    import ckan.plugins.toolkit as tk
    from ckan import model

    from ckanext.cn_govdata.schema.site_user import as_site_user

    [item] = sample.items(1)
    writer.write([item])
    resource = {"package_id": id_of(item), "url": "http://example.cn/own", "name": "人工补充"}
    added = tk.get_action("resource_create")(as_site_user(), resource)
    tk.get_action("package_patch")(as_site_user(), {"id": id_of(item), "maintainer": "数据科"})
    renamed = {"id": id_of(item), "name": "own-name"}
    tk.get_action("package_patch")(as_site_user(), renamed)
    plain = model.Group(name="other-kind", type="group", title="专题")
    model.Session.add(
        model.Member(group=plain, table_id=id_of(item), table_name="package", capacity="public")
    )
    model.Session.commit()

    # Without a domain, too: its theme group would follow.
    writer.write([with_record(item, title="改名", groups=(), domain=None, tags=("新标签",))])

    after = look.show(id_of(item))
    assert after["title"] == "改名"
    assert after["name"] == "own-name"
    assert after["maintainer"] == "数据科"
    assert [each["id"] for each in after["resources"]][-1] == added["id"]
    assert {each["name"] for each in after["groups"]} == {"other-kind"}
    assert [tag["name"] for tag in after["tags"]] == ["新标签"]


def test_resource_ids_survive_reordering(writer):
    [item] = sample.items(1)
    files = tuple(
        Resource(name=f"文件{n}", url=f"http://example.cn/{n}", format="csv", kind="file")
        for n in range(3)
    )
    item = with_record(item, resources=files)
    writer.write([item])
    before = {each["url"]: each["id"] for each in look.show(id_of(item))["resources"]}

    writer.write([with_record(item, resources=(files[2], files[0]))])

    after = look.show(id_of(item))["resources"]
    assert [(each["url"], each["id"]) for each in after] == [
        (url, before[url]) for url in ("http://example.cn/2", "http://example.cn/0")
    ]
    writer.write([item])
    assert {each["url"]: each["id"] for each in look.show(id_of(item))["resources"]} == before


def test_refused_value_goes_to_source_extra(writer):
    items = sample.items(3)
    items[1] = with_record(items[1], frequency="每两日", tags=("好标签", "坏/标签？"))

    result = writer.write(items)

    assert (result.added, result.refused) == (3, ())
    package = look.show(id_of(items[1]))
    assert package.get("frequency") is None
    assert package["source_extra"]["frequency"] == "每两日"
    assert [tag["name"] for tag in package["tags"]] == ["好标签"]
    assert {each.split(":")[0] for each in result.findings} == {"frequency", "tags.name"}


class Lost(Exception):  # noqa: N818 - a state of things, not a fault
    """What a caller's guard raises."""


@pytest.mark.parametrize("slow", [False, True])
def test_guard_stops_a_write_and_blames_no_record(writer, catalogue, slow):
    from ckan import model

    from ckanext.cn_govdata.store.writer import BatchWriter

    items = sample.items(4)
    held = True

    def guard():
        model.Session.connection()
        if not held:
            raise Lost

    mine = BatchWriter(
        harvest_source_id=catalogue.source,
        portal_id=sample.PORTAL,
        owner_org=catalogue.org,
        job_id=catalogue.job,
        guard=guard,
    )
    mine.slow_because = ["a test"] if slow else []
    assert mine.write(items[:2]).added == 2
    held = False
    with pytest.raises(Lost):
        mine.write(items[2:])
    with pytest.raises(Lost):
        mine.write([replace(items[0], status=ItemStatus.WITHDRAWN)])
    mine.close()
    assert set(look.documents()) == {id_of(each) for each in items[:2]}
    for item in items[2:]:
        assert model.Package.get(id_of(item)) is None


def test_one_bad_record_never_costs_the_batch(writer):
    from ckanext.cn_govdata.store.tables import record_table

    items = sample.items(40)
    bad = replace(items[7], source_id="nul\x00", record=replace(items[7].record, name="nul"))

    result = writer.write([*items[:7], bad, *items[8:]])

    assert result.added == 39
    [refused] = result.refused
    assert refused.source_id == "nul\x00"
    assert refused.reason
    assert look.count(record_table) == 39


def test_name_that_another_dataset_holds(writer, catalogue):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.provenance import WRITER
    from ckanext.cn_govdata.schema.site_user import as_site_user

    items = sample.items(2)
    held = [item.record.name for item in items]
    for name in held:
        package = {"name": name, "title": name, "owner_org": catalogue.org, "type": "dataset"}
        tk.get_action("package_create")({**as_site_user(), WRITER: True}, package)
    tk.get_action("package_delete")(as_site_user(), {"id": held[1]})

    result = writer.write(items)

    [refused] = result.refused
    assert (refused.source_id, refused.field, refused.value) == ("id-0", "name", held[0])
    assert look.show(held[1])["id"] == id_of(items[1])


def test_refused_withdrawn_and_repeated_items(writer):
    items = sample.items(4)
    writer.write(items[:2])
    finding = Finding("title", "", "没有标题")
    result = writer.write(
        [
            Item("id-9", ItemStatus.REFUSED, reason="no title", findings=(finding,)),
            Item("id-0", ItemStatus.WITHDRAWN),
            Item("never-seen", ItemStatus.WITHDRAWN),
            items[2],
            with_record(items[2], title="后来的"),
        ]
    )
    assert (result.added, result.withdrawn) == (1, 1)
    assert [(each.source_id, each.reason) for each in result.refused] == [("id-9", "no title")]
    assert result.findings == {"title: 没有标题": 1}
    assert look.show(id_of(items[2]))["title"] == "后来的"
    assert look.show(id_of(items[0]))["state"] == "deleted"


def test_two_writers_make_a_tag_once(writer, catalogue):
    import threading

    from ckan import model

    from ckanext.cn_govdata.store.writer import BatchWriter

    barrier = threading.Barrier(2)
    failures = []

    def work(portal_id):
        try:
            items = [
                sample.of(replace(item.record, tags=("同一标签", "另一标签")))
                for item in sample.items(30, portal_id)
            ]
            mine = BatchWriter(
                harvest_source_id=catalogue.source, portal_id=portal_id, owner_org=catalogue.org
            )
            barrier.wait()
            failures.extend(mine.write(items).refused)
        except Exception as error:  # noqa: BLE001 - reported below
            failures.append(error)
        finally:
            model.Session.remove()

    threads = [threading.Thread(target=work, args=(portal,)) for portal in ("110000", "310000")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    names = [tag.name for tag in model.Session.query(model.Tag)]
    assert sorted(names) == sorted(set(names))
    assert len(names) == 2


@pytest.mark.smoke
def test_few_statements_for_a_batch(writer):
    import sqlalchemy as sa
    from ckan import model

    statements = []

    def _count(connection, cursor, statement, *_):
        statements.append(statement)

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", _count)
    try:
        writer.write(sample.items(100))
    finally:
        sa.event.remove(engine, "before_cursor_execute", _count)
    assert len(statements) < 60
