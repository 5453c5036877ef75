"""What the database holds of some datasets, read with one statement a table."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata.store import extras
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.target import PACKAGE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

_package, _resource, _tag, _package_tag = (
    model.package_table,
    model.resource_table,
    model.tag_table,
    model.package_tag_table,
)
_member, _group = model.member_table, model.group_table


class TagLink(NamedTuple):
    """One row of `package_tag`."""

    id: str
    state: str
    name: str
    vocabulary_id: str | None


class Membership(NamedTuple):
    """One row of `member`, with the kind of group it leads to."""

    id: str
    group_id: str
    capacity: str
    state: str
    group_type: str


@dataclass(slots=True)
class Stored:
    """The rows of one dataset as they are. `entity` is what validators find in their context."""

    entity: model.Package
    package: dict[str, Any]
    extras: dict[str, str]
    resources: dict[str, dict[str, Any]] = field(default_factory=dict)  # of any state, by id
    tags: list[TagLink] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)


def read(ids: Iterable[str]) -> dict[str, Stored]:
    """The datasets of these ids that exist. Their rows of `package` stay locked until the commit."""
    entities = (
        model.Session.query(model.Package)
        .options(*extras.loading())
        .filter(any_of(_package.c.id, ids))
        .order_by(_package.c.id)
        .populate_existing()
        .with_for_update(of=model.Package)
        .all()
    )
    if not entities:
        return {}
    found = {each.id: Stored(each, _columns(each), dict(each.extras or {})) for each in entities}
    for row in _of_packages(_resource, _resource.c.package_id, found):
        found[row.package_id].resources[row.id] = dict(row._mapping)  # noqa: SLF001 - public in SQLAlchemy
    _read_tags(found)
    _read_members(found)
    return found


def groups_by_name_or_id(names: Iterable[str]) -> dict[str, str]:
    """Ids of groups and organisations, by their names and by their ids."""
    wanted = list(names)
    statement = sa.select(_group.c.id, _group.c.name).where(
        sa.or_(any_of(_group.c.id, wanted), any_of(_group.c.name, wanted))
    )
    found: dict[str, str] = {}
    for row in model.Session.execute(statement):
        found[row.id] = found[row.name] = row.id
    return found


def holders_of_names(names: Iterable[str]) -> list[tuple[str, str, str]]:
    """Name, id and state of every dataset that has one of these names."""
    statement = sa.select(_package.c.name, _package.c.id, _package.c.state).where(
        any_of(_package.c.name, names)
    )
    return [tuple(row) for row in model.Session.execute(statement)]


def holders_of_resources(ids: Iterable[str]) -> dict[str, str]:
    """The dataset of every resource that exists, by the resource's id."""
    statement = sa.select(_resource.c.id, _resource.c.package_id).where(
        any_of(_resource.c.id, ids), _resource.c.state != "deleted"
    )
    return {row.id: row.package_id for row in model.Session.execute(statement)}


def _columns(entity: model.Package) -> dict[str, Any]:
    return {name: getattr(entity, name) for name in PACKAGE_COLUMNS}


def _of_packages(table: sa.Table, column: sa.Column, ids: Iterable[str]) -> Any:  # noqa: ANN401
    return model.Session.execute(sa.select(table).where(any_of(column, ids)))


def _read_tags(found: dict[str, Stored]) -> None:
    statement = (
        sa.select(
            _package_tag.c.package_id,
            _package_tag.c.id,
            _package_tag.c.state,
            _tag.c.name,
            _tag.c.vocabulary_id,
        )
        .join(_tag, _tag.c.id == _package_tag.c.tag_id)
        .where(any_of(_package_tag.c.package_id, found))
    )
    for row in model.Session.execute(statement):
        found[row[0]].tags.append(TagLink(*row[1:]))


def _read_members(found: dict[str, Stored]) -> None:
    statement = (
        sa.select(
            _member.c.table_id,
            _member.c.id,
            _member.c.group_id,
            _member.c.capacity,
            _member.c.state,
            _group.c.type,
        )
        .join(_group, _group.c.id == _member.c.group_id)
        .where(any_of(_member.c.table_id, found), _member.c.table_name == "package")
    )
    for row in model.Session.execute(statement):
        found[row[0]].members.append(Membership(*row[1:]))


def tag_ids(tags: Iterable[tuple[str, str | None]]) -> dict[tuple[str, str | None], str]:
    """Ids of tags by name and vocabulary. Of free tags that exist twice, always the same one."""
    by_vocabulary: dict[str | None, list[str]] = defaultdict(list)
    for name, vocabulary_id in tags:
        by_vocabulary[vocabulary_id].append(name)
    found: dict[tuple[str, str | None], str] = {}
    for vocabulary_id, names in by_vocabulary.items():
        same = (
            _tag.c.vocabulary_id.is_(None)
            if vocabulary_id is None
            else _tag.c.vocabulary_id == vocabulary_id
        )
        statement = (
            sa.select(_tag.c.name, sa.func.min(_tag.c.id))
            .where(any_of(_tag.c.name, names), same)
            .group_by(_tag.c.name)
        )
        for name, tag_id in model.Session.execute(statement):
            found[(name, vocabulary_id)] = tag_id
    return found
