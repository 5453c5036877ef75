"""When a missing obligation is an error: on creating and publishing a dataset of one's own.

Personal data is an error in a draft too.

On update only what the stored dataset did not lack already is an error, so that uploads and
patches of older datasets go on. Harvested datasets are never refused.
"""

# ruff: noqa: ANN401 - a field's value is of any type

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.navl.dictization_functions import unflatten

from ckanext.cn_govdata.schema import personal
from ckanext.cn_govdata.schema.obligations import check
from ckanext.cn_govdata.schema.provenance import is_harvested

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.schema.violation import Violation

Flat = dict[tuple[Any, ...], Any]
Package = dict[str, Any]

_KEPT_COLUMNS = ("title", "name", "notes", "url", "license_id", "owner_org")


def rules(data: Flat, errors: Flat, context: Mapping[str, Any]) -> None:
    """Add the errors of a dataset that is being saved. `data` and `errors` are navl's."""
    stored_row = context.get("package")
    state = _value(data, "state") or (stored_row.state if stored_row else "active")
    # A dataset that is not there yet comes from the harvest only if that writes it right now.
    package_id = stored_row.id if stored_row else None
    if is_harvested(context, package_id):
        return
    package = _package(data, stored_row)
    found = _errors(package, state)
    if found and stored_row is not None:
        stored = _stored(package_id)
        known = {_place(violation, stored) for violation in _errors(stored, stored["state"])}
        found = [violation for violation in found if _place(violation, package) not in known]
    for violation in found:
        errors.setdefault(violation.path, []).append(violation.message)


def level_of_owner(owner_org: str | None) -> str | None:
    """The administrative level of an organisation (id or name), None when it states none."""
    group = model.Group.get(owner_org) if owner_org else None
    return group.extras.get("admin_level") if group else None


def lacking(package: Package) -> list[Violation]:
    """All that the level of its owner asks of a dataset, whatever its state; errors first."""
    level = level_of_owner(package.get("owner_org")) or package.get("admin_level")
    found = check(package, level, draft=False)
    return sorted(found, key=lambda violation: not violation.is_error)


def _errors(package: Package, state: str) -> list[Violation]:
    """What is an error in this state: personal data always, obligations where it is public."""
    missing = lacking(package) if state == "active" else []
    return [*(each for each in missing if each.is_error), *personal.violations(package)]


def _package(data: Flat, stored_row: model.Package | None) -> Package:
    """The dataset as it will be: what the request leaves out of CKAN's own columns stays."""
    package: Package = unflatten(
        {
            key: value
            for key, value in data.items()
            if value is not tk.missing and not str(key[-1]).startswith("__")
        }
    )
    if stored_row is not None:
        for column in _KEPT_COLUMNS:
            package.setdefault(column, getattr(stored_row, column))
        if stored_row.state != "active":
            sent = package.get("resources") or []
            ids = {resource.get("id") for resource in sent}
            kept = [res for res in _stored(stored_row.id)["resources"] if res["id"] not in ids]
            package["resources"] = [*sent, *kept]
    return package


def _stored(package_id: str) -> Package:
    return tk.get_action("package_show")({"ignore_auth": True}, {"id": package_id})


def _value(data: Flat, field: str) -> Any:
    value = data.get((field,))
    return None if value is tk.missing else value


def _place(violation: Violation, package: Package) -> tuple[Any, ...]:
    """Where a violation is, also when resources are added, removed or moved."""
    if violation.path[0] != "resources":
        return violation.path
    resource = package["resources"][violation.path[1]]
    return ("resources", resource.get("id"), *violation.path[2:])
