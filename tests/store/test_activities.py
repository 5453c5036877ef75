"""Activities of harvested datasets: off by default; where on, the rows of CKAN's own plugin."""

from dataclasses import replace

import pytest

from ckanext.cn_govdata.crawl import identity
from tests.store import look, sample
from tests.store.test_same_life import empty, same

SETTING = "ckanext.cn_govdata.harvest.activities"


@pytest.fixture
def activity(catalogue, migrate_db_for):
    """CKAN's plugin `activity`, with its table and its listeners."""
    import sqlalchemy as sa
    from ckan import model
    from ckan.plugins import core, plugin_loaded

    core.load("activity")
    assert plugin_loaded("activity")
    migrate_db_for("activity")
    from ckanext.activity.model import Activity

    model.Session.execute(sa.delete(Activity.__table__))
    model.Session.commit()
    yield Activity
    core.unload("activity")


def rows(table):
    from ckan import model

    found = model.Session.query(table).order_by(table.timestamp, table.object_id).all()
    return [
        {
            "user": row.user_id,
            "dataset": row.object_id,
            "kind": row.activity_type,
            "labels": row.permission_labels,
            "actor": row.data["actor"],
            "package": same(_without_harvest(row.data["package"])),
        }
        for row in found
    ]


def _without_harvest(package):
    """What ckanext-harvest shows comes from the index, which has it later than the action."""
    extras = [each for each in package.get("extras", ()) if not each["key"].startswith("harvest_")]
    return {**package, "extras": extras}


def the_life(writer, delete):
    items = sample.items(2)
    writer.write(items)
    changed = sample.of(replace(items[0].record, title="改"))
    # CKAN's action takes a dataset that it writes as it was for a changed one.
    for _ in range(1 if writer.slow_because else 2):
        writer.write([changed])
    delete(identity.package_id(sample.PORTAL, items[1].source_id))


def withdraw(package_id):
    from ckan import model

    from ckanext.cn_govdata.store import withdrawal

    withdrawal.withdraw([package_id])
    model.Session.commit()


def delete(package_id):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user

    tk.get_action("package_delete")(as_site_user(), {"id": package_id})


def test_none_by_default(writer, activity):
    the_life(writer, withdraw)
    assert look.count(activity.__table__) == 0


def test_as_ckan_writes_them(writer, activity, ckan_config):
    import sqlalchemy as sa
    from ckan import model

    ckan_config[SETTING] = True
    the_life(writer, withdraw)
    ours = rows(activity)
    assert [each["kind"] for each in ours] == [
        "new package",
        "new package",
        "changed package",
        "deleted package",
    ]
    empty()
    model.Session.execute(sa.delete(activity.__table__))
    model.Session.commit()
    writer.slow_because = ["a test"]
    the_life(writer, delete)
    theirs = rows(activity)
    assert [each["kind"] for each in ours] == [each["kind"] for each in theirs]
    order = ("dataset", "kind")
    for each, other in zip(
        sorted(ours, key=lambda row: [row[k] for k in order]),
        sorted(theirs, key=lambda row: [row[k] for k in order]),
        strict=True,
    ):
        assert each == other
