"""The batch path gives what CKAN's own actions give: rows, dictionaries, documents."""

from dataclasses import replace

import pytest

from tests.store import look, sample

RECORDS = 60


def by_actions(items, org, action="package_create"):
    """What the writer does, by CKAN's own actions."""
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.crawl import identity
    from ckanext.cn_govdata.schema.package import to_package
    from ckanext.cn_govdata.schema.provenance import WRITER
    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import target

    for item in items:
        package = to_package(
            item.record.as_dict(),
            owner_org=org,
            package_id=identity.package_id(item.record.portal_id, item.source_id),
        )
        target.resource_ids(package)
        tk.get_action(action)({**as_site_user(), WRITER: True}, package)


def ids_of(items):
    from ckanext.cn_govdata.crawl import identity

    return [identity.package_id(item.record.portal_id, item.source_id) for item in items]


def purge(ids):
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckanext.harvest.model import HarvestObject

    from ckanext.cn_govdata.schema.site_user import as_site_user

    model.Session.query(HarvestObject).delete()
    model.Session.commit()
    for package_id in ids:
        tk.get_action("dataset_purge")(as_site_user(), {"id": package_id})


def changed(item):
    """The record as a portal shows it after an edit: every kind of difference at once."""
    record = item.record
    kept = record.resources[:1]
    added = replace(kept[0], name="新增文件.json", url=f"{kept[0].url}/new", format="json")
    return sample.of(
        replace(
            record,
            title=f"{record.title}（修订）",
            notes=None,
            tags=(*record.tags[1:], "修订标签"),
            groups=(),
            domain=None,
            frequency_text="每两年",
            source_views=99,
            resources=(added, replace(kept[0], size=4096)),
        )
    )


@pytest.mark.smoke
def test_new_datasets(writer, catalogue):
    items = sample.items(RECORDS)
    ids = ids_of(items)
    result = writer.write(items)
    assert (result.added, result.refused) == (RECORDS, ())
    ours = look.rows(ids), [look.shown(each) for each in ids]

    purge(ids)
    by_actions(items, catalogue.org)

    assert look.rows(ids) == ours[0]
    assert [look.shown(each) for each in ids] == ours[1]


@pytest.mark.smoke
def test_changed_datasets(writer, catalogue):
    items = sample.items(20)
    ids = ids_of(items)
    by_actions(items, catalogue.org)
    by_actions([changed(item) for item in items], catalogue.org, "package_update")
    actions = look.rows(ids), [look.shown(each) for each in ids]

    purge(ids)
    by_actions(items, catalogue.org)
    result = writer.write([changed(item) for item in items])

    assert (result.changed, result.refused) == (20, ())
    assert look.rows(ids) == actions[0]
    assert [look.shown(each) for each in ids] == actions[1]


@pytest.mark.smoke
def test_documents(writer):
    from ckan.lib import search

    items = sample.items(RECORDS)
    ids = ids_of(items)
    writer.write(items)
    ours = look.documents()
    assert set(ours) == set(ids)

    search.rebuild(package_ids=ids)

    assert look.documents() == ours


def test_shown_from_the_index_as_from_the_database(writer):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.store import outbox

    items = sample.items(3)
    writer.write(items)
    outbox.commit()
    for package_id in ids_of(items):
        cached = tk.get_action("package_show")({"ignore_auth": True}, {"id": package_id})
        harvest = {"harvest_object_id", "harvest_source_id", "harvest_source_title"}
        added = {extra["key"] for extra in cached.pop("extras")}
        assert added == harvest  # it came from the index, which alone has these
        assert cached == {k: v for k, v in look.show(package_id).items() if k != "extras"}


def test_what_a_resource_no_longer_says(writer):
    """CKAN's actions would keep the former value."""
    [item] = sample.items(1)
    [package_id] = ids_of([item])
    writer.write([item])
    assert look.show(package_id)["resources"][0]["size"] == 2048
    first, *others = item.record.resources
    writer.write([sample.of(replace(item.record, resources=(replace(first, size=None), *others)))])
    assert look.show(package_id)["resources"][0].get("size") is None


def test_later_edits_by_people(writer):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user

    [item] = sample.items(1)
    [package_id] = ids_of([item])
    writer.write([item])

    patch = {"id": package_id, "notes": "由人修改", "author": "数据科"}
    tk.get_action("package_patch")(as_site_user(), patch)
    tk.get_action("package_delete")(as_site_user(), {"id": package_id})

    assert look.show(package_id)["state"] == "deleted"
