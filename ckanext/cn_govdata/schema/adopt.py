"""Older datasets of a site: which of their free extras are fields of ours under another name.

An extra is recognised by its key, a label that portals or the element set use (`standards.labels`),
and read as a harvest reads a cell under that label. Only what maps for certain is taken, only into
fields that are empty, and the extras themselves stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan import model

from ckanext.cn_govdata.crawl.labelled import raw_of
from ckanext.cn_govdata.crawl.mapping import Refused, map_record
from ckanext.cn_govdata.crawl.profile import Profile
from ckanext.cn_govdata.crawl.source import Source
from ckanext.cn_govdata.schema import enforce
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.schema.provenance import is_harvested
from ckanext.cn_govdata.schema.site_user import as_site_user

Package = Mapping[str, Any]

_PAGE = 200
# Set by the site or by the schema, never read from an extra.
_NOT_TAKEN = frozenset(
    {"title", "name", "identifier", "owner_org", "groups", "formats", "source_id"}
)
_TEXT = "_text"


@dataclass(frozen=True, slots=True)
class Found:
    """What one dataset's extras say: fields to fill, labels that are no field, what it lacks then."""

    fields: dict[str, Any]
    unknown: tuple[str, ...]
    lacks: int


@dataclass(slots=True)
class Report:
    """What a run over all datasets came to."""

    datasets: int = 0
    adopted: int = 0
    complete: int = 0  # lack nothing mandatory afterwards
    fields: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    refused: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values."""
        names = ("datasets", "adopted", "complete", "refused")
        counts = {"fields": dict(self.fields.most_common()), "unknown": dict(self.unknown)}
        return {**{name: getattr(self, name) for name in names}, **counts}


def run(
    organization: str | None = None,
    *,
    dry_run: bool,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Look at every dataset of one's own and, unless it is a dry run, fill its fields.

    A dataset that CKAN refuses is counted with the reason; the others go on. Harvested datasets
    are left out: their portal says what they are. Safe to repeat.
    """
    report = Report()
    for package in _datasets(organization):
        found = look(package)
        report.datasets += 1
        report.fields.update(found.fields.keys())
        report.unknown.update(found.unknown)
        report.complete += not found.lacks
        if found.fields:
            if not dry_run and not _write(package["id"], found.fields, report):
                continue
            report.adopted += 1
        progress(report.datasets)
    return report


def count(organization: str | None = None) -> int:
    """The number of active datasets to look at, those of portals included."""
    page = sa.select(sa.func.count()).select_from(_chosen(organization).subquery())
    return model.Session.execute(page).scalar_one()


def look(package: Package) -> Found:
    """What the extras of a dataset, in the shape of `package_show`, say of our fields."""
    cells = {each["key"]: each["value"] for each in package.get("extras") or ()}
    if not cells:
        return Found({}, (), _lacks(package))
    raw, used = raw_of({"标题": package.get("title") or package["name"], **cells}, package["id"])
    unknown = tuple(sorted(cells.keys() - used.keys()))
    try:
        record = map_record(_source(), raw).record.as_dict()
    except Refused:
        return Found({}, unknown, _lacks(package))
    fields = {
        name: record[name]
        for name in sorted(_meant(used))
        if record.get(name) not in (None, "", [], ()) and not package.get(name)
    }
    if "tags" in fields:
        fields["tags"] = [{"name": tag} for tag in fields["tags"]]
    return Found(fields, unknown, _lacks({**package, **fields}))


def _meant(used: Mapping[str, str]) -> set[str]:
    """The fields that labels lead to: `contact` for its parts, a code beside its words."""
    roots = {name.partition(".")[0] for label, name in used.items() if label != "标题"}
    return (roots | {name.removesuffix(_TEXT) for name in roots}) - _NOT_TAKEN


def _lacks(package: Package) -> int:
    return sum(violation.is_error for violation in enforce.lacking(dict(package)))


def _write(package_id: str, fields: Mapping[str, Any], report: Report) -> bool:
    try:
        tk.get_action("package_patch")(as_site_user(), {"id": package_id, **fields})
    except tk.ValidationError as error:
        model.Session.rollback()
        report.refused[package_id] = "; ".join(map(str, error.error_summary.values()))
        return False
    return True


def _datasets(organization: str | None) -> Iterator[dict[str, Any]]:
    """The active datasets of one's own, page by page by id: writing goes on in between."""
    table = model.package_table
    page = _chosen(organization).order_by(table.c.id).limit(_PAGE)
    last = ""
    while ids := model.Session.execute(page.where(table.c.id > last)).scalars().all():
        for package_id in ids:
            if not is_harvested({}, package_id):
                yield tk.get_action("package_show")(as_site_user(), {"id": package_id})
        model.Session.expunge_all()
        last = ids[-1]


def _chosen(organization: str | None) -> sa.sql.Select:
    """The ids of active datasets. Raises `ObjectNotFound` for an unknown organisation."""
    table = model.package_table
    chosen = sa.select(table.c.id).where(table.c.state == "active", table.c.type == DATASET_TYPE)
    if organization is None:
        return chosen
    group = model.Group.get(organization)
    if group is None or not group.is_organization:
        raise tk.ObjectNotFound(tk._("Organization not found"))
    return chosen.where(table.c.owner_org == group.id)


@cache
def _source() -> Source:
    listed = {"get": "/", "records": "json:@", "fields": {}}
    profile = Profile.from_mapping({"family": "labels", "list": listed})
    return Source(profile=profile, portal_id="own", base_url="https://own.invalid")
