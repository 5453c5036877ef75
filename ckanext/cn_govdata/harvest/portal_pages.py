"""What the pages of the registry show: portals, their sources, last jobs, checks and datasets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.harvest import registered
from ckanext.cn_govdata.portals import registry, search
from ckanext.cn_govdata.schema import codes, facets
from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.store import remembered, remembered_checks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ckanext.harvest.model import HarvestSource

    from ckanext.cn_govdata.portals.registry import Portal

PAGE = 50
_PORTAL, _PROVINCE = f"{facets.FACETS}portal", f"{facets.FACETS}province"
# Of a job and a check, what anybody may see: no words of the portal, no addresses of requests.
_JOB = ("outcome", "total", "listed", "added", "changed", "unchanged", "withdrawn", "refused")
_CHECK = ("word", "checked", "total", "seconds")


@dataclass(slots=True)
class Known:
    """What the catalogue holds of portals, by their ids."""

    sources: Mapping[str, HarvestSource]
    jobs: Mapping[str, dict[str, Any]]
    checks: Mapping[str, dict[str, Any]]
    datasets: Mapping[str, int]
    by_province: Mapping[str, int]

    @classmethod
    def read(cls, context: dict[str, Any]) -> Known:
        """Read it with five statements and one search."""
        found = tk.get_action("package_search")(
            tk.fresh_context(context),
            {"rows": 0, "facet.field": [_PORTAL, _PROVINCE], "facet.limit": -1},
        )["search_facets"]
        counts = {
            name: {item["name"]: item["count"] for item in found[name]["items"]}
            for name in (_PORTAL, _PROVINCE)
        }
        return cls(
            sources=registered.by_portal(),
            jobs={row["portal_id"]: row for row in reversed(remembered.last_jobs())},
            checks=remembered_checks.last_of_all(),
            datasets=counts[_PORTAL],
            by_province=counts[_PROVINCE],
        )


def listing(
    context: dict[str, Any], filters: Mapping[str, str], page: int, *, whole: bool
) -> dict[str, Any]:
    """One page of the portals to which the filters apply, and what the registry covers.

    `filters` has any of q, division, level, family, state. `whole` adds what only administrators
    may read: reasons and evidence.
    """
    known = Known.read(context)
    chosen = search.select(
        text=filters.get("q") or None,
        division=filters.get("division") or None,
        level=filters.get("level") or None,
        family=filters.get("family") or None,
        state_=filters.get("state") or None,
    )
    start = (page - 1) * PAGE
    return {
        "count": len(chosen),
        "page": page,
        "pages": max(1, -(-len(chosen) // PAGE)),
        "portals": [row(each, known, whole=whole) for each in chosen[start : start + PAGE]],
        "coverage": coverage(known),
    }


def row(portal: Portal, known: Known, *, whole: bool) -> dict[str, Any]:
    """A portal with its source, last job, last check and number of datasets."""
    key = portal.portal_id
    source = known.sources.get(key)
    return {
        **search.described(portal),
        "title": portal.title,
        "division": facets.division_label(portal.division_code),
        "level_label": codes.label("admin_level", portal.level.value),
        "members": [{"code": code, "name": facets.division_label(code)} for code in portal.members],
        "datasets": known.datasets.get(key, 0),
        "source": _source(source) if source else None,
        "job": _job(known.jobs.get(key), whole=whole),
        "check": _check(known.checks.get(key), whole=whole),
    }


def _source(source: HarvestSource) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": source.title,
        "frequency": source.frequency,
        "next_run": source.next_run.isoformat() + "Z" if source.next_run else None,
    }


def _job(job: dict[str, Any] | None, *, whole: bool) -> dict[str, Any] | None:
    if job is None:
        return None
    shown = {name: job["counters"].get(name) for name in _JOB}
    shown |= {"outcome": job["outcome"], "id": job["harvest_job_id"]}
    shown["ended"] = job["ended"].isoformat(timespec="seconds") + "Z"
    return shown | ({name: job[name] for name in ("reason", "evidence")} if whole else {})


def _check(check: dict[str, Any] | None, *, whole: bool) -> dict[str, Any] | None:
    if check is None:
        return None
    return dict(check) if whole else {name: check.get(name) for name in _CHECK}


def coverage(known: Known) -> dict[str, Any]:
    """Governments by province and level: listed, with a profile, with a source; and datasets."""
    levels = search.levels()
    with_source = _with_source(known)
    rows = []
    for cover in search.coverage():
        cells = [
            {
                "level": level,
                "listed": cover.listed.get(level, 0),
                "with_profile": cover.with_profile.get(level, 0),
                "with_source": with_source.get((cover.code, level), 0),
            }
            for level in levels
        ]
        rows.append(
            {
                "code": cover.code,
                "name": facets.division_label(cover.code),
                "levels": cells,
                **_sums(cells),
                "datasets": known.by_province.get(cover.code, 0),
            }
        )
    total = {**_sums(rows), "datasets": sum(each["datasets"] for each in rows)}
    total["levels"] = [
        {"level": level, **_sums([each["levels"][index] for each in rows])}
        for index, level in enumerate(levels)
    ]
    labels = [{"code": level, "label": codes.label("admin_level", level)} for level in levels]
    return {"levels": labels, "provinces": rows, "total": total}


def _sums(cells: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    names = ("listed", "with_profile", "with_source")
    held = list(cells)
    return {name: sum(cell[name] for cell in held) for name in names}


def _with_source(known: Known) -> dict[tuple[str, str], int]:
    """Governments that a source harvests, members included, by province and level."""
    reached = set()
    for portal_id in known.sources:
        portal = registry.get(portal_id)
        if portal is not None and portal.state != registry.ARCHIVED:
            reached |= {portal.division_code, *portal.members}
    found: dict[tuple[str, str], int] = {}
    for code in reached:
        level = divisions.level_of(code)
        if level is not None:
            key = (search.province_of(code), level.value)
            found[key] = found.get(key, 0) + 1
    return found
