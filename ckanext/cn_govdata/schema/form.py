"""Template helpers of the forms of datasets and resources."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata.schema import codes, drafts, enforce, marks
from ckanext.cn_govdata.schema.helpers import grouped
from ckanext.cn_govdata.schema.organizations import group_extra
from ckanext.cn_govdata.schema.registry import helper

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping


@helper
def dataset_form(schema: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """What the dataset form shows.

    `sections` (id, label and marked fields under the headings of the schema), `level` of the
    organisation that the form preselects, `levels` by id of the organisations to choose from.
    """
    available = tk.h.organizations_available("create_dataset")
    ids = [organization["id"] for organization in available]
    levels = levels_of(ids)
    chosen = data.get("owner_org") or data.get("group_id")
    if chosen and chosen not in levels:
        level = enforce.level_of_owner(chosen)
    elif chosen or tk.h.check_config_permission("create_unowned_dataset") or not ids:
        level = levels.get(chosen or "")
    else:
        level = levels.get(ids[0])  # what a browser selects when nothing is marked as selected
    fields = marks.marked(_shown(schema["dataset_fields"]), data, level)
    for field in fields:
        if field["field_name"] == "owner_org":
            field["organizations"] = available
    return {"sections": grouped(schema, fields), "level": level, "levels": levels}


@helper
def resource_form(
    schema: Mapping[str, Any], data: Mapping[str, Any] | None, package: str
) -> dict[str, Any]:
    """What the resource form shows.

    `fields`, marked for the `level` of the dataset's owner, and what the dataset is `lacking`
    (as `cn_govdata_lacking` gives it). `package` is id or name of the dataset.
    """
    stored = _stored(package)
    level = enforce.level_of_owner(stored.get("owner_org"))
    fields = marks.marked(_shown(schema["resource_fields"]), data or {}, level)
    return {"fields": fields, "level": level, "lacking": tk.h.cn_govdata_lacking(stored)}


@helper
def legend() -> list[dict[str, str]]:
    """The marks of the form: code, symbol, word and what it means."""
    meanings = {
        "M": tk._("needed before the dataset can be published"),
        "C": tk._("needed when another field has the value named beside the mark"),
        "R": tk._("should be filled; publishing goes on without"),
        "O": tk._("may stay empty"),
    }
    return [
        {
            "code": code,
            "symbol": symbol,
            "word": codes.label("obligation", code),
            "meaning": meanings[code],
        }
        for code, symbol in marks.SYMBOLS.items()
    ]


@helper
def level_names() -> dict[str, str]:
    """The levels in the reader's language; under the empty text, what to say of an unknown one."""
    names = {level: codes.label("admin_level", level) for level in codes.labels("admin_level")}
    return {**names, "": tk._("not known; each mark names the levels")}


@helper
def refused(errors: object, package: str) -> list[str]:
    """Why a dataset (id or name) was not published, each message once, in the order of the schema."""
    found = tk.h.cn_govdata_lacking(_stored(package))["errors"]
    order = {violation.message: place for place, violation in enumerate(found)}
    said = dict.fromkeys(drafts.messages(errors))
    return sorted(said, key=lambda message: order.get(message, len(order)))


def levels_of(organizations: Collection[str]) -> dict[str, str]:
    """The administrative levels of organisations by id, in one query; none where none is stated."""
    admin_level = group_extra("admin_level")
    query = model.Session.query(model.Group.id, admin_level).filter(
        model.Group.id.in_(organizations)
    )
    known = codes.labels("admin_level")
    return {group: level for group, level in query if level in known}


def _shown(fields: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [field for field in fields if field.get("form_snippet", "") is not None]


def _stored(package: str) -> dict[str, Any]:
    return tk.get_action("package_show")({"user": tk.current_user.name}, {"id": package})
