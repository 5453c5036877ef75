"""Validators that look at the stored dataset: what never changes, what is kept, what is filled in."""

# ruff: noqa: ARG001 - CKAN hands every validator four arguments and any value

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema.provenance import is_harvested, written_by_harvest
from ckanext.cn_govdata.schema.registry import validator
from ckanext.cn_govdata.standards import credit_code as uscc

if TYPE_CHECKING:
    from ckanext.cn_govdata.schema.validators import Data, Key

Context = Mapping[str, Any]

CHINA_TIME = timezone(timedelta(hours=8))


def stored_value(context: Context, field: str) -> str | None:
    """The stored text of a field outside CKAN's own columns; None when the dataset is new."""
    package = context.get("package")
    return package.extras.get(field) if package else None


@validator
def keep(key: Key, data: Data, errors: Data, context: Context) -> None:
    """Keep the stored value when the request does not name the field: forms do not show it.

    The harvest states a whole dataset: what it does not name is gone.
    """
    if data.get(key) is tk.missing and not written_by_harvest(context):
        stored = stored_value(context, key[-1])
        data[key] = tk.missing if stored is None else stored


@validator
def identifier(key: Key, data: Data, errors: Data, context: Context) -> None:
    """The stored identifier for ever; `after` gives a new dataset without one its own."""
    stored = stored_value(context, key[-1])
    given = data.get(key)
    if stored and given not in (tk.missing, None, "", stored):
        raise tk.Invalid(tk._("The identifier of a dataset never changes"))
    if stored or given not in (tk.missing, None, ""):
        data[key] = stored or str(given).strip()
        return
    data.pop(key, None)
    raise tk.StopOnError


@validator
def issued(key: Key, data: Data, errors: Data, context: Context) -> None:
    """Today, in China's time, for a new dataset of one's own that states no release date."""
    if context.get("package"):
        keep(key, data, errors, context)
    elif data.get(key) in (tk.missing, None, "") and not written_by_harvest(context):
        data[key] = datetime.now(CHINA_TIME).date().isoformat()


@validator
def name(key: Key, data: Data, errors: Data, context: Context) -> None:
    """An ASCII name where none is given: names are never made from Chinese titles."""
    if data.get(key) in (tk.missing, None, ""):
        package = context.get("package")
        data[key] = package.name if package else f"dataset-{uuid.uuid4().hex[:12]}"


@validator
def credit_code(key: Key, data: Data, errors: Data, context: Context) -> None:
    """A unified social credit code.

    A wrong one is refused where people type it; what portals serve and what is stored already
    is kept.
    """
    check = uscc.check(data[key])
    if check.valid:
        data[key] = check.code
        return
    package = context.get("package")
    unchanged = data[key] == stored_value(context, key[-1])
    if unchanged or is_harvested(context, package.id if package else None):
        return
    raise tk.Invalid(
        tk._('"{code}" is not a unified social credit code (GB 32100)').format(code=data[key])
    )


@validator
def resource_kind(key: Key, data: Data, errors: Data, context: Context) -> None:
    """An uploaded resource is a file; of any other nothing is assumed."""
    if data.get(key) in (tk.missing, None, "") and data.get((*key[:-1], "url_type")) == "upload":
        data[key] = "file"
