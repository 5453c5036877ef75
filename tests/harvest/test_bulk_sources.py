"""Sources made in bulk: the same rows as ckanext-harvest's own action makes, once, and no more."""

import json

import pytest

from ckanext.cn_govdata.portals import registry, search

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_request_context")

# A county that its province administers, cities of two provinces, sub-sites of one host.
SOME = ("110000", "321300", "350200-fujian", "350200", "520300", "520400")


def some():
    return [registry.get(each) for each in SOME]


def rows(table, *leave_out):
    """The rows of a table as texts, without what differs between two databases."""
    import sqlalchemy as sa
    from ckan import model

    model.Session.rollback()
    found = model.Session.execute(sa.text(f'SELECT * FROM "{table}"')).mappings()
    return sorted(
        json.dumps(
            {key: value for key, value in row.items() if key not in leave_out},
            default=str,
            ensure_ascii=False,
            sort_keys=True,
        )
        for row in found
    )


def names_of_members():
    """Memberships by name: ids differ between two databases."""
    import sqlalchemy as sa
    from ckan import model

    sql = """
        SELECT g.name, m.table_name, m.capacity, m.state, coalesce(p.name, o.name) AS other
        FROM member m JOIN "group" g ON g.id = m.group_id
        LEFT JOIN package p ON p.id = m.table_id LEFT JOIN "group" o ON o.id = m.table_id
    """
    return sorted(map(tuple, model.Session.execute(sa.text(sql))))


def everything():
    times = ("metadata_created", "metadata_modified", "created")
    return {
        "package": rows("package", "id", "owner_org", "creator_user_id", *times),
        "harvest_source": rows("harvest_source", "id", *times),
        "group": rows("group", "id", *times),
        "member": names_of_members(),
    }


def documents():
    from ckan.lib.search.common import make_connection

    found = make_connection().search("*:*", fq="+dataset_type:harvest", rows=100).docs
    differing = {"id", "index_id", "data_dict", "validated_data_dict", "owner_org", "_version_"}
    differing |= {"indexed_ts"}
    kept = [
        {k: v for k, v in doc.items() if k not in differing and "metadata_" not in k}
        for doc in found
    ]
    return sorted(json.dumps(doc, sort_keys=True, default=str) for doc in kept)


def by_actions(portals, schedule):
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.harvest import registered
    from ckanext.cn_govdata.schema import organizations
    from ckanext.cn_govdata.schema.site_user import as_site_user

    for portal in portals:
        owner = organizations.ensure(portal.division_code)
        source = registered.source_of(portal, owner, schedule)
        tk.get_action("harvest_source_create")(as_site_user(), source.as_dict())


def in_bulk(portals, schedule="MANUAL", **how):
    from ckanext.cn_govdata.harvest import registered

    planned = registered.plan(portals, schedule=schedule, **how)
    registered.carry_out(planned, schedule=schedule)
    return [each.status for each in planned]


def test_the_rows_are_those_of_the_actions(clean_db, clean_index):
    from ckan.lib.search import clear_all

    from ckanext.cn_govdata.store import outbox
    from tests import database

    by_actions(some(), "WEEKLY")
    outbox.commit()
    expected, indexed = everything(), documents()
    assert len(expected["package"]) == len(SOME)
    database.empty()
    clear_all()
    assert in_bulk(some(), "WEEKLY") == ["created"] * len(SOME)
    outbox.commit()
    made = everything()
    for table, wanted in expected.items():
        assert made[table] == wanted, table
    assert documents() == indexed
    assert outbox.pending() == 0


def test_a_second_time_nothing_is_written():
    assert in_bulk(some()) == ["created"] * len(SOME)
    before = everything(), rows("package"), rows("harvest_source")
    assert in_bulk(some()) == ["exists"] * len(SOME)
    assert (everything(), rows("package"), rows("harvest_source")) == before


def test_what_people_changed_is_left_alone_until_it_is_asked_for():
    from ckan.plugins import toolkit as tk
    from ckanext.harvest.model import HarvestSource

    from ckanext.cn_govdata.harvest import jobs
    from ckanext.cn_govdata.schema.site_user import as_site_user

    portal = registry.get("321300")
    in_bulk([portal])
    source = tk.get_action("harvest_source_show")(as_site_user(), {"id": "portal-321300"})
    config = {**portal.config(), "rate": 0.2}
    changed = {**source, "config": json.dumps(config), "url": "https://mirror.example.cn"}
    tk.get_action("harvest_source_update")(as_site_user(), changed)
    assert in_bulk([portal], schedule=None) == ["differs"]
    assert "mirror" in jobs.find_source("portal-321300").url
    assert in_bulk([portal], schedule=None, update=True) == ["updated"]
    row = HarvestSource.get(source["id"])
    assert (row.url, json.loads(row.config)) == (portal.base_url, portal.config())
    shown = tk.get_action("package_show")({}, {"id": "portal-321300"})
    assert shown["url"] == portal.base_url


def test_a_schedule_that_is_asked_for_is_set():
    from ckanext.cn_govdata.harvest import jobs

    portal = registry.get("321300")
    in_bulk([portal])
    assert jobs.find_source("portal-321300").next_run is None
    assert in_bulk([portal], schedule="DAILY") == ["updated"]
    row = jobs.find_source("portal-321300")
    assert row.frequency == "DAILY"
    assert row.next_run is not None
    assert in_bulk([portal], schedule=None) == ["exists"]


def test_a_deleted_source_comes_back_under_its_id():
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.harvest import jobs
    from ckanext.cn_govdata.schema.site_user import as_site_user

    portal = registry.get("321300")
    in_bulk([portal])
    first = jobs.find_source("portal-321300").id
    tk.get_action("harvest_source_delete")(as_site_user(), {"id": first})
    assert in_bulk([portal]) == ["created"]
    row = jobs.find_source("portal-321300")
    assert (row.id, row.active) == (first, True)
    assert in_bulk([portal]) == ["exists"]


def test_a_portal_that_another_source_harvests_is_told():
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user

    portal = registry.get("321300")
    data = {
        "name": "by-hand",
        "title": "By hand",
        "url": portal.base_url,
        "source_type": "cn_portal",
        "config": json.dumps(portal.config()),
    }
    tk.get_action("harvest_source_create")(as_site_user(), data)
    assert in_bulk([portal]) == ["taken"]


def test_the_command_says_what_it_does_for_every_portal(cli):
    from ckanext.cn_govdata.cli import cn_govdata

    dry = cli.invoke(
        cn_govdata, ["sources", "create", "--division", "江苏省", "--dry-run", "--json"]
    )
    planned = {row["portal_id"]: row["status"] for row in json.loads(dry.stdout)}
    assert planned["321300"] == "created"
    lacking = {key for key in planned if search.state(registry.get(key)) == "no-profile"}
    assert {planned[key] for key in lacking} <= {"no-profile"}
    assert rows("harvest_source") == []
    done = cli.invoke(cn_govdata, ["sources", "create", "--division", "320000"])
    assert done.exit_code == 0, done.output
    assert len(rows("harvest_source")) == list(planned.values()).count("created")
    again = cli.invoke(cn_govdata, ["sources", "create", "--division", "320000", "--json"])
    assert {row["status"] for row in json.loads(again.stdout)} <= {"exists", "no-profile"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 2, "Say one of"),
        (["--portal", "321324"], 2, "321300"),
        (["--portal", "999999"], 2, "999999"),
        (["--portal", "110108"], 1, "no-profile"),
        (["--division", "321324"], 2, "321300"),
        (["--division", "朝阳"], 2, "several"),
        (["--all", "--schedule", "HOURLY"], 2, "HOURLY"),
    ],
)
def test_wrong_options_are_told(cli, arguments, code, words):
    from ckanext.cn_govdata.cli import cn_govdata

    result = cli.invoke(cn_govdata, ["sources", "create", *arguments])
    assert result.exit_code == code, result.output
    assert words in result.output or words == "several"
