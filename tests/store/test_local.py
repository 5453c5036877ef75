"""Local datasets in batches are what `package_create` and `package_update` make of them."""

import copy
import json

import pytest
import sqlalchemy as sa
from ckan.tests import factories
from ckan.tests.helpers import call_action

from tests.schema.conftest import FULL, RESOURCES, TAGS
from tests.store import look

NUMBER = 12


@pytest.fixture
def editor(catalogue):
    user = factories.User(name="editor")
    call_action(
        "organization_member_create", id=catalogue.org, username=user["name"], role="editor"
    )
    return user


def packages(org):
    """Datasets of every kind: with and without resources, tags, domain, identifier, items."""
    made = []
    for number in range(NUMBER):
        package = {
            **copy.deepcopy(FULL),
            "type": "dataset",
            "state": "active",
            "owner_org": org,
            "title": f"数据集{number}",
            "name": f"local-{number}",
            "tags": [{"name": tag} for tag in TAGS[: number % 3]],
            "resources": copy.deepcopy(RESOURCES[: number % 3]),
        }
        if number % 2:
            package.pop("identifier", None)
        elif "identifier" in package:
            package["identifier"] += f"-{number}"
        if number % 4 == 1:
            package["domain"] = "9"
        if number % 4 == 2:
            package.pop("contact")
            package["data_items"] = package["data_items"][:1]
        made.append(package)
    return made


def context_of(user):
    return lambda: {"user": user["name"], "ignore_auth": False}


def written(user, todo, action="package_create"):
    from ckanext.cn_govdata.store import deferred

    found = deferred.write([deferred.Write(action, each) for each in todo], context_of(user))
    assert [errors for errors in found if errors] == []


def by_action(user, todo, action="package_create"):
    import ckan.plugins.toolkit as tk

    for package in todo:
        tk.get_action(action)(context_of(user)(), package)


def ids():
    from ckan import model

    table = model.package_table
    query = sa.select(table.c.name, table.c.id).where(table.c.name.like("local-%"))
    return dict(model.Session.execute(query).all())


def everything():
    """Rows, dictionaries and documents of the datasets, without ids that are made at random."""
    known = ids()
    documents = look.documents()
    rows = look.rows(list(known.values()))
    for resource in rows["resource"]:
        del resource["id"]
    found = {
        "rows": rows,
        "shown": {name: look.shown(each) for name, each in known.items()},
        "documents": {name: documents[each] for name, each in known.items()},
    }
    renamed = {each: name for name, each in known.items()}
    for package in found["shown"].values():
        for number, resource in enumerate(package["resources"]):
            renamed[resource["id"]] = f"{package['name']}-{number}"
    return _plain(found, renamed)


def _plain(value, renamed):
    if isinstance(value, dict):
        kept = {key: each for key, each in value.items() if key not in look.VOLATILE}
        if {"key", "value", "package_id"} <= kept.keys():
            kept.pop("id", None)  # an extra is a row of its own in CKAN 2.11
        return {key: _plain(each, renamed) for key, each in kept.items()}
    if isinstance(value, (list, tuple)):
        return sorted((_plain(each, renamed) for each in value), key=_in_order)
    if isinstance(value, str):
        for known, name in renamed.items():
            value = value.replace(known, name)
    return value


def _in_order(value):
    """A key that does not depend on the order in which a dictionary was filled."""
    return json.dumps(value, sort_keys=True, default=str)


def purge():
    from ckanext.cn_govdata.schema.site_user import as_site_user

    for package_id in ids().values():
        call_action("dataset_purge", as_site_user(), id=package_id)


@pytest.mark.smoke
def test_new_datasets(editor, catalogue):
    from ckanext.cn_govdata.store import local

    assert local.because(packages(catalogue.org)) == []
    written(editor, packages(catalogue.org))
    ours = everything()
    assert len(ours["documents"]) == NUMBER
    purge()

    by_action(editor, packages(catalogue.org))
    assert ours == everything()


def changed(package_id, number):
    package = call_action("package_show", id=package_id)
    package.pop("metadata_modified")
    package["domain"] = "7" if number % 2 else "2"
    package["tags"] = [{"name": "修订标签"}]
    package["resources"] = package["resources"][:1]
    return package | {"title": f"改名{number}"}


@pytest.mark.smoke
def test_changed_datasets(editor, catalogue):
    found = []
    for write in (written, by_action):
        by_action(editor, packages(catalogue.org))
        known = sorted(ids().items())
        todo = [changed(package_id, number) for number, (_, package_id) in enumerate(known)]
        write(editor, todo, "package_update")
        found.append(everything())
        purge()
    assert found[0] == found[1]


def test_one_bad_dataset_costs_no_other(editor, catalogue):
    from ckanext.cn_govdata.store import deferred

    todo = packages(catalogue.org)
    todo[3]["share_type"] = "9"
    todo[5]["owner_org"] = "nowhere"
    found = deferred.write(
        [deferred.Write("package_create", each) for each in todo], context_of(editor)
    )
    assert [number for number, errors in enumerate(found) if errors] == [3, 5]
    assert "share_type" in found[3]
    assert len(ids()) == NUMBER - 2


def test_a_user_without_rights(catalogue):
    from ckanext.cn_govdata.store import deferred

    stranger = factories.User(name="stranger")
    found = deferred.write(
        [deferred.Write("package_create", each) for each in packages(catalogue.org)],
        context_of(stranger),
    )
    assert all(found)
    assert ids() == {}


def test_listeners_of_the_action_are_told(editor, catalogue):
    """Where anything follows `package_create`, the action itself writes."""
    from ckan.lib import signals

    from ckanext.cn_govdata.store import local

    heard = []

    def listen(sender, **told):
        heard.append((sender, told["result"]))

    with signals.action_succeeded.connected_to(listen, sender="package_create"):
        assert local.because([]) != []
        written(editor, packages(catalogue.org))
    assert sorted(heard) == sorted(("package_create", each) for each in ids().values())


@pytest.mark.ckan_config(
    "ckan.plugins",
    "cn_govdata cn_govdata_harvest harvest scheming_datasets scheming_groups"
    " scheming_organizations activity",
)
def test_activities(with_plugins, clean_db, clean_index, migrate_db_for, request):
    migrate_db_for("activity")
    catalogue = request.getfixturevalue("catalogue")
    user = request.getfixturevalue("editor")
    written(user, packages(catalogue.org)[:2])
    known = ids()
    written(user, [changed(known["local-0"], 1)], "package_update")
    found = call_action("package_activity_list", {"user": user["name"]}, id=known["local-0"])
    assert [each["activity_type"] for each in found] == ["changed package", "new package"]
    assert {each["user_id"] for each in found} == {user["id"]}
