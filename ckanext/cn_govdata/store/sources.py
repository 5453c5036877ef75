"""Harvest sources in batches: the rows that `harvest_source_create` and `_update` make.

The actions compare the address of each new source with that of every other, a statement each, and
index and commit one source at a time: 600 sources take minutes. Here the same schema validates,
without comparing addresses, and rows and index are written in bulk.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.lib.plugins as lib_plugins
import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.logic.validators import harvest_source_url_validator
from ckanext.harvest.model import HarvestSource
from ckanext.harvest.utils import DATASET_TYPE_NAME

from ckanext.cn_govdata.schema import site_user
from ckanext.cn_govdata.store import difference, hooks, outbox, stored, target
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.difference import Governed
from ckanext.cn_govdata.store.hooks import Write
from ckanext.cn_govdata.store.plan import Plan
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ckanext.cn_govdata.store.stored import Stored

_FIELDS = ("title", "url", "notes", "owner_org", "source_type", "frequency", "config")


@dataclass(frozen=True, slots=True)
class Source:
    """What a harvest source should be. `owner_org` is an id."""

    name: str
    title: str
    url: str
    source_type: str
    frequency: str
    owner_org: str
    config: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """The source as the action takes it."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {**values, "config": json.dumps(self.config, ensure_ascii=False)}


def find(names: Iterable[str]) -> dict[str, tuple[HarvestSource, str]]:
    """The sources of these names that exist, deleted ones too: row and state of the package."""
    rows = (
        model.Session.query(model.Package.name, HarvestSource, model.Package.state)
        .join(HarvestSource, HarvestSource.id == model.Package.id)
        .filter(any_of(model.package_table.c.name, names))
    )
    return {name: (row, state) for name, row, state in rows}


def write(sources: Sequence[Source]) -> None:
    """Create or update sources, found by name; commits, then has the index told.

    Raises `ValidationError` naming the source, and nothing is written.
    """
    try:
        ids = _Batch(sources).write()
        model.Session.commit()
    except BaseException:
        model.Session.rollback()
        raise
    for start in range(0, len(ids), outbox.BATCH):
        outbox.try_index(ids[start : start + outbox.BATCH])


class _Batch:
    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._context = site_user.as_site_user() | {"model": model, "session": model.Session}
        self._user = model.User.by_name(self._context["user"])
        self._at = now()
        self._plan = Plan()
        self._writes: list[Write] = []
        plugin = lib_plugins.lookup_package_plugin(DATASET_TYPE_NAME)
        self._plugin = plugin
        self._create = _without_address(plugin.create_package_schema())
        self._update = _without_address(plugin.update_package_schema())

    def write(self) -> list[str]:
        """Write the rows and call the hooks; the ids written."""
        holders = stored.holders_of_names(source.name for source in self._sources)
        ids = {name: package_id for name, package_id, _ in holders}
        known = stored.read(ids.values())
        for source in self._sources:
            old = known.get(ids.get(source.name, ""))
            self._take(source, old)
        self._plan.apply()
        for write in self._writes:
            if write.entity is not None:
                model.Session.expire(write.entity)
        hooks.call(self._writes, self._context, ())
        model.Session.flush()
        return [write.data["id"] for write in self._writes]

    def _take(self, source: Source, old: Stored | None) -> None:
        data = self._validated(source, old)
        data["id"] = old.entity.id if old else str(uuid.uuid4())
        data["creator_user_id"] = self._user.id
        new = target.of(data, groups={}, user_id=self._user.id, at=self._at)
        if old is None:
            difference.create(self._plan, new)
        else:
            data["state"] = "active"
            difference.update(self._plan, old, new, Governed(_FIELDS, ()), self._at)
        self._writes.append(Write(data, created=old is None, entity=old.entity if old else None))

    def _validated(self, source: Source, old: Stored | None) -> dict[str, Any]:
        context = {**self._context, "extras_as_string": True}
        schema, action, given = self._create, "package_create", source.as_dict()
        given["type"] = DATASET_TYPE_NAME
        if old is not None:
            context["package"] = old.entity
            schema, action = self._update, "package_update"
            given["id"] = old.entity.id
        data, errors = lib_plugins.plugin_validate(self._plugin, context, given, schema, action)
        if errors:
            raise tk.ValidationError({source.name: [json.dumps(errors, ensure_ascii=False)]})
        return data


def _without_address(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without the comparison of addresses, which costs a statement for each other source.

    It asks that no two sources have the same address and configuration. The configuration of ours
    holds the portal's id, and whoever writes sees to it that no two sources have one.
    """
    kept = [each for each in schema["url"] if each is not harvest_source_url_validator]
    return {**schema, "url": kept}
