"""The hooks of other plugins: those that the batch path calls, and those that it cannot honour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
from ckan import model

from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.schemas import compilable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What our own plugin's hooks do after a save, the batch path does itself.
_OURS = "cn_govdata"
# Of CKAN 2.11: it indexes what was saved, which is the outbox's work here.
_SEARCH = "SynchronousSearchPlugin"
_ACTIONS = ("package_create", "package_update")

PackageDict = dict[str, Any]
Plugin = Any  # its interfaces are looked at when it runs


@dataclass(frozen=True, slots=True)
class Write:
    """One dataset that was written: its validated dictionary, and whether it is new."""

    data: PackageDict
    created: bool
    entity: model.Package | None = None  # as it was before, for an update


def not_honoured(dataset_type: str) -> list[str]:
    """Why datasets of this type cannot be written in batches on this site; empty if they can."""
    reasons = []
    if not compilable(dataset_type):
        plugin = lib_plugins.lookup_package_plugin(dataset_type)
        reasons.append(f"{plugin.name} validates datasets by code of its own")
    for plugin in p.PluginImplementations(p.IActions):
        replaced = [name for name in _ACTIONS if name in plugin.get_actions()]
        if replaced and plugin.name != _OURS:
            reasons.append(f"{plugin.name} replaces {', '.join(replaced)}")
    return reasons


def call(writes: Sequence[Write], context: dict[str, Any], url_changed: Iterable[str]) -> None:
    """Call the hooks of all plugins for what was written, before the commit, as the actions do."""
    controllers = [
        plugin for plugin in p.PluginImplementations(p.IPackageController) if plugin.name != _OURS
    ]
    observers = [
        plugin
        for plugin in p.PluginImplementations(p.IDomainObjectModification)
        if type(plugin).__name__ != _SEARCH
    ]
    listeners = list(p.PluginImplementations(p.IResourceUrlChange))
    saved = [plugin for plugin in controllers if _overrides(plugin, "create", "edit")]
    entities = _entities(writes) if saved or observers else {}
    for write in writes:
        _call_controllers(controllers, write, entities.get(write.data["id"]), context)
    if observers:
        _notify(observers, writes, entities)
    if listeners:
        for resource in _resources_by_id(url_changed):
            for listener in listeners:
                listener.notify(resource)


def _call_controllers(
    controllers: Iterable[Plugin],
    write: Write,
    entity: model.Package | None,
    context: dict[str, Any],
) -> None:
    row_hook, hook = (
        ("create", "after_dataset_create") if write.created else ("edit", "after_dataset_update")
    )
    if write.entity is not None:
        context = {**context, "package": write.entity}
    for plugin in controllers:
        if entity is not None and _overrides(plugin, row_hook):
            getattr(plugin, row_hook)(entity)
        if _overrides(plugin, hook):
            getattr(plugin, hook)(dict(context), write.data)


def _overrides(plugin: Plugin, *names: str) -> bool:
    return any(
        getattr(type(plugin), name, None) is not getattr(p.IPackageController, name)
        for name in names
    )


def _entities(writes: Iterable[Write]) -> dict[str, model.Package]:
    ids = [write.data["id"] for write in writes]
    found = (
        model.Session.query(model.Package)
        .filter(any_of(model.package_table.c.id, ids))
        .populate_existing()
    )
    return {package.id: package for package in found}


def _notify(
    observers: Iterable[Plugin], writes: Iterable[Write], entities: dict[str, model.Package]
) -> None:
    """Tell of new and changed datasets, and of their resources."""
    resources: dict[str, list[model.Resource]] = {}
    table = model.resource_table
    query = model.Session.query(model.Resource).filter(any_of(table.c.package_id, entities))
    for resource in query.populate_existing():
        resources.setdefault(resource.package_id, []).append(resource)
    operations = model.DomainObjectOperation
    for write in writes:
        operation = operations.new if write.created else operations.changed
        package_id = write.data["id"]
        for entity in (entities[package_id], *resources.get(package_id, ())):
            for observer in observers:
                observer.notify(entity, operation)


def _resources_by_id(ids: Iterable[str]) -> list[model.Resource]:
    query = model.Session.query(model.Resource).filter(any_of(model.resource_table.c.id, ids))
    return query.populate_existing().all()
