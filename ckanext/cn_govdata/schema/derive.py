"""Fields that follow from others: set before and after the single fields are validated."""

# ruff: noqa: ANN401, ARG001 - CKAN hands every validator four arguments and any value

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import division_input, enforce
from ckanext.cn_govdata.schema.registry import validator
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from ckanext.cn_govdata.schema.stored import Context
    from ckanext.cn_govdata.schema.validators import Data, Key


@validator
def before(key: Key, data: Data, errors: Data, context: Context) -> None:
    """Dataset: the administrative level from the division, whatever the request says."""
    data["admin_level",] = level_of(data.get(("division_code",)))


@validator
def before_organization(key: Key, data: Data, errors: Data, context: Context) -> None:
    """Organisation: the administrative level from the division."""
    data["admin_level",] = level_of(data.get(("division_code",)))


@validator
def after(key: Key, data: Data, errors: Data, context: Context) -> None:
    """Dataset: an identifier for a new one without, then the rules over several fields."""
    if not (context.get("package") or data.get(("identifier",))):
        _identify(data)
    enforce.rules(data, errors, context)


@validator
def parent(key: Key, data: Data, errors: Data, context: Context) -> None:
    """Organisation: a parent becomes core's membership in the organisation above."""
    value = data.pop(key, None)
    if value not in (tk.missing, None, ""):
        group: Key = ("groups", 0, "name")
        data[group] = value
        data["groups", 0, "capacity"] = "public"
        try:
            tk.get_validator("no_loops_in_hierarchy")(group, data, errors, context)
        except tk.Invalid as loop:
            errors[key].append(loop.error)
    raise tk.StopOnError


def level_of(division_code: Any) -> Any:
    """The administrative level of a division's code or name; navl's `missing` when it has none."""
    if division_code is None or division_code is tk.missing:
        return tk.missing
    code = division_input.certain(division_code)
    return divisions.history(code)[-1].level.value if code else tk.missing


def _identify(data: Data) -> None:
    package_id = data.get(("id",))
    if package_id in (tk.missing, None, ""):
        package_id = data["id",] = str(uuid.uuid4())
    data["identifier",] = f"{tk.config['ckan.site_id']}:{package_id}"
    index = 1 + max((k[1] for k in data if k[0] == "extras" and len(k) > 1), default=-1)
    data["extras", index, "key"] = "identifier"
    data["extras", index, "value"] = data["identifier",]
