"""Datasets as `package_show` gives them, for many ids at once.

The rows of a batch are read with one statement a table and made into what CKAN's `package_dictize`
makes of them, of which the parts that take long are written anew here: CKAN builds a statement for
each table and looks at the type of every value. The first dataset of a process is made both ways;
if they differ, or where a dataset has what only CKAN's own way can tell (relations to others,
uploaded files), CKAN's own way is taken.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import ckan.plugins as p
import sqlalchemy as sa
from ckan import model
from ckan.lib.dictization import model_dictize, table_dictize
from ckan.lib.helpers import helper_functions as h
from sqlalchemy.engine.result import IteratorResult, SimpleResultMetaData

from ckanext.cn_govdata.store import extras
from ckanext.cn_govdata.store.bulk import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

log = logging.getLogger(__name__)

Values = dict[str, Any]
ByPackage = dict[str, list[Values]]

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


def read(ids: Iterable[str], *, entities: bool = True) -> Iterator[tuple[Any, Values]]:
    """The datasets of these ids that exist, each with what `package_show` makes of its rows.

    The dictionary is that of `package_show` with `validate` off: no schema applied yet. Eight
    statements or fewer, however many ids. Without `entities` the first of a pair is no object of
    the session, only has the columns of `package`; so it is too if no plugin's `read` wants one.
    """
    wanted = list(ids)
    rows = Rows.read(wanted)
    resource_hooks = [
        each
        for each in p.PluginImplementations(p.IResourceController)
        if _overrides(each, p.IResourceController, "before_resource_show")
    ]
    package_hooks = [
        each
        for each in p.PluginImplementations(p.IPackageController)
        if _overrides(each, p.IPackageController, "read")
    ]
    found = _entities(wanted) if entities or package_hooks else {}
    for row in rows.packages:
        package = found.get(row["id"]) or _Columns(row)
        shown = rows.dictize(row)
        for hook in package_hooks:
            hook.read(package)
        for hook in resource_hooks:
            for resource in shown["resources"]:
                hook.before_resource_show(resource)
        yield package, shown


class _Columns:
    """The columns of a row of `package` as attributes."""

    def __init__(self, row: Values) -> None:
        self.__dict__ = row


def _entities(ids: list[str]) -> dict[str, model.Package]:
    query = model.Session.query(model.Package).options(*extras.loading())
    return {each.id: each for each in query.filter(any_of(_package.c.id, ids)).populate_existing()}


def _overrides(plugin: Any, interface: Any, name: str) -> bool:  # noqa: ANN401
    return getattr(type(plugin), name, None) is not getattr(interface, name)


@dataclass(slots=True)
class Rows:
    """The rows of some datasets, by table and dataset."""

    packages: list[Values]
    resources: ByPackage
    tags: ByPackage
    extras: ByPackage  # CKAN 2.11 only
    groups: dict[str, list[_Group]]
    organizations: dict[str, Values]
    related: set[str]
    licences: dict[str | None, Values]

    @classmethod
    def read(cls, ids: list[str]) -> Rows:
        """Read the rows of the datasets of these ids."""
        columns = [str(column.name) for column in _package.c]
        found = model.Session.execute(sa.select(_package).where(any_of(_package.c.id, ids)))
        packages = [dict(zip(columns, row, strict=True)) for row in found]
        return cls(
            packages=packages,
            resources=_resources(ids),
            tags=_tags(ids),
            extras=_extras(ids),
            groups=_memberships(ids),
            organizations=_organizations({row["owner_org"] for row in packages}),
            related=_related(ids),
            licences={},
        )

    def dictize(self, row: Values) -> Values:
        """What `package_dictize` makes of a dataset."""
        package_id = row["id"]
        resources = self.resources.get(package_id, ())
        if _Own.differs or package_id in self.related or any(map(_is_upload, resources)):
            return _by_ckan(package_id)
        shown = self._dictize(row)
        if not _Own.tried:
            _Own.tried = True
            expected = _by_ckan(package_id)
            if shown != expected:
                _Own.differs = True
                log.error("Dataset %s is shown in another way than by CKAN", package_id)
                return expected
        return shown

    def _dictize(self, row: Values) -> Values:
        package_id = row["id"]
        shown = _plain(row, _PACKAGE_TIMES)
        if shown["title"]:
            shown["title"] = shown["title"].strip()
        shown.pop("plugin_data", None)
        shown["resources"] = _shown_resources(self.resources.get(package_id, ()))
        shown["num_resources"] = len(shown["resources"])
        shown["tags"] = _shown_tags(self.tags.get(package_id, ()))
        shown["num_tags"] = len(shown["tags"])
        shown["extras"] = extras.shown(row, self.extras.get(package_id, ()))
        groups = sorted(self.groups.get(package_id, ()), key=lambda group: group.sort_key)
        shown["groups"] = [dict(group.shown) for group in groups]
        organization = self.organizations.get(row["owner_org"] or "")
        shown["organization"] = dict(organization) if organization else None
        shown["relationships_as_subject"] = []
        shown["relationships_as_object"] = []
        shown["type"] = row["type"] or "dataset"
        shown.update(self._licence(row["license_id"]))
        return shown

    def _licence(self, license_id: str | None) -> Values:
        """What is shown of a licence, from CKAN's own object."""
        if license_id not in self.licences:
            package = model.Package(license_id=license_id)
            is_open, licence = package.isopen, package.license
            found = {"isopen": is_open() if callable(is_open) else is_open}
            if licence and licence.url:
                found["license_url"] = licence.url
                found["license_title"] = licence.title.split("::")[-1]
            else:
                found["license_title"] = licence.title if licence else license_id
            self.licences[license_id] = found
        return self.licences[license_id]


class _Own:
    """Whether the first dataset was tried against CKAN's own way, and what came of it."""

    tried = False
    differs = False


def _by_ckan(package_id: str) -> Values:
    return model_dictize.package_dictize(model.Package.get(package_id), show_context())


def _times(table: sa.Table) -> tuple[str, ...]:
    return tuple(str(c.name) for c in table.c if isinstance(c.type, sa.DateTime))


_PACKAGE_TIMES, _RESOURCE_TIMES = _times(_package), _times(_resource)


def _plain(row: Mapping[str, Any], times: tuple[str, ...]) -> Values:
    """What `table_dictize` makes of a row whose other columns are texts, numbers or JSON."""
    shown = dict(row)
    for name in times:
        value = shown[name]
        if value is not None:
            shown[name] = value.isoformat()
    return shown


def _is_upload(resource: Values) -> bool:
    return resource["url_type"] == "upload"


def _shown_resources(rows: Iterable[Values]) -> list[Values]:
    found = []
    for row in rows:
        if row["state"] != "active":
            continue
        shown = _plain(row, _RESOURCE_TIMES)
        more = shown.pop("extras")
        if more:
            shown.update(more)
        url = shown["url"]
        if url and not urlsplit(url).scheme:
            shown["url"] = "http://" + url.lstrip("/")
        found.append(shown)
    return sorted(found, key=_position)


def _position(resource: Values) -> Any:  # noqa: ANN401
    return resource["position"]


def _shown_tags(rows: Iterable[Values]) -> list[Values]:
    found = [{**row, "display_name": row["name"]} for row in rows if row["state"] == "active"]
    return sorted(found, key=_name)


def _name(tag: Values) -> str:
    return tag["name"]


_RECENT = 30.0  # seconds
_MOST_GROUPS = 1000
_recent_groups: dict[str, tuple[float, _Group]] = {}


@dataclass(frozen=True, slots=True)
class _Group:
    """A group as its datasets show it, and what it is sorted by among others."""

    shown: Values
    sort_key: Any


def _grouped(statement: Any, key: str) -> ByPackage:  # noqa: ANN401
    """Rows as dictionaries, by the column that names the dataset."""
    grouped: ByPackage = defaultdict(list)
    result = model.Session.execute(statement)
    names = [str(name) for name in result.keys()]  # noqa: SIM118 - not a dictionary
    for row in result:
        values = dict(zip(names, row, strict=True))
        grouped[values[key]].append(values)
    return grouped


def _resources(ids: list[str]) -> ByPackage:
    statement = sa.select(_resource).where(any_of(_resource.c.package_id, ids))
    return _grouped(statement, "package_id")


def _extras(ids: list[str]) -> ByPackage:
    return {} if extras.IN_PACKAGE else _grouped(extras.rows(ids), "package_id")


def _tags(ids: list[str]) -> ByPackage:
    statement = (
        sa.select(_tag, _package_tag.c.state, _package_tag.c.package_id)
        .join(_package_tag, _tag.c.id == _package_tag.c.tag_id)
        .where(any_of(_package_tag.c.package_id, ids))
    )
    grouped = _grouped(statement, "package_id")
    for tags in grouped.values():
        for tag in tags:
            del tag["package_id"]
    return grouped


def _memberships(ids: list[str]) -> dict[str, list[_Group]]:
    statement = (
        sa.select(_member.c.table_id, _member.c.group_id, _member.c.capacity)
        .join(_group, _group.c.id == _member.c.group_id)
        .where(
            any_of(_member.c.table_id, ids),
            _member.c.state == "active",
            _group.c.is_organization == sa.false(),
        )
    )
    links = model.Session.execute(statement).all()
    if not links:
        return {}
    groups = _groups({(group_id, capacity) for _, group_id, capacity in links})
    found: dict[str, list[_Group]] = defaultdict(list)
    for package_id, group_id, capacity in links:
        found[package_id].append(groups[group_id, capacity])
    return found


def _groups(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], _Group]:
    """Groups by id and capacity, as CKAN's own `group_list_dictize` gives them."""
    ids = [group_id for group_id, _ in wanted]
    result = model.Session.execute(sa.select(_group).where(any_of(_group.c.id, ids)))
    names = (*map(str, result.keys()), "capacity")
    rows = {row.id: tuple(row) for row in result}
    return {
        (group_id, capacity): _by_row(names, (*rows[group_id], capacity))
        for group_id, capacity in wanted
    }


def _by_row(names: tuple[str, ...], row: tuple[Any, ...]) -> _Group:
    """A group from its row.

    CKAN counts the members too, which costs two statements. No schema shows their number, so it
    may be half a minute old.
    """
    key = repr(row)
    made, group = _recent_groups.get(key, (-_RECENT, None))
    now = monotonic()
    if group is None or now - made > _RECENT:
        rows = IteratorResult(SimpleResultMetaData(names), iter([row])).all()
        [shown] = model_dictize.group_list_dictize(rows, show_context(), with_package_counts=False)
        group = _Group(shown, h.strxfrm(shown["display_name"]))
        if len(_recent_groups) >= _MOST_GROUPS:
            _recent_groups.clear()
        _recent_groups[key] = now, group
    return group


def _organizations(ids: Iterable[str | None]) -> dict[str, Values]:
    statement = sa.select(_group).where(
        any_of(_group.c.id, [each for each in ids if each]), _group.c.state == "active"
    )
    found = {}
    for row in model.Session.execute(statement):
        shown = table_dictize(row, show_context())
        shown.pop("extras", None)
        found[row.id] = shown
    return found


def _related(ids: list[str]) -> set[str]:
    statement = sa.select(_relation.c.subject_package_id, _relation.c.object_package_id).where(
        sa.or_(
            any_of(_relation.c.subject_package_id, ids), any_of(_relation.c.object_package_id, ids)
        )
    )
    return {each for row in model.Session.execute(statement) for each in row}
