"""The hooks of other plugins: those that the batch path calls, and those that it cannot honour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib import signals

from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.schemas import compilable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# What our own plugin's hooks do after a save, the batch path does itself.
_OURS = "cn_govdata"
# Of CKAN 2.11: it indexes what was saved, which is the outbox's work here.
_SEARCH = "SynchronousSearchPlugin"
# The batch path does their work; what a plugin puts into them, only they can do.
_ACTIONS = ("package_create", "package_update", "package_owner_org_update")
# `activities.py` writes what this plugin would.
_ACTIVITY = "ckanext.activity."

PackageDict = dict[str, Any]
Plugin = Any  # its interfaces are looked at when it runs


@dataclass(frozen=True, slots=True)
class Write:
    """One dataset that was written: its validated dictionary, and whether it is new."""

    data: PackageDict
    created: bool
    entity: model.Package | None = None  # as it was before, for an update


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids of resources whose rows a batch inserts and changes."""

    new: frozenset[str]
    changed: frozenset[str]


def not_honoured(dataset_type: str) -> list[str]:
    """Why datasets of this type cannot be written in batches on this site; empty if they can.

    Sentences for people, in the language of the request.
    """
    reasons = []
    if not compilable(dataset_type):
        plugin = lib_plugins.lookup_package_plugin(dataset_type)
        reason = tk._("The plugin {0} validates datasets by code of its own")
        reasons.append(reason.format(plugin.name))
    for name, actions in replaced(*_ACTIONS).items():
        reason = tk._("The plugin {0} replaces or extends {1}")
        reasons.append(reason.format(name, ", ".join(actions)))
    return reasons


def replaced(*names: str) -> dict[str, list[str]]:
    """The plugins of the site that replace or chain one of these actions, with those that they do."""
    found = {}
    for plugin in p.PluginImplementations(p.IActions):
        actions = plugin.get_actions() if plugin.name != _OURS else {}
        if own := [name for name in names if name in actions]:
            found[plugin.name] = own
    return found


def call(
    writes: Sequence[Write],
    context: dict[str, Any],
    url_changed: Iterable[str],
    resources: Touched | None = None,
) -> None:
    """Call the hooks of all plugins for what was written, before the commit, as the actions do.

    `resources` are those whose rows were written; without it, all of new datasets.
    """
    controllers = [
        plugin for plugin in p.PluginImplementations(p.IPackageController) if plugin.name != _OURS
    ]
    observers = _observers()
    listeners = list(p.PluginImplementations(p.IResourceUrlChange))
    saved = [plugin for plugin in controllers if _overrides(plugin, "create", "edit")]
    entities = _entities(writes) if saved or observers else {}
    for write in writes:
        _call_controllers(controllers, write, entities.get(write.data["id"]), context)
    if observers:
        _notify(observers, writes, entities, resources)
    if listeners:
        for resource in _resources_by_id(url_changed):
            for listener in listeners:
                listener.notify(resource)
    for write in writes:
        action = "package_create" if write.created else "package_update"
        announce(action, context, write.data)


def announce(action: str, context: dict[str, Any], data: PackageDict) -> None:
    """Tell the listeners of the signal `action_succeeded`, except CKAN's plugin `activity`."""
    for receiver in signals.action_succeeded.receivers_for(action):
        if not receiver.__module__.startswith(_ACTIVITY):
            receiver(action, context=dict(context), data_dict=data, result=data)


def notify_changed(entities: Iterable[model.Package]) -> None:
    """Tell the observers of datasets whose rows changed."""
    observers = _observers()
    for entity in entities if observers else ():
        for observer in observers:
            observer.notify(entity, model.DomainObjectOperation.changed)


def _observers() -> list[Plugin]:
    return [
        plugin
        for plugin in p.PluginImplementations(p.IDomainObjectModification)
        if type(plugin).__name__ != _SEARCH
    ]


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
    observers: Iterable[Plugin],
    writes: Iterable[Write],
    entities: dict[str, model.Package],
    touched: Touched | None,
) -> None:
    """Tell of new and changed datasets, and of those of their resources that were written.

    CKAN tells of a new dataset as changed, too, as what belongs to it is new.
    """
    resources: dict[str, list[model.Resource]] = {}
    table = model.resource_table
    query = model.Session.query(model.Resource).filter(any_of(table.c.package_id, entities))
    for resource in query.populate_existing():
        resources.setdefault(resource.package_id, []).append(resource)
    operations = model.DomainObjectOperation
    for write in writes:
        package_id = write.data["id"]
        operation = operations.new if write.created else operations.changed
        told = [(entities[package_id], operation)]
        for resource in resources.get(package_id, ()):
            if touched is None or resource.id in touched.new:
                told.append((resource, operations.new))
            elif resource.id in touched.changed:
                told.append((resource, operations.changed))
        if write.created:
            told.append((entities[package_id], operations.changed))
        for entity, what in told:
            for observer in observers:
                observer.notify(entity, what)


def _resources_by_id(ids: Iterable[str]) -> list[model.Resource]:
    query = model.Session.query(model.Resource).filter(any_of(model.resource_table.c.id, ids))
    return query.populate_existing().all()
