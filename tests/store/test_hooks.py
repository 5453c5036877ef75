"""The hooks of other plugins are called as the actions call them."""

from dataclasses import replace
from typing import ClassVar

import ckan.plugins as p

from tests.store import look, sample


class Listener(p.SingletonPlugin):
    """A site's plugin that listens to everything."""

    p.implements(p.IPackageController, inherit=True)
    p.implements(p.IDomainObjectModification, inherit=True)
    p.implements(p.IResourceUrlChange)

    told: ClassVar[list[tuple[str, ...]]] = []

    def create(self, entity):
        self.told.append(("create", entity.title))

    def edit(self, entity):
        self.told.append(("edit", entity.title))

    def after_dataset_create(self, context, pkg_dict):
        assert context["ignore_auth"]
        files = [resource["id"] for resource in pkg_dict["resources"]]
        self.told.append(("after_dataset_create", pkg_dict["title"], len(files)))

    def after_dataset_update(self, context, pkg_dict):
        self.told.append(("after_dataset_update", context["package"].title))

    def notify(self, entity, operation=None):
        self.told.append((type(entity).__name__, operation))

    def before_dataset_index(self, pkg_dict):
        return {**pkg_dict, "extras_from_plugin": "yes"}


class Fails(p.SingletonPlugin):
    """A site's plugin that cannot do with one of the records."""

    p.implements(p.IPackageController, inherit=True)

    def after_dataset_create(self, context, pkg_dict):
        if pkg_dict["title"] == "坏":
            raise KeyError("no luck")


def test_new_and_changed(writer, site_plugin):
    from ckanext.cn_govdata.store import hooks

    [item] = sample.items(1)
    [file] = item.record.resources[:1]
    item = sample.of(replace(item.record, title="旧", resources=(file,)))
    told = site_plugin(hooks, Listener).told

    assert writer.write([item]).refused == ()
    assert told == [
        ("create", "旧"),
        ("after_dataset_create", "旧", 1),
        ("Package", "new"),
        ("Resource", "new"),
        ("Package", "changed"),
    ]
    told.clear()
    writer.write([sample.of(replace(item.record, title="新"))])
    assert told == [
        ("edit", "新"),
        ("after_dataset_update", "新"),
        ("Package", "changed"),
    ]
    told.clear()
    writer.write([sample.of(replace(item.record, title="新"))])
    assert told == []


def test_before_index(writer, site_plugin):
    from ckanext.cn_govdata.store import documents

    site_plugin(documents, Listener)
    writer.write(sample.items(2))
    assert [each["extras_from_plugin"] for each in look.documents().values()] == ["yes", "yes"]


def test_plugin_that_fails_costs_one_record(writer, site_plugin):
    from ckanext.cn_govdata.store import hooks

    site_plugin(hooks, Fails)
    items = sample.items(10)
    items[6] = sample.of(replace(items[6].record, title="坏"))

    result = writer.write(items)

    assert result.added == 9
    assert [(each.source_id, each.reason) for each in result.refused] == [
        (items[6].source_id, "KeyError: 'no luck'")
    ]
