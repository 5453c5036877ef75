"""Datasets as `package_show` gives them, for many ids at once.

The rows of a batch are read with one statement a table; then CKAN's own `package_dictize` makes
each dictionary from those rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.plugins as p
import sqlalchemy as sa
from ckan import model
from ckan.lib.dictization import model_dictize
from ckan.lib.helpers import helper_functions as h
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData

from ckanext.cn_govdata.store import extras
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.rebind import rebind

Rows = Sequence[Any]
ByPackage = dict[str, list[Any]]

_package, _resource, _tag, _package_tag = (
    model.package_table,
    model.resource_table,
    model.tag_table,
    model.package_tag_table,
)
_member, _group, _relation = (
    model.member_table,
    model.group_table,
    model.package_relationship_table,
)


def show_context() -> dict[str, Any]:
    """The context in which CKAN shows a dataset to its index."""
    return {
        "model": model,
        "session": model.Session,
        "ignore_auth": True,
        "use_cache": False,
        "validate": False,
    }


def read(ids: Iterable[str]) -> Iterator[tuple[model.Package, dict[str, Any]]]:
    """The datasets of these ids that exist, each with what `package_show` makes of its rows.

    The dictionary is that of `package_show` with `validate` off: no schema applied yet. Twelve
    statements or fewer, however many ids.
    """
    rows = _Rows.of(list(ids))
    resource_hooks = list(p.PluginImplementations(p.IResourceController))
    package_hooks = list(p.PluginImplementations(p.IPackageController))
    for package in rows.packages:
        if package.id in rows.related:
            shown = model_dictize.package_dictize(package, show_context())
        else:
            shown = rows.dictize(package)
        for hook in package_hooks:
            hook.read(package)
        for hook in resource_hooks:
            for resource in shown["resources"]:
                hook.before_resource_show(resource)
        yield package, shown


class _NoQuery:
    """Stands for the queries that `package_dictize` builds; their rows are here already."""

    def where(self, *_: object) -> _NoQuery:
        return self

    join = where


class _Columns:
    def __getitem__(self, name: str) -> None:
        return None


class _Table:
    """A table of which only the name matters."""

    c = _Columns()

    def __init__(self, name: str) -> None:
        self.name = name


class _Tables:
    """CKAN's model whose tables build no expressions: that alone took as long as all the rest."""

    def __init__(self) -> None:
        for table in (_resource, _tag, _package_tag, _member, _group, _relation):
            setattr(self, f"{table.name}_table", _Table(table.name))
        if not extras.IN_PACKAGE:
            self.package_extra_table = _Table(extras.table().name)

    def __getattr__(self, name: str) -> object:
        return getattr(model, name)


@dataclass(slots=True)
class _Rows:
    """The rows of one batch, by table and dataset."""

    packages: list[model.Package]
    by_table: dict[str, ByPackage]
    organizations: dict[str, Rows]
    related: set[str]
    group_dicts: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, ids: list[str]) -> _Rows:
        packages = (
            model.Session.query(model.Package)
            .filter(any_of(_package.c.id, ids))
            .populate_existing()
            .all()
        )
        owners = {package.owner_org for package in packages if package.owner_org}
        by_table = {
            "resource": _grouped(
                sa.select(_resource).where(any_of(_resource.c.package_id, ids)), "package_id"
            ),
            "package_tag": _tags(ids),
            "member": _memberships(ids),
        }
        by_table.update(extras.read_rows(ids))
        return cls(
            packages=packages,
            by_table=by_table,
            organizations=_organizations(owners),
            related=_related(ids),
        )

    def dictize(self, package: model.Package) -> dict[str, Any]:
        """CKAN's own `package_dictize` over the rows that were read."""
        names: dict[str, Any] = {
            "_execute": lambda _query, table, _context: self._of(package, table.name),
            "select": lambda *_: _NoQuery(),
            "group_list_dictize": self._group_list,
        }
        context = {**show_context(), "model": _TABLES}
        if _MODEL_IS_GLOBAL:
            names["model"] = _TABLES
        return rebind(model_dictize.package_dictize, **names)(package, context)

    def _of(self, package: model.Package, table: str) -> Rows:
        if table == "group":
            return self.organizations.get(package.owner_org, ())
        if table == "package_relationship":
            return ()
        return self.by_table[table].get(package.id, ())

    def _group_list(self, rows: Rows, context: Any, **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401
        """Each group is made into a dictionary once for the batch, not once for each dataset."""
        found = []
        for row in rows:
            key = (row.id, row.capacity)
            if key not in self.group_dicts:
                self.group_dicts[key] = model_dictize.group_list_dictize([row], context, **options)[
                    0
                ]
            found.append(dict(self.group_dicts[key]))
        return sorted(found, key=lambda group: h.strxfrm(group["display_name"]))


_TABLES = _Tables()
# CKAN 2.11 takes the model from the context.
_MODEL_IS_GLOBAL = "model" in model_dictize.package_dictize.__code__.co_names


def _grouped(statement: Any, key: str) -> ByPackage:  # noqa: ANN401
    grouped: ByPackage = defaultdict(list)
    for row in model.Session.execute(statement):
        grouped[getattr(row, key)].append(row)
    return grouped


def _grouped_without_key(statement: Any) -> ByPackage:  # noqa: ANN401
    """Rows by their last column, which they lose: CKAN's own query does not have it."""
    result = model.Session.execute(statement)
    names = SimpleResultMetaData(list(result.keys())[:-1])
    values: dict[str, list[Any]] = defaultdict(list)
    for row in result:
        values[row[-1]].append(tuple(row)[:-1])
    return {key: IteratorResult(names, iter(rows)).all() for key, rows in values.items()}


def _tags(ids: list[str]) -> ByPackage:
    statement = (
        sa.select(_tag, _package_tag.c.state, _package_tag.c.package_id)
        .join(_package_tag, _tag.c.id == _package_tag.c.tag_id)
        .where(any_of(_package_tag.c.package_id, ids))
    )
    return _grouped_without_key(statement)


def _memberships(ids: list[str]) -> ByPackage:
    statement = (
        sa.select(_group, _member.c.capacity, _member.c.table_id)
        .join(_member, _group.c.id == _member.c.group_id)
        .where(
            any_of(_member.c.table_id, ids),
            _member.c.state == "active",
            _group.c.is_organization == sa.false(),
        )
    )
    return _grouped_without_key(statement)


def _organizations(ids: Iterable[str]) -> dict[str, Rows]:
    statement = sa.select(_group).where(any_of(_group.c.id, ids), _group.c.state == "active")
    return {row.id: [row] for row in model.Session.execute(statement)}


def _related(ids: list[str]) -> set[str]:
    statement = sa.select(_relation.c.subject_package_id, _relation.c.object_package_id).where(
        sa.or_(
            any_of(_relation.c.subject_package_id, ids), any_of(_relation.c.object_package_id, ids)
        )
    )
    return {each for row in model.Session.execute(statement) for each in row}
