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


def denied(owner_org: str, context: dict[str, Any]) -> str | None:
    """Why the user may not create datasets in an organisation; None for one who may."""
    try:
        tk.check_access("package_create", context, {"owner_org": owner_org, "type": DATASET_TYPE})
    except tk.NotAuthorized as refused:
        return str(refused) or tk._("Not authorized to create datasets in this organisation")
    return None


def new(entry: Entry, package: dict[str, Any], context: dict[str, Any]) -> None:
    """Note what `package_create` would refuse, whoever calls it."""
    context.update({"model": model, "session": model.Session})
    data = deepcopy(cleaned(package))
    # Nothing that a validator looks up may write the half-made dataset.
    with model.Session.no_autoflush:
        if not compilable(DATASET_TYPE):
            note(entry, _errors(data, "create", context))
            return
        owner = package["owner_org"]
        context[BATCH] = BatchFacts(organizations={owner: owner})
        errors = site_schema(DATASET_TYPE).create.validate(data, context)[1]
    for path, messages in errors.items():
        for message in messages:
            _note(entry, _steps(path), message)


def changed(
    entry: Entry, package: dict[str, Any], package_id: str, context: dict[str, Any]
) -> None:
    """Note what `package_update` would refuse."""
    context["package"] = model.Package.get(package_id)
    context.update({"model": model, "session": model.Session})
    try:
        tk.check_access("package_update", context, {"id": package_id})
    except tk.NotAuthorized as refused:
        note(entry, {"title": [str(refused) or tk._("Not authorized to write this dataset")]})
        return
    with model.Session.no_autoflush:
        note(entry, _errors(deepcopy(cleaned(package)), "update", context))


def _errors(data: dict[str, Any], kind: str, context: dict[str, Any]) -> Mapping[str, Any]:
    plugin = lookup_package_plugin(DATASET_TYPE)
    schema = context["schema"] = getattr(plugin, f"{kind}_package_schema")()
    return plugin_validate(plugin, context, data, schema, f"package_{kind}")[1]


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
