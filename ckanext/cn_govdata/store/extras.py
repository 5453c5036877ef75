"""Where CKAN keeps the extras of a dataset: a column of `package` since 2.12, rows before.

The only module that knows the difference.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from ckan import model
from sqlalchemy.orm import selectinload

from ckanext.cn_govdata.store.bulk import any_of

if TYPE_CHECKING:
    from ckanext.cn_govdata.store.plan import Plan

IN_PACKAGE = "extras" in model.package_table.c

Extras = Mapping[str, str]


def table() -> sa.Table:
    """The table of extras of CKAN 2.11."""
    return model.package_extra_table


def rows(ids: Iterable[str]) -> sa.sql.Select:
    """The statement that reads the rows of extras of CKAN 2.11."""
    return sa.select(table()).where(any_of(table().c.package_id, ids))


def shown(package: Mapping[str, Any], rows_: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The extras as `package_dictize` gives them, from the row of `package` or their own rows."""
    if IN_PACKAGE:
        return [{"key": key, "value": value} for key, value in (package["extras"] or {}).items()]
    return sorted((row for row in rows_ if row["state"] == "active"), key=itemgetter("key"))


def holders(key: str, values: Iterable[str]) -> sa.sql.Select:
    """The statement that gives those of the values that an extra has, with `package` in it."""
    package = model.package_table
    if IN_PACKAGE:
        value = package.c.extras[key].astext
        return sa.select(value).where(any_of(value, values))
    extra = table()
    return (
        sa.select(extra.c.value)
        .join(package, package.c.id == extra.c.package_id)
        .where(extra.c.key == key, any_of(extra.c.value, values))
    )


def loading() -> list[Any]:
    """Options of a query of `Package` that read the extras with it, not one dataset at a time."""
    return [] if IN_PACKAGE else [selectinload(model.Package._extras)]  # noqa: SLF001 - a relation


def plan(plan_: Plan, package: dict[str, Any], old: Extras | None, new: Extras) -> None:
    """Have the extras of a dataset written: into its row of `package`, or as rows of their own.

    `old` is ``None`` for a new dataset.
    """
    if IN_PACKAGE:
        package["extras"] = dict(new)
        return
    before = old or {}
    for key in before.keys() - new.keys():
        plan_.delete_extras.append((package["id"], key))
    for key, value in new.items():
        if key in before and before[key] != value:
            plan_.delete_extras.append((package["id"], key))
        if before.get(key) != value:
            plan_.insert(
                table(),
                {
                    "id": str(uuid.uuid4()),
                    "package_id": package["id"],
                    "key": key,
                    "value": value,
                    "state": "active",
                },
            )


def delete(pairs: Iterable[tuple[str, str]]) -> None:
    """Delete extras by dataset and key (CKAN 2.11 only)."""
    of_package: dict[str, list[str]] = defaultdict(list)
    for package_id, key in pairs:
        of_package[package_id].append(key)
    for package_id, keys in of_package.items():
        model.Session.execute(
            sa.delete(table()).where(
                table().c.package_id == package_id, any_of(table().c.key, keys)
            )
        )
