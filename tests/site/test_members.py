"""Organisations and groups are shown as CKAN shows them, also where a member made everything."""

from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from tests.store import sample

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def busy(monkeypatch):
    """A member who made more datasets than are counted one by one."""
    from ckanext.cn_govdata.site import members

    monkeypatch.setattr(members, "MANY", 2)


@pytest.fixture
def place():
    """An organisation and a theme group with a busy member and one who made nothing."""
    import ckan.plugins.toolkit as tk
    from ckan.tests import factories

    from ckanext.cn_govdata.schema import organizations
    from ckanext.cn_govdata.schema.site_user import as_site_user

    harvester, editor = factories.User(), factories.User()
    organization = organizations.ensure("340104")  # three above it
    group = tk.get_action("group_create")(
        as_site_user(), {"name": "some-theme", "title": "t", "type": "theme"}
    )
    for group_id in (organization, group["id"]):
        for user, capacity in ((harvester, "admin"), (editor, "editor")):
            member = {"id": group_id, "object": user["id"], "object_type": "user"}
            tk.get_action("member_create")(as_site_user(), {**member, "capacity": capacity})
    harvest(organization, group["id"], harvester["id"])
    return {
        "organization": organization,
        "group": group["id"],
        "editor": editor["name"],
        "harvester": harvester["id"],
    }


def harvest(organization_id, group_id, user_id):
    """Four datasets that the user made, one of them private."""
    from ckan import model
    from ckanext.harvest.model import HarvestJob, HarvestSource

    from ckanext.cn_govdata.store import outbox
    from ckanext.cn_govdata.store.writer import BatchWriter

    source = HarvestSource(url="http://data.example.cn/", type="cn_portal", title="s")
    source.save()
    job = HarvestJob(source=source)
    job.save()
    writer = BatchWriter(
        harvest_source_id=source.id,
        portal_id=sample.PORTAL,
        owner_org=organization_id,
        job_id=job.id,
    )
    writer.write(sample.items(4))
    packages = model.Session.query(model.Package).filter_by(type="dataset").all()
    for package in packages:
        package.creator_user_id = user_id
        member = model.Member(
            group=model.Group.get(group_id),
            group_id=group_id,
            table_id=package.id,
            table_name="package",
            capacity="public",
        )
        model.Session.add(member)
    packages[0].private = True
    model.Session.commit()
    outbox.drain()
    outbox.commit()


def both(name, reader, **data):
    """CKAN's own answer and ours."""
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckan.logic.action import get as stock

    contexts = [{"user": reader, "model": model, "session": model.Session} for _ in range(2)]
    if not reader:
        contexts = [{**context, "ignore_auth": False} for context in contexts]
    theirs = getattr(stock, name)(contexts[0], dict(data))
    return tk.get_action(name)(contexts[1], dict(data)), theirs


@contextmanager
def counts():
    """The users whose datasets the database counts."""
    from ckan import model

    found = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "creator_user_id" in statement and "count(" in statement:
            found.append(parameters["creator_user_id_1"])

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)


OPTIONS = [
    {},
    {"include_users": True},
    {"include_users": False},
    {"include_datasets": True},
    {"include_extras": False, "include_groups": False, "include_followers": False},
    {"include_users": "nonsense"},
]


@pytest.mark.parametrize("options", OPTIONS[:-1], ids=str)
@pytest.mark.parametrize("kind", ["organization", "group"])
@pytest.mark.usefixtures("busy")
def test_the_answer_is_ckans(place, kind, options):
    from ckan.tests import factories

    administrator = factories.Sysadmin()["name"]
    for reader in ("", place["editor"], administrator):
        ours, theirs = both(f"{kind}_show", reader, id=place[kind], **options)
        assert ours == theirs


@pytest.mark.usefixtures("busy")
def test_by_name_and_by_other_kind(place):
    import ckan.plugins.toolkit as tk

    ours, theirs = both("organization_show", "", id="cn-340104")
    assert ours == theirs
    assert {user["number_created_packages"] for user in ours["users"]} == {0, 3}
    for name, group_id in (("group_show", place["organization"]), ("organization_show", "nothing")):
        with pytest.raises(tk.ObjectNotFound):
            both(name, "", id=group_id)


@pytest.mark.usefixtures("busy")
def test_a_wrong_option_is_ckans_business(place):
    import ckan.plugins.toolkit as tk

    with pytest.raises(tk.ValidationError):
        tk.get_action("organization_show")({}, {"id": place["organization"], **OPTIONS[-1]})


@pytest.mark.smoke
@pytest.mark.usefixtures("busy")
def test_nothing_is_counted_for_a_busy_member(place):
    import ckan.plugins.toolkit as tk

    with counts() as found:
        tk.get_action("organization_show")({}, {"id": place["organization"]})
    assert place["harvester"] not in found


def test_members_who_made_little_are_counted_by_ckan(place):
    import ckan.plugins.toolkit as tk

    with counts() as found:
        tk.get_action("organization_show")({}, {"id": place["organization"]})
    assert place["harvester"] in found


@pytest.mark.ckan_config("ckan.auth.public_user_details", False)
@pytest.mark.usefixtures("busy")
def test_users_that_readers_may_not_see(place):
    ours, theirs = both("organization_show", "", id=place["organization"])
    assert ours == theirs
    assert "users" not in ours


def test_parents_are_shown(place):
    ours, theirs = both("organization_show", "", id=place["organization"])
    assert ours["groups"] == theirs["groups"] == [{"name": "cn-340100", "capacity": "public"}]
    ours, theirs = both("organization_show", "", id=place["organization"], include_groups=False)
    assert ours == theirs


def test_a_page_shows_those_above(place):
    from ckan import model

    from ckanext.cn_govdata.site.organizations import organizations_above

    group = model.Group.get(place["organization"])
    assert organizations_above({"id": group.id}) == group.get_parent_group_hierarchy(
        type="organization"
    )
