"""Documents of the search index, made by CKAN's own `index_package` without a statement each."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
import orjson
import sqlalchemy as sa
from ckan import logic, model
from ckan.lib.navl.dictization_functions import Missing
from ckan.lib.search.index import PackageSearchIndex
from ckanext.harvest.model import HarvestObject, HarvestSource
from ckanext.harvest.plugin import Harvest
from ckanext.harvest.utils import DATASET_TYPE_NAME as HARVEST_SOURCE_TYPE

from ckanext.cn_govdata.store import hooks, indexed_by_action, shown
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.rebind import rebind
from ckanext.cn_govdata.store.schemas import compilable, site_schema

if TYPE_CHECKING:
    from collections.abc import Iterable

# Since 2.12 the caller of `index_package` applies the schemas, before it is called.
_SCHEMAS_APPLIED_BEFORE = hasattr(logic, "package_show_default_and_custom_schemas")

Document = dict[str, Any]


@dataclass(slots=True)
class Documents:
    """What the index must be told about some datasets."""

    add: list[Document] = field(default_factory=list)
    delete: list[str] = field(default_factory=list)  # ids of datasets that it must not show
    failed: dict[str, str] = field(default_factory=dict)  # ids and reasons


def build(ids: Iterable[str]) -> Documents:
    """The documents of the datasets of these ids; those that do not exist are to be deleted.

    A dataset that a plugin's hook fails on is reported, and the others are built.
    """
    wanted = list(ids)
    if hooks.replaced(indexed_by_action.ACTION):
        return Documents(*indexed_by_action.build(wanted))
    made = Documents()
    indexer = _Indexer(made, _harvest_facts(wanted) if p.plugin_loaded("harvest") else {})
    left = set(wanted)
    for package, dictionary in shown.read(wanted):
        left.discard(package.id)
        try:
            indexer.index(package, dictionary)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            made.failed[package.id] = f"{type(error).__name__}: {error}"
    made.delete.extend(sorted(left))
    return made


class _Indexer:
    """CKAN's index that collects what it would send."""

    def __init__(self, made: Documents, harvest_facts: dict[str, tuple[str, str, str]]) -> None:
        self._made = made
        self._hooks = [
            _HarvestHook(hook, harvest_facts) if isinstance(hook, Harvest) else hook
            for hook in p.PluginImplementations(p.IPackageController)
        ]
        self._show_hooks = list(p.PluginImplementations(p.IPackageController))
        self._custom: dict[str, Any] = {}
        names: dict[str, Any] = {
            "make_connection": lambda: self,
            "PluginImplementations": lambda _interface: self._hooks,
            "json": SimpleNamespace(dumps=_dumps),
        }
        if not _SCHEMAS_APPLIED_BEFORE:
            names["lib_plugins"] = SimpleNamespace(
                lookup_package_plugin=lib_plugins.lookup_package_plugin,
                get_permission_labels=lib_plugins.get_permission_labels,
                plugin_validate=lambda *_: (self._custom, {}),
            )
        self._index = rebind(PackageSearchIndex.index_package, **names)

    def index(self, package: model.Package, dictionary: dict[str, Any]) -> None:
        """Make the document of one dataset."""
        context = {**shown.show_context(), "package": package}
        if _SCHEMAS_APPLIED_BEFORE:
            default = site_schema(dictionary["type"]).show.default(dictionary, context)
            custom = _custom(dictionary, context)
            self._after_show(context, custom)
            document = {**default, "with_custom_schema": custom}
        else:
            self._after_show(context, dictionary)
            self._custom = _custom(dictionary, context)
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


def _custom(dictionary: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    if compilable(dictionary["type"]):
        return site_schema(dictionary["type"]).show.custom(dictionary, context)
    plugin = lib_plugins.lookup_package_plugin(dictionary["type"])
    schema = plugin.show_package_schema()
    return lib_plugins.plugin_validate(plugin, context, dictionary, schema, "package_show")[0]


class _HarvestHook:
    """ckanext-harvest's own hook, with the harvest objects of the batch read beforehand.

    As it stands the hook asks for the object, its source and parses both dictionaries: 3 ms.
    """

    def __init__(self, hook: Any, facts: dict[str, tuple[str, str, str]]) -> None:  # noqa: ANN401
        self._hook = hook
        self._facts = facts

    def before_dataset_index(self, document: Document) -> Document:
        """Add id of object, id and title of source to the document and to what is shown of it."""
        if document["type"] == HARVEST_SOURCE_TYPE:
            return self._hook.before_dataset_index(document)
        facts = self._facts.get(document["id"])
        if facts is None:
            return document
        names = ("harvest_object_id", "harvest_source_id", "harvest_source_title")
        pairs = list(zip(names, facts, strict=True))
        for key in ("data_dict", "validated_data_dict"):
            dictionary = orjson.loads(document[key])
            for name, value in pairs:
                _set_extra(dictionary, name, value)
            document[key] = _dumps(dictionary)
        for name, value in pairs:
            document.setdefault(name, value)
        return document


def _set_extra(dictionary: dict[str, Any], name: str, value: str) -> None:
    """Set a field if the schema has it, else an extra."""
    if name in dictionary:
        dictionary[name] = value
        return
    extras = dictionary["extras"] = dictionary.get("extras") or []
    for extra in extras:
        if extra.get("key") == name:
            extra["value"] = value
            return
    extras.append({"key": name, "value": value})


def _harvest_facts(ids: list[str]) -> dict[str, tuple[str, str, str]]:
    """Of each dataset's current harvest object: its id, its source's id and title."""
    statement = (
        sa.select(HarvestObject.package_id, HarvestObject.id, HarvestSource.id, HarvestSource.title)
        .join(HarvestSource, HarvestSource.id == HarvestObject.harvest_source_id)
        .where(any_of(HarvestObject.package_id, ids), HarvestObject.current == sa.true())
        .order_by(HarvestObject.import_finished.nullslast())
    )
    return {row[0]: tuple(row[1:]) for row in model.Session.execute(statement)}


def _dumps(value: Any, cls: type | None = None) -> str:  # noqa: ANN401, ARG001 - as json
    return orjson.dumps(value, default=_null_if_missing, option=orjson.OPT_NON_STR_KEYS).decode()


def _null_if_missing(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, Missing):
        return None
    raise TypeError(f"{type(value).__name__} cannot be written as JSON")
