"""A dataset of a workbook against the site's own schema, without writing it."""

# ruff: noqa: ANN401 - errors of CKAN are of any shape

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.plugins import lookup_package_plugin, plugin_validate

from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.schema.tags import cleaned
from ckanext.cn_govdata.workbook.problems import ERROR

if TYPE_CHECKING:
    from ckanext.cn_govdata.workbook.entry import Entry

Path = tuple[Any, ...]


def check(
    entry: Entry, package: Mapping[str, Any], package_id: str | None, context: dict[str, Any]
) -> None:
    """Note what CKAN would refuse, as `package_create` or `package_update` validate."""
    plugin = lookup_package_plugin(DATASET_TYPE)
    if package_id:
        action, schema = "package_update", plugin.update_package_schema()
        context["package"] = model.Package.get(package_id)
    else:
        action, schema = "package_create", plugin.create_package_schema()
    try:
        tk.check_access(action, context, {"id": package_id} if package_id else dict(package))
    except tk.NotAuthorized as refused:
        note(entry, {"title": [str(refused)]})
        return
    context.update({"schema": schema, "model": model, "session": model.Session})
    # Nothing that a validator looks up may write the half-made dataset.
    with model.Session.no_autoflush:
        _, errors = plugin_validate(plugin, context, deepcopy(cleaned(package)), schema, action)
    note(entry, errors)


def note(entry: Entry, errors: Mapping[str, Any]) -> None:
    """Note CKAN's validation errors at the cells of their fields."""
    for path, message in _messages(errors, ()):
        value = entry.fields.get(path[0]) if len(path) == 1 else None
        entry.problem(ERROR, path or ("title",), value, message)


def _messages(errors: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(errors, str):
        yield tuple(step for step in path if step != "__before"), errors
    elif isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from _messages(inner, (*path, name))
    elif isinstance(errors, (list, tuple)):
        for number, inner in enumerate(errors):
            step = (number,) if isinstance(inner, Mapping) else ()
            yield from _messages(inner, (*path, *step))
