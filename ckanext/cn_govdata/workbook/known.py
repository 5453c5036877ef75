"""The datasets that an organisation has already, by what a workbook tells them by."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata.store import bulk, extras
from ckanext.cn_govdata.workbook.entry import IDENTITY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

Ids = dict[str, set[str]]


class Known:
    """Ids of an organisation's datasets by identifier, resource code and title."""

    def __init__(self, organization_id: str) -> None:
        self._ids: dict[str, Ids] = {name: defaultdict(set) for name in IDENTITY}
        for package_id, title, values in _datasets(organization_id):
            for name, value in {**values, "title": title}.items():
                if value:
                    self._ids[name][value].add(package_id)
            if values.get("resource_code"):
                # A title tells a dataset only where no code does.
                self._ids["title"][title].discard(package_id)

    def find(self, fields: Mapping[str, str | None]) -> set[str]:
        """Ids of the datasets that the surest of identifier, code and title names.

        A code that is not known is that of a new dataset, whatever its title.
        """
        for name in ("identifier", "resource_code"):
            value = fields.get(name)
            found = self._ids[name].get(value) if value else None
            if found:
                return found
        if fields.get("resource_code") or fields.get("identifier"):
            return set()
        return self._ids["title"].get(fields.get("title") or "", set())


def elsewhere(entries: Sequence[Mapping[str, Any]], organization_id: str) -> dict[str, set[str]]:
    """Of the identifiers and codes of some datasets, those of other organisations' datasets."""
    found: dict[str, set[str]] = {}
    package = model.package_table
    for name in IDENTITY[:2]:
        values = {fields[name] for fields in entries if fields.get(name)}
        found[name] = set()
        if values:
            statement = extras.holders(name, values).where(
                package.c.owner_org.is_distinct_from(organization_id), package.c.state == "active"
            )
            found[name] = set(model.Session.execute(statement).scalars())
    return found


def shown(ids: Sequence[str], context: Callable[[], dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Datasets by id as `package_show` gives them.

    One request to the index for all; those that it does not have as they are now, from the
    database one by one.
    """
    if not ids:
        return {}
    found = {
        package["id"]: package
        for package in tk.get_action("package_search")(
            {**context(), "ignore_auth": True},
            {
                "q": "*:*",
                "fq": f"+id:({' OR '.join(ids)})",
                "rows": len(ids),
                "include_private": True,
                "include_drafts": True,
            },
        )["results"]
    }
    table = model.package_table
    times = sa.select(table.c.id, table.c.metadata_modified).where(bulk.any_of(table.c.id, ids))
    for package_id, modified in model.Session.execute(times):
        if found.get(package_id, {}).get("metadata_modified") != modified.isoformat():
            show = tk.get_action("package_show")
            found[package_id] = show({**context(), "ignore_auth": True}, {"id": package_id})
    return found


def _datasets(organization_id: str) -> Iterable[tuple[str, str, dict[str, str]]]:
    package = model.package_table
    names = IDENTITY[:2]
    if extras.IN_PACKAGE:
        values = [package.c.extras[name].astext for name in names]
    else:
        extra = extras.table()
        values = [
            sa.select(extra.c.value)
            .where(extra.c.package_id == package.c.id, extra.c.key == name)
            .scalar_subquery()
            for name in names
        ]
    query = sa.select(package.c.id, package.c.title, *values).where(
        package.c.owner_org == organization_id, package.c.state == "active"
    )
    for package_id, title, *found in model.Session.execute(query):
        given = {name: value for name, value in zip(names, found, strict=True) if value}
        yield package_id, title or "", given
