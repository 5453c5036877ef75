"""A dataset's whole life is the same through the batch writer and through CKAN's own actions."""

import os
from dataclasses import replace

import pytest

from ckanext.cn_govdata.crawl import identity
from tests.store import lives, look, sample

# `make same` takes 1,000.
RECORDS = int(os.environ.get("SAME_RECORDS") or 84)
RANDOM = look.VOLATILE | {"harvest_object_id", "extras_harvest_object_id"}


def by_batches(writer, items, ids):
    from ckan import model

    from ckanext.cn_govdata.store import withdrawal

    def delete(gone):
        from ckanext.cn_govdata.store import outbox

        withdrawal.withdraw(gone)
        model.Session.commit()
        outbox.drain()

    def index(_):
        return look.documents()

    return lives.Life(items, ids, _written(writer), delete, index)


def by_actions(writer, items, ids):
    """The slow path's writes are CKAN's actions; all else here is CKAN's own, too."""
    import ckan.plugins.toolkit as tk
    from ckan.lib import search

    from ckanext.cn_govdata.schema.site_user import as_site_user

    def delete(gone):
        for package_id in gone:
            tk.get_action("package_delete")(as_site_user(), {"id": package_id})

    def index(ids_):
        search.clear_all()
        from ckan import model

        alive = model.Session.query(model.Package.id).filter(
            model.Package.id.in_(ids_), model.Package.state == "active"
        )
        search.rebuild(package_ids=[row.id for row in alive])
        return look.documents()

    writer.slow_because = ["a test"]
    return lives.Life(items, ids, _written(writer), delete, index)


def _written(writer):
    def write(items):
        for start in range(0, len(items), 500):
            result = writer.write(items[start : start + 500])
            assert result.refused == ()

    return write


def empty():
    """Delete all datasets and what hangs on them, faster than the actions would."""
    import sqlalchemy as sa
    from ckan import model
    from ckan.lib import search

    tables = [
        "harvest_object_extra",
        "harvest_object_error",
        "harvest_object",
        "cn_govdata_record",
        "cn_govdata_outbox",
        "package_tag",
        "tag",
        "package_extra",
        "resource_view",
        "resource",
        "package",
    ]
    for name in tables:
        if model.Session.execute(sa.select(sa.func.to_regclass(name))).scalar():
            model.Session.execute(sa.delete(sa.table(name)))
    member = model.member_table
    model.Session.execute(sa.delete(member).where(member.c.table_name == "package"))
    model.Session.commit()
    search.clear_all()


def comparable(picture):
    return replace(
        picture,
        rows=same(picture.rows),
        shown=same(picture.shown),
        documents=same(picture.documents),
    )


def same(value):
    """A document without moments of writing and ids that are made at random."""
    if isinstance(value, dict):
        # Of tags and, on CKAN 2.11, of extras, which are rows there.
        row = "vocabulary_id" in value or {"key", "value"} <= value.keys()
        random = RANDOM | {"id"} if row else RANDOM
        return {key: same(each) for key, each in value.items() if key not in random}
    if isinstance(value, list):
        # A person's patch stores what ckanext-harvest's hook shows, wherever it stood.
        return sorted((same(each) for each in value if not _is_object_id(each)), key=_by_key)
    return value


def _by_key(value):
    return str(value.get("key", "")) if isinstance(value, dict) else ""


def _is_object_id(value):
    return isinstance(value, dict) and value.get("key") == "harvest_object_id"


@pytest.mark.smoke
def test_same_life(writer):
    items = sample.varied(RECORDS)
    ids = [identity.package_id(sample.PORTAL, item.source_id) for item in items]
    ours = dict(by_batches(writer, items, ids).phases())
    before = None
    for name, picture in ours.items():
        # People's edits are CKAN's; a deletion is no change of what a dataset says; a purged
        # dataset is new, though it looks as before.
        if name not in ("edited by people", "withdrawn", "purged and harvested again"):
            assert picture.moved == lives.changes(before, picture), name
        before = picture
    assert ours["unchanged"].moved == ours["withdrawn"].moved == set()
    empty()
    for name, theirs in by_actions(writer, items, ids).phases():
        found = lives.differences(comparable(ours[name]), comparable(theirs))
        assert not found, "\n".join([name, *found])
        print(f"{name}: {RECORDS} datasets, {len(theirs.moved)} written, the same both ways")
