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
from ckanext.cn_govdata.store.schemas import BATCH, BatchFacts, compilable, site_schema
from ckanext.cn_govdata.workbook.problems import ERROR

if TYPE_CHECKING:
    from ckanext.cn_govdata.workbook.entry import Entry

Path = tuple[Any, ...]


def check(
    entry: Entry, package: Mapping[str, Any], package_id: str | None, context: dict[str, Any]
) -> None:
    """Note what CKAN would refuse, as `package_create` or `package_update` validate."""
    action = "package_update" if package_id else "package_create"
    if package_id:
        context["package"] = model.Package.get(package_id)
    context.update({"model": model, "session": model.Session})
    try:
        tk.check_access(action, context, {"id": package_id} if package_id else dict(package))
    except tk.NotAuthorized as refused:
        note(entry, {"title": [str(refused)]})
        return
    data = deepcopy(cleaned(package))
    # Nothing that a validator looks up may write the half-made dataset.
    with model.Session.no_autoflush:
        if package_id or not compilable(DATASET_TYPE):
            note(entry, _errors(data, action, context))
        else:
            owner = package["owner_org"]
            context[BATCH] = BatchFacts(organizations={owner: owner})
            for path, messages in (
                site_schema(DATASET_TYPE).create.validate(data, context)[1].items()
            ):
                for message in messages:
                    _note(entry, _steps(path), message)


def _errors(data: dict[str, Any], action: str, context: dict[str, Any]) -> Mapping[str, Any]:
    plugin = lookup_package_plugin(DATASET_TYPE)
    kind = action.removeprefix("package_")
    schema = context["schema"] = getattr(plugin, f"{kind}_package_schema")()
    return plugin_validate(plugin, context, data, schema, action)[1]


def note(entry: Entry, errors: Mapping[str, Any]) -> None:
    """Note CKAN's validation errors at the cells of their fields."""
    for path, message in _messages(errors, ()):
        _note(entry, path, message)


def _note(entry: Entry, path: Path, message: str) -> None:
    value = entry.fields.get(path[0]) if len(path) == 1 else None
    entry.problem(ERROR, path or ("title",), value, message)


def _steps(path: Path) -> Path:
    return tuple(step for step in path if step != "__before")


def _messages(errors: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(errors, str):
        yield _steps(path), errors
    elif isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from _messages(inner, (*path, name))
    elif isinstance(errors, (list, tuple)):
        for number, inner in enumerate(errors):
            step = (number,) if isinstance(inner, Mapping) else ()
            yield from _messages(inner, (*path, *step))
