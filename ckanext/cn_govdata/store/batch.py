"""The batch path: records become rows, set-based, in one transaction. Same result as the actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckan import model

from ckanext.cn_govdata.crawl.messages import Finding, Item
from ckanext.cn_govdata.schema.package import theme_group_name
from ckanext.cn_govdata.schema.provenance import WRITER
from ckanext.cn_govdata.store import (
    activities,
    difference,
    hooks,
    records,
    stored,
    target,
    validation,
)
from ckanext.cn_govdata.store.activities import CHANGED, NEW
from ckanext.cn_govdata.store.difference import Governed
from ckanext.cn_govdata.store.hooks import Write
from ckanext.cn_govdata.store.plan import Plan
from ckanext.cn_govdata.store.records import ADDED, UPDATED, Origin
from ckanext.cn_govdata.store.results import BatchResult
from ckanext.cn_govdata.store.schemas import BATCH, BatchFacts, SiteSchema
from ckanext.cn_govdata.store.tables import now

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ckanext.cn_govdata.store.stored import Stored
    from ckanext.cn_govdata.store.target import Target

PackageDict = dict[str, Any]
Pair = tuple[Item, PackageDict]

_LONGEST_REASON = 300  # characters


def write(
    pairs: Sequence[Pair], origin: Origin, schema: SiteSchema, user: model.User
) -> BatchResult:
    """Write datasets of one type; does not commit. Raises whatever the database raises."""
    batch = _Batch(pairs, origin, schema, user)
    for item, package in pairs:
        batch.take(item, package)
    batch.save()
    return batch.result


class _Batch:
    """The state of one batch: what is stored, what will be, and what came of it."""

    def __init__(
        self, pairs: Sequence[Pair], origin: Origin, schema: SiteSchema, user: model.User
    ) -> None:
        packages = [package for _, package in pairs]
        self.result = BatchResult()
        self._origin = origin
        self._schema = schema
        self._user = user
        self._at = now()
        self._plan = Plan()
        self._stored = stored.read(package["id"] for package in packages)
        self._groups = stored.groups_by_name_or_id(_group_names(packages))
        self._facts = self._read_facts(packages)
        self._context = {
            "model": model,
            "session": model.Session,
            "user": user.name,
            "ignore_auth": True,
            WRITER: True,
            BATCH: self._facts,
        }
        self._written: list[tuple[str, Item, str]] = []
        self._same: list[tuple[str, Item]] = []
        self._writes: list[Write] = []

    def _read_facts(self, packages: Sequence[PackageDict]) -> BatchFacts:
        ids = {package["id"] for package in packages}
        names: dict[str, str] = {}
        for name, package_id, state in stored.holders_of_names(p["name"] for p in packages):
            if state == "deleted" and package_id not in ids:
                # CKAN frees the name of a deleted dataset in the same way.
                row = {"id": package_id, "name": package_id}
                self._plan.update(model.package_table, row)
            else:
                names[name] = package_id
        resources = [each["id"] for package in packages for each in package.get("resources", ())]
        return BatchFacts(
            organizations=self._groups,
            names=names,
            resources=stored.holders_of_resources(resources),
        )

    def take(self, item: Item, package: PackageDict) -> None:
        """Validate one record and plan its rows."""
        old = self._stored.get(package["id"])
        schema, context = self._schema.create, self._context
        if old is not None:
            package["name"] = old.entity.name
            schema, context = self._schema.update, {**context, "package": old.entity}
        given = frozenset(package)
        checked = validation.validate(lambda data: schema.validate(data, context), package)
        self.result.find(checked.findings)
        if checked.refused is not None:
            self.result.refuse(item.source_id, checked.refused)
            return
        data = {**checked.data, "id": package["id"], "creator_user_id": self._user.id}
        new = target.of(data, groups=self._groups, user_id=self._user.id, at=self._at)
        self._follow_domain(new)
        if old is None:
            difference.create(self._plan, new)
            self._note(item, data, ADDED)
        elif difference.update(self._plan, old, new, self._governed(given, package), self._at):
            self._note(item, data, UPDATED, old)
        else:
            self._same.append((package["id"], item))

    def _follow_domain(self, new: Target) -> None:
        """The theme group of the domain, as `schema.themes.follow_domain` adds it."""
        domain = new.extras.get("domain")
        theme = self._groups.get(theme_group_name(domain)) if domain else None
        if theme is not None and theme not in new.groups:
            new.groups.append(theme)

    def _governed(self, given: frozenset[str], package: PackageDict) -> Governed:
        named = {key for each in package.get("resources", ()) for key in each}
        return Governed(self._schema.dataset_fields | given, self._schema.resource_fields | named)

    def _note(self, item: Item, data: PackageDict, status: str, old: Stored | None = None) -> None:
        self._written.append((data["id"], item, status))
        entity = old.entity if old else None
        self._writes.append(Write(data, created=status == ADDED, entity=entity))

    def save(self) -> None:
        """Write all rows, then call the hooks of other plugins."""
        self._plan.apply()
        records.save(self._written, self._origin, self._at)
        records.adopt(self._same, self._origin, self._at)
        for _, _, status in self._written:
            self.result.added += status == ADDED
            self.result.changed += status == UPDATED
        self.result.same_record += len(self._same)
        self.result.touched += [package_id for package_id, _, _ in self._written]
        context = {key: value for key, value in self._context.items() if key != BATCH}
        for write_ in self._writes:
            if write_.entity is not None:
                model.Session.expire(write_.entity)
        hooks.call(self._writes, context, self._plan.changed_urls, self._plan.resources())
        activities.record(
            {write_.data["id"]: NEW if write_.created else CHANGED for write_ in self._writes},
            self._user,
        )


def _group_names(packages: Iterable[PackageDict]) -> set[str]:
    names = {package["owner_org"] for package in packages if package.get("owner_org")}
    for package in packages:
        names.update(each.get("id") or each["name"] for each in package.get("groups", ()))
        if package.get("domain"):
            names.add(theme_group_name(package["domain"]))
    return names


def blame(error: Exception) -> Finding:
    """What to say of a record that the database or a plugin did not take.

    Of the database's words only the first line: the rest repeats statement and values.
    """
    words = str(getattr(error, "orig", None) or error).partition("\n")[0]
    return Finding("", "", f"{type(error).__name__}: {words}"[:_LONGEST_REASON])
