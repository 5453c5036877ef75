"""The raw record: what a portal says of a dataset, as plain JSON values under our field names.

`{"list": fields, "detail": fields, "extra": what no field uses, "each": {"resources": [fields]}}`
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import labels
from ckanext.cn_govdata.crawl.expressions import Expression, Scope
from ckanext.cn_govdata.text import personal

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.nodes import Node
    from ckanext.cn_govdata.crawl.steps import Fields, ListStep, RowsStep

Raw = dict[str, Any]
Paths = frozenset[tuple[str, ...]]  # of JSON members, from the record down

# Fields of which every value counts; of all others the first.
MANY = frozenset(
    {
        "tags",
        "formats",
        "domain_text",
        "industry_text",
        "related_codes",
        "application_scene",
        "catalog_tags",
    }
)
_EXACT = 2**53
COUNTERS = frozenset({"source_views", "source_downloads"})


@dataclass(frozen=True, slots=True)
class Used:
    """Which JSON members and labels a list and its details read."""

    list_keys: Paths
    detail_keys: Paths
    labels: frozenset[str]

    @classmethod
    def of(cls, step: ListStep) -> Used:
        """Collect them from the expressions of a list."""
        lists = _expressions(step.fields)
        details = _expressions(step.detail.fields) if step.detail else []
        rows = [
            row.records
            for each in (step.each, step.detail.each if step.detail else {})
            for found in each.values()
            for row in found
            if row.request is None
        ]
        everything = [*lists, *details, *rows]
        return cls(
            list_keys=frozenset().union(*(one.keys for one in [*lists, *rows])),
            detail_keys=frozenset().union(*(one.keys for one in [*details, *rows])),
            labels=frozenset().union(*(one.labels for one in everything)),
        )


def _expressions(fields: Fields) -> list[Expression]:
    return [rule.expression for rule in fields.values()]


def scope_of(node: Node, labelled: Expression | None) -> Scope:
    """A node with the labels and values in it."""
    if labelled is None:
        return Scope(node)
    return Scope(node, labels.read(labelled.nodes(Scope(node))))


def fields_of(fields: Fields, scope: Scope) -> dict[str, Any]:
    """The texts of the fields, blank ones left out."""
    found: dict[str, Any] = {}
    for name, rule in fields.items():
        texts = rule.expression.texts(scope)
        if texts:
            found[name] = texts if name in MANY else texts[0]
    return found


def passed_over(fields: Fields, scope: Scope, *found: Mapping[str, Any]) -> dict[str, Any]:
    """What alternatives say that no field takes, as another comes first: kept all the same."""
    said = {text for part in found for text in part.values() if isinstance(text, str)}
    return {
        name: text
        for field, rule in fields.items()
        if field not in COUNTERS
        for name, text in rule.expression.passed_over(scope)
        if text not in said
    }


def rows_of(step: RowsStep, node: Node) -> list[dict[str, Any]]:
    """The rows of data items, files or services; a row without any field is none."""
    scopes = (scope_of(row, step.labels) for row in step.records.nodes(Scope(node)))
    return [found for scope in scopes if (found := fields_of(step.fields, scope))]


def extra_of(scope: Scope, keys: Paths, used: Used) -> dict[str, Any]:
    """What a record says beyond the fields: unused members, however deep, and labels."""
    extra: dict[str, Any] = {
        label: value for label, value in scope.labels.items() if label not in used.labels
    }
    if isinstance(scope.node, Mapping):
        extra.update(_unused(scope.node, keys))
    return extra


def _unused(node: Mapping[str, Any], paths: Paths) -> dict[str, Any]:
    rest: dict[str, Any] = {}
    for key, value in node.items():
        below = frozenset(path[1:] for path in paths if path[0] == key)
        if () in below:
            continue
        left = _unused(value, below) if below and isinstance(value, Mapping) else _exact(value)
        if left not in (None, "", [], {}):
            rest[str(key)] = left
    return rest


def _exact(value: Node) -> Node:
    """A JSON value whose long whole numbers are texts, as most readers would round them."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > _EXACT:
        return str(value)
    if isinstance(value, dict):
        return {name: _exact(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_exact(part) for part in value]
    return value


def scrubbed(raw: Raw) -> Raw:
    """The raw values without personal data."""
    cleaned: Raw = personal.scrub(raw).value
    return cleaned


def steady(raw: Mapping[str, Any], volatile: frozenset[str]) -> Raw:
    """The part of a raw record whose change means a changed record: all but the counters."""
    dropped = _dropped(volatile)
    return {
        part: without(values, dropped) if part in {"list", "detail", "extra"} else values
        for part, values in raw.items()
    }


def without(values: Mapping[str, Any], dropped: frozenset[str]) -> dict[str, Any]:
    """The values without those of these names, however deep."""
    # Most values are texts, and to ask whether one is a `Mapping` takes longer than all else here.
    return {
        name: value
        if type(value) is str or not isinstance(value, Mapping)
        else without(value, dropped)
        for name, value in values.items()
        if name not in dropped
    }


@lru_cache(maxsize=256)
def _dropped(volatile: frozenset[str]) -> frozenset[str]:
    return volatile | COUNTERS
