"""The slow path: the real actions, one record at a time, for sites whose plugins need them.

`package_create` and `package_update` do everything that plugins may have put into them, at some
hundred milliseconds a record. Ids, findings, records and harvest objects are those of the batch
path.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata.schema.provenance import WRITER
from ckanext.cn_govdata.store import records, target, validation
from ckanext.cn_govdata.store.difference import ORGANIZATION, THEME
from ckanext.cn_govdata.store.records import ADDED, UPDATED, Origin
from ckanext.cn_govdata.store.results import BatchResult
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ckanext.cn_govdata.crawl.messages import Item
    from ckanext.cn_govdata.store.navl import FlatErrors
    from ckanext.cn_govdata.store.schemas import SiteSchema

PackageDict = dict[str, Any]


def write(
    pairs: Sequence[tuple[Item, PackageDict]],
    origin: Origin,
    schema: SiteSchema,
    user: model.User,
    guard: Callable[[], None],
) -> BatchResult:
    """Write datasets through the actions. Each commits for itself; `guard` is called before."""
    result = BatchResult()
    name = user.name
    for item, record in pairs:
        before = _shown(record["id"], name)
        package = record if before is None else _merged(before, record, schema)
        action = "package_create" if before is None else "package_update"
        guard()
        checked = validation.validate(partial(_attempt, action, name), package)
        result.find(checked.findings)
        if checked.refused is not None:
            result.refuse(item.source_id, checked.refused)
            continue
        if before is not None and before["state"] == "deleted":
            _rejoin(package["id"], checked.data["owner_org"])
        after = checked.data.get("metadata_modified")
        if before is not None and before["metadata_modified"] == after:
            result.same_record += 1
            records.adopt([(package["id"], item)], origin, now())
        else:
            status = ADDED if before is None else UPDATED
            result.added += status == ADDED
            result.changed += status == UPDATED
            records.save([(package["id"], item, status)], origin, now())
            result.touched.append(package["id"])
        model.Session.commit()
    return result


def _rejoin(package_id: str, owner_org: str | None) -> None:
    """Make a dataset that returns a member of its organisation again, which the action leaves out."""
    member = model.member_table
    model.Session.execute(
        sa.update(member)
        .where(
            member.c.table_id == package_id,
            member.c.group_id == owner_org,
            member.c.capacity == ORGANIZATION,
        )
        .values(state="active")
    )


def _context(user: str) -> dict[str, Any]:
    return {"ignore_auth": True, "user": user, WRITER: True}


def _shown(package_id: str, user: str) -> PackageDict | None:
    try:
        context = {**_context(user), "use_cache": False}
        return tk.get_action("package_show")(context, {"id": package_id})
    except tk.ObjectNotFound:
        return None


def _merged(before: PackageDict, package: PackageDict, schema: SiteSchema) -> PackageDict:
    """The record's fields over the stored dataset's: what others added stays."""
    governed = schema.dataset_fields | package.keys() | {"metadata_modified", "private"}
    kept = {key: value for key, value in before.items() if key not in governed}
    return {
        **kept,
        **package,
        "name": before["name"],
        "private": before["private"],
        "tags": package["tags"] + [tag for tag in before["tags"] if tag.get("vocabulary_id")],
        "groups": package["groups"]
        + [{"id": group["id"]} for group in before["groups"] if group.get("type") != THEME],
        "resources": package["resources"]
        + [each for each in before["resources"] if not target.is_ours(each["id"])],
    }


def _attempt(action: str, user: str, package: PackageDict) -> tuple[PackageDict, FlatErrors]:
    """Call the action; the saved dataset, or the errors by path."""
    try:
        return tk.get_action(action)(_context(user), dict(package)), {}
    except tk.ValidationError as error:
        return {}, dict(_flat(error.error_dict))


def _flat(errors: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], list[str]]]:
    for name, found in errors.items():
        if isinstance(found, list) and found and isinstance(found[0], dict):
            for index, inner in enumerate(found):
                for path, messages in _flat(inner):
                    yield (name, index, *path), messages
        else:
            yield (name,), found if isinstance(found, list) else [str(found)]
