"""Documents of the index by CKAN's own action, one dataset at a time.

For sites on which a plugin replaces or extends `package_show`: what it adds belongs in the index.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import logic
from ckan.lib.search.index import PackageSearchIndex

from ckanext.cn_govdata.store import shown
from ckanext.cn_govdata.store.rebind import rebind

if TYPE_CHECKING:
    from collections.abc import Iterable

ACTION = "package_show"
_IN_TWO_SCHEMAS = getattr(logic, "package_show_default_and_custom_schemas", None)  # since 2.12


class _Collector:
    """CKAN's index and its connection to Solr, of which only what is sent is kept."""

    def __init__(self) -> None:
        self.add_: list[dict[str, Any]] = []
        self.delete: list[str] = []

    def add(self, docs: list[dict[str, Any]], commit: bool) -> None:  # noqa: ARG002 - as pysolr
        self.add_.extend(docs)

    def delete_package(self, dictionary: dict[str, Any]) -> None:
        self.delete.append(dictionary["id"])


def build(ids: Iterable[str]) -> tuple[list[dict[str, Any]], list[str], dict[str, str]]:
    """Documents to add, ids of those to delete, and reasons of those that failed, by id."""
    made, failed = _Collector(), {}
    index = rebind(PackageSearchIndex.index_package, make_connection=lambda: made)
    for package_id in ids:
        try:
            index(made, _shown(package_id), True)
        except tk.ObjectNotFound:
            made.delete.append(package_id)
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            failed[package_id] = f"{type(error).__name__}: {error}"
    return made.add_, made.delete, failed


def _shown(package_id: str) -> dict[str, Any]:
    if _IN_TWO_SCHEMAS is None:
        return tk.get_action(ACTION)(shown.show_context(), {"id": package_id})
    default, custom = _IN_TWO_SCHEMAS(shown.show_context(), package_id)
    return {**default, "with_custom_schema": custom}
