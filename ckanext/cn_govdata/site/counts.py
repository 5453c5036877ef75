"""How many datasets and organisations there are: one search with facets, one query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata.schema import organizations
from ckanext.cn_govdata.schema.facets import FACETS
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# What the datasets of a division are counted by: name in the answer → facet of the search.
BROKEN_DOWN = {name: f"{FACETS}{name}" for name in ("level", "domain", "open", "frequency")}
_IN_DIVISION = f"{FACETS}division"
_ALL = -1
_LEVELS = [level.value for level in divisions.Level]


def of_division(context: dict[str, Any], code: str) -> dict[str, Any]:
    """Datasets that the reader may see in a division and below it.

    `total`; `own`, those of the division itself and of none below it; by `level`, `domain`, `open`
    and `frequency`, each a list of `{code, label, count}`; `organizations`, the same of the
    organisations that own them; `below`, the counts of all divisions below by code.
    """
    # Of the nation only the provinces: it is asked for most and has 3,214 divisions below it.
    lower = f"{FACETS}province" if code == divisions.NATION else _IN_DIVISION
    found = _search(
        context, [*BROKEN_DOWN.values(), lower, "organization"], f'{_IN_DIVISION}:"{code}"'
    )
    facets = found["search_facets"]
    below = {item["name"]: item["count"] for item in facets[lower]["items"]}
    below.pop(code, None)
    counts = {name: _counted(facets[facet]["items"]) for name, facet in BROKEN_DOWN.items()}
    counts["level"].sort(key=lambda item: _LEVELS.index(item["code"]))
    return {
        "total": found["count"],
        "own": found["count"] - sum(below[child] for child in _directly_below(code, below)),
        **counts,
        "organizations": _counted(facets["organization"]["items"]),
        "below": below,
    }


def by_value(context: dict[str, Any], field: str) -> dict[str, int]:
    """Datasets that the reader may see by the value of an indexed field."""
    items = _search(context, [field])["search_facets"][field]["items"]
    return {item["name"]: item["count"] for item in items}


def organizations_of(code: str) -> dict[str, Any]:
    """Organisations registered for a division: `own`, a list, and how many `below` it."""
    division_code = organizations.group_extra("division_code")
    rows = (
        model.Session.query(model.Group.name, model.Group.title, division_code.label("code"))
        .filter(
            model.Group.is_organization.is_(True),
            model.Group.state == "active",
            division_code.in_(list(organizations.below(code))),
        )
        .order_by(model.Group.title)
        .all()
    )
    own = [{"name": row.name, "title": row.title} for row in rows if row.code == code]
    return {"own": own, "below": len(rows) - len(own)}


def _search(context: dict[str, Any], fields: list[str], query: str = "*:*") -> dict[str, Any]:
    data = {"fq": query, "rows": 0, "facet.field": fields, "facet.limit": _ALL}
    return tk.get_action("package_search")(tk.fresh_context(context), data)


def _counted(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Facet items, the most frequent first."""
    return [
        {"code": item["name"], "label": item["display_name"], "count": item["count"]}
        for item in sorted(items, key=lambda item: (-item["count"], item["name"]))
    ]


def _directly_below(code: str, below: Iterable[str]) -> list[str]:
    """Of the codes below those that stand directly below, withdrawn ones included."""
    parents = ((child, divisions.parent(child)) for child in below)
    return [child for child, parent in parents if parent is not None and parent.code == code]
