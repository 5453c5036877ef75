"""Documents of the search index, made by CKAN's own `index_package` without a statement each."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
from ckan import logic, model
from ckan.lib.search.index import PackageSearchIndex
from ckanext.harvest.utils import DATASET_TYPE_NAME as HARVEST_SOURCE_TYPE

from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.store import hooks, indexed_by_action, shown
from ckanext.cn_govdata.store.index_hooks import HarvestHook, Json, answered, harvest_facts
from ckanext.cn_govdata.store.rebind import rebind
from ckanext.cn_govdata.store.schemas import compilable, site_schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ckanext.cn_govdata.store.index_hooks import Facts

# Since 2.12 the caller of `index_package` applies the schemas, before it is called.
_SCHEMAS_APPLIED_BEFORE = hasattr(logic, "package_show_default_and_custom_schemas")

# Plugins whose `after_dataset_show` leaves the dataset's object alone.
_MODEST = ("ckanext.harvest.", "ckanext.dcat.", "ckanext.cn_govdata.")

Document = dict[str, Any]


@dataclass(slots=True)
class Documents:
    """What the index must be told about some datasets."""

    add: list[Document] = field(default_factory=list)
    delete: list[str] = field(default_factory=list)  # ids of datasets that it must not show
    failed: dict[str, str] = field(default_factory=dict)  # ids and reasons

    def ids(self) -> set[str]:
        """The datasets that this is about."""
        return {*(each["id"] for each in self.add), *self.delete, *self.failed}


def build(ids: Iterable[str]) -> Documents:
    """The documents of the datasets of these ids; those that do not exist are to be deleted.

    A dataset that a plugin's hook fails on is reported, and the others are built.
    """
    wanted = list(ids)
    return next(lots(wanted, len(wanted)), Documents())


def lots(ids: Iterable[str], size: int) -> Iterator[Documents]:
    """`build` for so many datasets at a time. The rows of all are read when the first is asked for."""
    left = list(ids)
    if hooks.replaced(indexed_by_action.ACTION):
        for start in range(0, len(left), size):
            yield Documents(*indexed_by_action.build(left[start : start + size]))
        return
    indexer = _Indexer(harvest_facts(left) if p.plugin_loaded("harvest") else {})
    found = shown.read(left, entities=indexer.wants_entities)
    gone = dict.fromkeys(left)
    while pairs := list(islice(found, size)):
        for package, dictionary in pairs:
            gone.pop(package.id, None)
            indexer.index(package, dictionary)
        made = indexer.take()
        if len(pairs) < size:
            made.delete.extend(gone)
            gone = {}
        yield made
    if gone:
        yield Documents(delete=list(gone))


class _Indexer:
    """CKAN's index that collects what it would send."""

    def __init__(self, facts: dict[str, Facts]) -> None:
        self._made = Documents()
        self._json = Json()
        self._kinds = _Kinds()
        hooks = [
            (hook, answered(hook, facts, self._json, {}))
            for hook in p.PluginImplementations(p.IPackageController)
        ]
        self._hooks = [ours for hook, ours in hooks if _overrides(hook, "before_dataset_index")]
        self._show_hooks = [
            hook if isinstance(ours, HarvestHook) else ours
            for hook, ours in hooks
            if _overrides(hook, "after_dataset_show")
        ]
        self._custom: dict[str, Any] = {}
        self._model = _Model()
        names: dict[str, Any] = {
            "make_connection": lambda: self,
            "PluginImplementations": lambda _interface: self._hooks,
            "json": self._json,
            "model": self._model,
        }
        if not _SCHEMAS_APPLIED_BEFORE:
            names["lib_plugins"] = SimpleNamespace(
                lookup_package_plugin=lib_plugins.lookup_package_plugin,
                get_permission_labels=lib_plugins.get_permission_labels,
                plugin_validate=lambda *_: (self._custom, {}),
            )
        self._index = rebind(PackageSearchIndex.index_package, **names)

    @property
    def wants_entities(self) -> bool:
        """Whether a plugin sees the datasets' objects that may ask more of them than columns."""
        labels = type(lib_plugins.get_permission_labels()).get_dataset_labels
        return (
            labels is not lib_plugins.DefaultPermissionLabels.get_dataset_labels
            or any(not type(each).__module__.startswith(_MODEST) for each in self._show_hooks)
            or not self._kinds[DATASET_TYPE].is_modest
        )

    def take(self) -> Documents:
        """What was made since the last time."""
        made, self._made = self._made, Documents()
        return made

    def index(self, package: Any, dictionary: dict[str, Any]) -> None:  # noqa: ANN401
        """Make the document of one dataset, or note why it cannot be made."""
        try:
            self._make(package, dictionary)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            self._made.failed[package.id] = f"{type(error).__name__}: {error}"

    def _make(self, package: Any, dictionary: dict[str, Any]) -> None:  # noqa: ANN401
        kind = self._kinds[dictionary["type"]]
        if not kind.is_modest and not isinstance(package, model.Package):
            package = model.Package.get(package.id)
        context = {**shown.show_context(), "package": package}
        self._model.package = package
        self._json.forget()
        if _SCHEMAS_APPLIED_BEFORE:
            default = kind.show.default(dictionary, context)
            custom = kind.custom(dictionary, context)
            self._after_show(context, custom)
            document = {**default, "with_custom_schema": custom}
        else:
            self._after_show(context, dictionary)
            self._custom = kind.custom(dictionary, context)
            document = dictionary
        self._index(self, document, True)

    def _after_show(self, context: dict[str, Any], dictionary: dict[str, Any]) -> None:
        for hook in self._show_hooks:
            hook.after_dataset_show(context, dictionary)

    def add(self, docs: list[Document], commit: bool) -> None:  # noqa: ARG002 - as pysolr
        """Stands for the connection to Solr."""
        self._made.add.extend(docs)

    def delete_package(self, dictionary: dict[str, Any]) -> None:
        """CKAN's index calls this for a deleted dataset."""
        self._made.delete.append(dictionary["id"])


class _Kind:
    """How datasets of one type are shown."""

    def __init__(self, dataset_type: str) -> None:
        self.show = site_schema(dataset_type).show
        self._compilable = compilable(dataset_type)
        # Whether showing one asks of its object no more than the columns.
        self.is_modest = (
            dataset_type != HARVEST_SOURCE_TYPE and self._compilable and self.show.is_direct
        )

    def custom(self, dictionary: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
        """The dataset as the site's schema shows it."""
        if self._compilable:
            return self.show.custom(dictionary, context)
        plugin = lib_plugins.lookup_package_plugin(dictionary["type"])
        schema = plugin.show_package_schema()
        return lib_plugins.plugin_validate(plugin, context, dictionary, schema, "package_show")[0]


class _Kinds(dict[str, _Kind]):
    """The dataset types of a batch."""

    def __missing__(self, dataset_type: str) -> _Kind:
        found = self[dataset_type] = _Kind(dataset_type)
        return found


class _Model:
    """CKAN's model, which has the dataset that is being indexed at hand."""

    def __init__(self) -> None:
        self.package: Any = None
        self.Package = self

    def get(self, package_id: str) -> Any:  # noqa: ANN401
        """As `Package.get`."""
        if package_id == self.package.id:
            return self.package
        return model.Package.get(package_id)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401
        return getattr(model, name)


def _overrides(plugin: Any, name: str) -> bool:  # noqa: ANN401
    return getattr(type(plugin), name, None) is not getattr(p.IPackageController, name)
