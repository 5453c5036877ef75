"""Every hook that a write of a dataset touches: the batch path calls it as the actions do, or says so.

The table in `docs/store.md` names them; here each is tried with a plugin that CKAN itself sees.
"""

from dataclasses import replace

import ckan.plugins as p
import pytest

from ckanext.cn_govdata.crawl import identity
from tests.store import look, sample


class Everything(p.SingletonPlugin):
    """Notes every call that CKAN makes while datasets are written."""

    p.implements(p.IDomainObjectModification, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(p.IResourceController, inherit=True)
    p.implements(p.IResourceUrlChange)
    p.implements(p.ITagController, inherit=True)

    def __init__(self, *_, **__):
        self.told = []

    def notify(self, entity, operation=None):
        kind = type(entity).__name__
        self.told.append((kind, getattr(entity, "url", None) or "", str(operation)))

    def create(self, entity):
        self.told.append(("create", entity.title, entity.state))

    def edit(self, entity):
        self.told.append(("edit", entity.title, entity.state))

    def delete(self, entity):
        self.told.append(("delete", entity.title, ""))

    def after_dataset_create(self, context, pkg_dict):
        self.told.append(("after create", pkg_dict["title"], sorted(pkg_dict)))

    def after_dataset_update(self, context, pkg_dict):
        self.told.append(("after update", pkg_dict["title"], context["package"].id))

    def after_dataset_delete(self, context, pkg_dict):
        self.told.append(("after delete", pkg_dict["id"], ""))

    def before_resource_create(self, context, resource):
        self.told.append(("resource hook",))

    after_resource_create = after_resource_update = before_resource_create

    def before_resource_update(self, context, current, resource):
        self.told.append(("resource hook",))

    before_resource_delete = before_resource_update

    def after_resource_delete(self, context, resources):
        self.told.append(("resource hook",))

    def before_tag_view(self, tag_dict):
        self.told.append(("tag hook",))
        return tag_dict

    def before_dataset_index(self, pkg_dict):
        return {**pkg_dict, "extras_from_plugin": "yes"}

    def after_dataset_show(self, context, pkg_dict):
        pkg_dict["from_show"] = "yes"

    def before_resource_show(self, resource_dict):
        resource_dict["from_resource_show"] = "yes"
        return resource_dict

    def get_dataset_labels(self, dataset_obj):
        return [f"label-{dataset_obj.state}"]

    def get_user_dataset_labels(self, user_obj):
        return ["label-active"]


class Actions(p.SingletonPlugin):
    """Chains actions of CKAN; `names` are set by the test."""

    p.implements(p.IActions)
    names = ()

    def get_actions(self):
        import ckan.plugins.toolkit as tk

        def chained(name):
            def act(original, context, data_dict):
                self.called.append(name)
                result = original(context, data_dict)
                if name == "package_show":
                    result["from_chain"] = "yes"
                return result

            return tk.chained_action(act)

        return {name: chained(name) for name in self.names}

    def __init__(self, *_, **__):
        self.called = []


class Refuses(p.SingletonPlugin):
    """Lets nobody write a dataset."""

    p.implements(p.IAuthFunctions)

    def get_auth_functions(self):
        def no(context, data_dict=None):
            return {"success": False}

        return {"package_create": no, "package_update": no, "package_delete": no}


@pytest.fixture
def load(monkeypatch):
    """Let the whole of CKAN see a plugin of the site's own."""
    from ckan import authz, logic
    from ckan.plugins import core

    def add(plugin):
        plugin.name = type(plugin).__name__
        monkeypatch.setitem(core._PLUGINS_SERVICE, plugin.name, plugin)
        logic.clear_actions_cache()
        authz.clear_auth_functions_cache()
        return plugin

    yield add
    logic.clear_actions_cache()
    authz.clear_auth_functions_cache()


UNCHANGED = 5  # the step of `the_writes` in which nothing changes


def the_writes(item):
    """What a record goes through: new, changed in several ways, unchanged."""
    record = item.record
    first = record.resources[0]
    new = replace(first, name="新", url=f"{first.url}/new")
    title = replace(record, title="二")
    name = replace(record, resources=(replace(first, name="改名"), *record.resources[1:]))
    more = replace(record, resources=(*record.resources, new))
    return [record, title, name, more, record, record]


def ways(writer, package_id):
    """The same steps through batches and through actions."""
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import withdrawal

    def batches(record):
        if record is None:
            withdrawal.withdraw([package_id])
            from ckan import model

            model.Session.commit()
        else:
            assert writer.write([sample.of(record)]).refused == ()

    def actions(record):
        if record is None:
            tk.get_action("package_delete")(as_site_user(), {"id": package_id})
        else:
            writer.slow_because = ["a test"]
            assert writer.write([sample.of(record)]).refused == ()

    return batches, actions


def test_called_as_the_actions_do(writer, load):
    from tests.store.test_same_life import empty

    [item] = sample.items(1)
    package_id = identity.package_id(sample.PORTAL, item.source_id)
    plugin = load(Everything())
    told = []
    for way in ways(writer, package_id):
        steps = []
        for record in [*the_writes(item), None]:
            plugin.told.clear()
            way(record)
            steps.append(sorted(map(str, plugin.told)))
        told.append(steps)
        empty()
    for step, (ours, theirs) in enumerate(zip(*told, strict=True)):
        # CKAN 2.11 calls everybody for a dataset that it writes as it was.
        assert "\n".join(ours) == ("" if step == UNCHANGED else "\n".join(theirs))
    assert any("after delete" in each for each in told[0][-1])


def test_in_the_index_as_ckan_does(writer, load):
    from ckan.lib import search

    load(Everything())
    writer.write(sample.items(2))
    ours = look.documents()
    assert {doc["extras_from_plugin"] for doc in ours.values()} == {"yes"}
    assert len(look.documents("permission_labels:label-active")) == len(ours)
    first = str(next(iter(ours.values())))
    assert "from_show" in first
    assert "from_resource_show" in first
    search.rebuild(package_ids=list(ours))
    assert look.documents() == ours


@pytest.mark.parametrize("name", ["package_create", "package_update", "package_owner_org_update"])
def test_extended_action_leads_to_the_slow_path(writer, catalogue, load, name):
    from ckanext.cn_govdata.store.writer import BatchWriter

    plugin = Actions()
    plugin.names = (name,)
    load(plugin)
    slow = BatchWriter(
        harvest_source_id=catalogue.source, portal_id=sample.PORTAL, owner_org=catalogue.org
    )
    assert slow.slow_because == [f"The plugin Actions replaces or extends {name}"]
    [item] = sample.items(1)
    slow.write([item])
    slow.write([sample.of(replace(item.record, title="二"))])
    assert name in plugin.called


def test_extended_delete_is_called(writer, load):
    from ckan import model

    from ckanext.cn_govdata.store import withdrawal

    [item] = sample.items(1)
    package_id = identity.package_id(sample.PORTAL, item.source_id)
    writer.write([item])
    plugin = Actions()
    plugin.names = ("package_delete",)
    load(plugin)
    assert withdrawal.withdraw([package_id]) == 1
    model.Session.commit()
    assert plugin.called == ["package_delete"]
    assert look.show(package_id)["state"] == "deleted"


def test_extended_show_is_in_the_index(writer, load):
    from ckan.lib import search

    plugin = Actions()
    plugin.names = ("package_show",)
    load(plugin)
    items = sample.items(2)
    writer.write(items)
    ours = look.documents()
    assert len(ours) == 2
    assert {"package_show"} == set(plugin.called)
    search.rebuild(package_ids=list(ours))
    assert look.documents() == ours


def test_nobody_is_asked(writer, load):
    load(Refuses())
    [item] = sample.items(1)
    assert writer.write([item]).added == 1


def test_listeners_of_the_signal(writer):
    from ckan import model
    from ckan.lib import signals

    from ckanext.cn_govdata.store import withdrawal

    heard = []

    def hear(sender, **what):
        heard.append((sender, what["result"]["id"], what["data_dict"]["id"]))

    [item] = sample.items(1)
    package_id = identity.package_id(sample.PORTAL, item.source_id)
    signals.action_succeeded.connect(hear, sender="package_create")
    signals.action_succeeded.connect(hear, sender="package_update")
    signals.action_succeeded.connect(hear, sender="package_delete")
    try:
        writer.write([item])
        writer.write([sample.of(replace(item.record, title="二"))])
        withdrawal.withdraw([package_id])
        model.Session.commit()
    finally:
        signals.action_succeeded.disconnect(hear)
    assert heard == [
        (name, package_id, package_id)
        for name in ("package_create", "package_update", "package_delete")
    ]


def test_validation_of_a_plugin_s_own(monkeypatch, catalogue):
    import ckan.lib.plugins as lib_plugins

    from ckanext.cn_govdata.store import hooks

    class OwnForm(p.SingletonPlugin, lib_plugins.DefaultDatasetForm):
        p.implements(p.IDatasetForm, inherit=True)

        def validate(self, context, data_dict, schema, action):
            return data_dict, {}

    form = OwnForm()
    form.name = "own_form"
    monkeypatch.setitem(lib_plugins._package_plugins, "dataset", form)
    assert hooks.not_honoured("dataset") == [
        "The plugin own_form validates datasets by code of its own"
    ]


def test_views_are_not_made(writer, ckan_config):
    from ckan import model
    from ckan.plugins import core

    [item] = sample.items(1)
    [file, *_] = item.record.resources
    item = sample.of(replace(item.record, resources=(replace(file, format="json"),)))
    ckan_config["ckan.views.default_views"] = ["text_view"]
    core.load("text_view")
    try:
        writer.write([item])
        assert look.count(model.ResourceView.__table__) == 0
    finally:
        core.unload("text_view")
