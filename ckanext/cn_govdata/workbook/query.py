"""The search that an address states, as CKAN's own search page reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

_NO_FILTERS = frozenset({"q", "page", "sort"})
_FOR_PLUGINS = "ext_"


@dataclass(frozen=True, slots=True)
class Query:
    """Words, filter (`fq`) and what plugins of the site filter by, as `package_search` takes them."""

    words: str
    filter: str
    extras: dict[str, Any] = field(default_factory=dict)

    def count(self, context: dict[str, Any]) -> int:
        """The number of datasets that the user of the context would find."""
        return tk.get_action("package_search")(
            context,
            {
                "q": self.words,
                "fq": "+dataset_type:dataset",
                "fq_list": [self.filter] if self.filter else [],
                "rows": 0,
                "include_private": True,
                "extras": dict(self.extras),
            },
        )["count"]


def of(arguments: MultiDict[str, str]) -> Query:
    """The query of an address' arguments: `q`, facets, and `ext_…` for plugins."""
    filters, extras = [], {}
    for name in arguments:
        values = [value for value in arguments.getlist(name) if value]
        if not values or name in _NO_FILTERS or name.startswith("_"):
            continue
        if name.startswith(_FOR_PLUGINS):
            extras[name] = values[0] if len(values) == 1 else values
        else:
            filters += [f"+{_name(name)}:{_quoted(value)}" for value in values]
    return Query(arguments.get("q") or "*:*", " ".join(filters), extras)


def _name(name: str) -> str:
    """The name of a field and nothing else: it stands in a query as it is."""
    if not name.replace("_", "").replace("-", "").isalnum():
        raise ValueError(tk._('"{name}" is no field to filter by').format(name=name))
    return name


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
