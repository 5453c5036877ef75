"""The site's own dataset schema, expanded and compiled once for a whole harvest."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.lib.navl import dictization_functions as navl
from ckan.logic.schema import default_show_package_schema
from ckanext.harvest.logic.validators import harvest_source_url_validator
from ckanext.scheming.plugins import SchemingDatasetsPlugin

from ckanext.cn_govdata.store.flat import FlatData, FlatKey
from ckanext.cn_govdata.store.navl import CompiledSchema, FlatErrors
from ckanext.cn_govdata.store.navl_direct import DirectSchema, NeedsFlat
from ckanext.cn_govdata.store.rebind import NotRebindable, rebind

log = logging.getLogger(__name__)

_TRIED_EVERY = 100
# Lists of a dataset that CKAN itself stores.
_NO_COMPOSITES = frozenset({"resources", "tags", "extras", "groups"})

BATCH = "cn_govdata_batch"  # the key of the context under which validators find `BatchFacts`

Schema = dict[str, Any]
Plugin = Any  # what offers an IDatasetForm
FlatDict = dict[FlatKey, Any]
Context = Mapping[str, Any]


@dataclass(slots=True)
class BatchFacts:
    """What the validators that ask the database need to know, read once for a batch."""

    organizations: dict[str, str] = field(default_factory=dict)  # id or name -> id
    names: dict[str, str] = field(default_factory=dict)  # name of a dataset -> its id
    resources: dict[str, str] = field(default_factory=dict)  # id of a resource -> its dataset's


class SiteSchema:
    """Validation of one dataset type, as the site's plugins define it."""

    def __init__(self, dataset_type: str) -> None:
        plugin = lib_plugins.lookup_package_plugin(dataset_type)
        self.create = _compiled(plugin, dataset_type, "create")
        self.update = _compiled(plugin, dataset_type, "update")
        self.show = _Show(plugin, dataset_type)
        self.dataset_fields, self.resource_fields = _field_names(plugin, dataset_type)


class _Show:
    """The two forms of a dataset that the index keeps: CKAN's default schema and the site's."""

    def __init__(self, plugin: Plugin, dataset_type: str) -> None:
        custom = _expanded(plugin, dataset_type, "show")
        own = plugin.show_package_schema()
        self._default = _Shown(default_show_package_schema())
        self._custom = _Shown(custom)
        self._composites = {
            key for key, value in custom.items() if isinstance(value, dict) and key not in own
        }

    @property
    def is_direct(self) -> bool:
        """Whether no validator of the site's form looks at more than one value."""
        return self._custom.is_direct

    def default(self, package: dict[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
        """The dataset as CKAN's default schema shows it."""
        return self._default.validate(package, context)

    def custom(self, package: dict[str, Any], context: Mapping[str, Any]) -> dict[str, Any]:
        """The dataset as the site's schema shows it.

        As scheming does, takes fields with repeating subfields out of the extras of `package`.
        """
        self._take_composites(package)
        return self._custom.validate(package, context)

    def _take_composites(self, package: dict[str, Any]) -> None:
        found = [e for e in package.get("extras") or () if e["key"] in self._composites]
        if found:
            package.update({e["key"]: json.loads(e["value"]) for e in found})
            package["extras"] = [e for e in package["extras"] if e["key"] not in self._composites]


class _Shown:
    """A schema for showing: the direct form, which one dataset in a hundred tries against navl's."""

    def __init__(self, schema: Schema) -> None:
        # Errors are of no interest here, so checks that change nothing are left out; that of
        # harvest sources asks a statement for each other source.
        names = ("package_name_validator", "duplicate_extras_key", "name_validator")
        checks = {tk.get_validator(name) for name in (*names, "extras_valid_json")}
        self._flat = CompiledSchema(_without(schema, checks | {harvest_source_url_validator}))
        self._direct: DirectSchema | None = None
        with suppress(NeedsFlat):
            self._direct = DirectSchema(self._flat)
        self._calls = 0

    @property
    def is_direct(self) -> bool:
        return self._direct is not None

    def validate(self, package: dict[str, Any], context: Context) -> dict[str, Any]:
        if self._direct is not None:
            with suppress(NeedsFlat):
                found = self._direct.validate(package, context)
                self._calls += 1
                return (
                    found
                    if self._calls % _TRIED_EVERY != 1
                    else self._tried(found, package, context)
                )
        return self._flat.validate(package, context)[0]

    def _tried(
        self, found: dict[str, Any], package: dict[str, Any], context: Context
    ) -> dict[str, Any]:
        expected = self._flat.validate(package, context)[0]
        if found != expected:
            log.error("Dataset %s is shown in another way than by navl", package.get("id"))
            self._direct = None
        return expected


def _without(schema: Schema, checks: Collection[Any]) -> Schema:
    return {
        key: _without(value, checks)
        if isinstance(value, dict)
        else [each for each in value if each not in checks]
        for key, value in schema.items()
    }


@lru_cache(maxsize=16)
def _of_generation(dataset_type: str, plugins: tuple[int, ...]) -> SiteSchema:  # noqa: ARG001 - a cache key
    return SiteSchema(dataset_type)


def site_schema(dataset_type: str) -> SiteSchema:
    """The compiled schema of a dataset type, made anew only when the plugins change."""
    loaded = tuple(id(plugin) for plugin in p.PluginImplementations(p.IDatasetForm))
    return _of_generation(dataset_type, loaded)


def compilable(dataset_type: str) -> bool:
    """Whether the plugin of a dataset type leaves validation to navl or to scheming."""
    plugin = lib_plugins.lookup_package_plugin(dataset_type)
    return _by_scheming(plugin) or _validate_of(plugin) in (None, p.IDatasetForm.validate)


def _validate_of(plugin: Plugin) -> Callable[..., Any] | None:
    return getattr(type(plugin), "validate", None)


def _by_scheming(plugin: Plugin) -> bool:
    return _validate_of(plugin) is SchemingDatasetsPlugin.validate


def _expanded(plugin: Plugin, dataset_type: str, action: str) -> Schema:
    """The navl schema that the plugin validates with, fields of scheming included."""
    schema = getattr(plugin, f"{action}_package_schema")()
    if not _by_scheming(plugin):
        return schema
    names: dict[str, Any] = {"navl_validate": lambda _data, schema, _context: schema}
    with suppress(NotRebindable):
        capture = rebind(SchemingDatasetsPlugin.validate, **names, **_quick_composites())
        return capture(plugin, {}, {"type": dataset_type}, schema, f"package_{action}")
    capture = rebind(SchemingDatasetsPlugin.validate, **names)
    return capture(plugin, {}, {"type": dataset_type}, schema, f"package_{action}")


def _quick_composites() -> dict[str, Any]:
    """What scheming calls to store lists of subfields, without looking at all other fields."""
    return {"unflatten": _composites_only, "convert_to_extras": _add_extra}


def _composites_only(flat: FlatDict) -> dict[str, Any]:
    """The lists among the data, unflattened as navl does: their JSON is stored in that order."""
    return navl.unflatten(
        {key: value for key, value in flat.items() if len(key) > 1 and key[0] not in _NO_COMPOSITES}
    )


def _add_extra(key: FlatKey, data: FlatData, _errors: FlatErrors, _context: Context) -> None:
    data.add_extra(key[-1], data[key])


def _field_names(plugin: Plugin, dataset_type: str) -> tuple[frozenset[str], frozenset[str]]:
    if not _by_scheming(plugin):
        return frozenset(), frozenset()
    expanded = tk.get_action("scheming_dataset_schema_show")(
        {"ignore_auth": True}, {"type": dataset_type, "expanded": True}
    )
    dataset = frozenset(each["field_name"] for each in expanded["dataset_fields"])
    return dataset, frozenset(each["field_name"] for each in expanded["resource_fields"])


def _compiled(plugin: Plugin, dataset_type: str, action: str) -> CompiledSchema:
    schema = _in_bulk(_expanded(plugin, dataset_type, action), _substitutes())
    ours = [_owner_org, _name, _resource_id]
    if _by_scheming(plugin):
        ours += [each for each in schema.get("__after", ()) if _is_composite(each)]
    return CompiledSchema(schema, modest=ours)


def _is_composite(validator: Any) -> bool:  # noqa: ANN401
    return validator.__globals__.get("unflatten") is _composites_only


def _in_bulk(schema: Schema, substitutes: Mapping[Any, Any]) -> Schema:
    return {
        key: _in_bulk(value, substitutes)
        if isinstance(value, dict)
        else [substitutes.get(each, each) for each in value]
        for key, value in schema.items()
    }


def _substitutes() -> dict[Any, Any]:
    """The validators that ask the database, and what answers from `BatchFacts` in their place."""
    return {
        tk.get_validator("owner_org_validator"): _owner_org,
        tk.get_validator("package_name_validator"): _name,
        tk.get_validator("package_id_does_not_exist"): _id,
        tk.get_validator("resource_id_does_not_exist"): _resource_id,
    }


def _owner_org(key: FlatKey, data: FlatDict, errors: FlatErrors, context: Context) -> None:
    value = data.get(key)
    if not value or value is tk.missing:
        tk.get_validator("owner_org_validator")(key, data, errors, context)
    elif value in context[BATCH].organizations:
        data[key] = context[BATCH].organizations[value]
    else:
        raise tk.Invalid(tk._("Organization does not exist"))


def _name(key: FlatKey, data: FlatDict, errors: FlatErrors, context: Context) -> None:
    owner = context[BATCH].names.get(data[key])
    if owner is not None and owner != data.get((*key[:-1], "id")):
        errors[key].append(tk._("That URL is already in use."))


def _id(value: str) -> str:
    """An id that the batch creates is not in the database: that is how it was chosen."""
    return value


def _resource_id(key: FlatKey, data: FlatDict, errors: FlatErrors, context: Context) -> None:
    owner = context[BATCH].resources.get(data[key])
    if owner is not None and owner != data.get(("id",)):
        errors[key].append(tk._("Resource id already exists."))
