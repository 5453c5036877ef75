"""Import of a workbook into an organisation: everything is checked before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata.store import deferred, lock
from ckanext.cn_govdata.workbook import check, convert, header, package, read
from ckanext.cn_govdata.workbook.columns import columns
from ckanext.cn_govdata.workbook.known import Known, elsewhere, shown
from ckanext.cn_govdata.workbook.problems import ERROR, WARNING, Refused
from ckanext.cn_govdata.workbook.result import Result

if TYPE_CHECKING:
    from pathlib import Path

    from ckanext.cn_govdata.workbook.entry import Entry

Context = Callable[[], dict[str, Any]]
Progress = Callable[[Result], None]
# Datasets looked at, written and let go together: memory stays flat.
BATCH = 100


@dataclass(frozen=True, slots=True)
class _Todo:
    """A dataset of the file that differs from what is stored, if anything is."""

    entry: Entry
    package: dict[str, Any]
    package_id: str | None

    @property
    def write(self) -> deferred.Write:
        action = deferred.UPDATE if self.package_id else deferred.CREATE
        return deferred.Write(action, self.package)


def run(
    path: Path,
    organization: str,
    context: Context,
    *,
    dry_run: bool = False,
    partial: bool = False,
    progress: Progress = lambda _: None,
) -> Result:
    """Import a file into an organisation (name or id), with a fresh context for each action.

    Nothing is written on a dry run, nor when a dataset has an error, unless `partial`; then those
    without errors are written. `progress` is called with the result so far after each batch.
    Raises `Refused` for a file that cannot be read or while another import into the organisation
    writes, and `tk.ObjectNotFound` for an unknown organisation.
    """
    owner = model.Group.get(organization)
    if owner is None or not owner.is_organization or owner.state != "active":
        raise tk.ObjectNotFound(tk._("Organization not found"))
    checked = _Pass(path, owner, context, progress, write=False).run()
    if dry_run or (checked.refused and not partial):
        return checked
    if not checked.to_write:
        return replace(checked, written=True)
    reason = tk._("Another workbook is being imported into this organisation; try again later")
    try:
        with lock.held(f"workbook:{owner.id}", reason):
            return _Pass(path, owner, context, progress, write=True).run()
    except lock.Locked as locked:
        raise Refused(str(locked)) from locked


class _Pass:
    """Goes through the file once, checking or writing. Neither needs the whole file in memory."""

    def __init__(
        self, path: Path, owner: model.Group, context: Context, progress: Progress, *, write: bool
    ) -> None:
        self._path = path
        self._owner = owner.id
        self._division = owner.extras.get("division_code")
        self._context = context
        self._progress = progress
        self._write = write
        self._columns = columns()
        self._known = Known(owner.id)
        self._denied = check.denied(owner.id, context())
        self._seen: dict[tuple[str, str], str] = {}
        self._result = Result(written=write)

    def run(self) -> Result:
        """Go through the file."""
        entries = _entries(self._path)
        while batch := list(islice(entries, BATCH)):
            self._take(batch)
            for entry in batch:
                self._result.refused += entry.has_errors
                self._result.add(entry.problems)
            model.Session.expunge_all()
            self._progress(self._result)
        if self._write:
            deferred.show()
        return self._result

    def _take(self, batch: Sequence[Entry]) -> None:
        todo = self._differing(self._identified(batch))
        if self._write:
            outcomes = deferred.write([each.write for each in todo], self._context)
            for each, errors in zip(todo, outcomes, strict=True):
                check.note(each.entry, errors)
        else:
            for each in todo:
                self._check(each)
        for each in todo:
            if not each.entry.has_errors:
                self._result.updated += each.package_id is not None
                self._result.created += each.package_id is None

    def _check(self, each: _Todo) -> None:
        if each.package_id:
            check.changed(each.entry, each.package, each.package_id, self._context())
        elif self._denied:
            check.note(each.entry, {"title": [self._denied]})
        else:
            check.new(each.entry, each.package, self._context())

    def _identified(self, batch: Sequence[Entry]) -> list[tuple[Entry, str | None]]:
        """The datasets that can be told, each with the id that it has already."""
        found = []
        for entry in batch:
            _once(entry, self._seen)
            ids = self._known.find(entry.fields)
            if len(ids) > 1:
                rule = tk._("{count} datasets of the organisation have this identity")
                title = entry.fields.get("title")
                entry.problem(ERROR, ("title",), title, rule.format(count=len(ids)))
            found.append((entry, next(iter(ids), None)))
        _of_others([entry for entry, package_id in found if package_id is None], self._owner)
        return [pair for pair in found if not pair[0].has_errors]

    def _differing(self, pairs: Sequence[tuple[Entry, str | None]]) -> list[_Todo]:
        stored = shown([package_id for _, package_id in pairs if package_id], self._context)
        todo = []
        for entry, package_id in pairs:
            data: dict[str, Any] | None
            if package_id is None:
                data = package.new(entry, self._owner, self._division)
            else:
                data = package.changed(entry, stored[package_id], self._columns)
            if data is None:
                self._result.unchanged += 1
            else:
                todo.append(_Todo(entry, data, package_id))
        return todo


def _entries(path: Path) -> Iterator[Entry]:
    """The datasets of a file. Raises `Refused` when it has no sheet with a header."""
    headed = False
    for sheet in read.sheets(path):
        table = header.find(sheet)
        if table is not None:
            headed = True
            yield from convert.datasets(table)
    if not headed:
        raise Refused(tk._("No row with the columns of the reporting workbook was found"))


def _once(entry: Entry, seen: dict[tuple[str, str], str]) -> None:
    """A file states a dataset once."""
    name = next((n for n in ("identifier", "resource_code", "title") if entry.fields.get(n)), None)
    if name is None:
        return
    value = str(entry.fields[name])
    place = f"{entry.sheet}!{entry.row + 1}"
    first = seen.setdefault((name, value), place)
    if first != place:
        rule = tk._("The dataset is stated twice; first at {place}")
        entry.problem(ERROR, (name,), value, rule.format(place=first))


def _of_others(entries: Sequence[Entry], owner_id: str) -> None:
    """What is new here but known elsewhere: another organisation's dataset is never touched."""
    taken = elsewhere([entry.fields for entry in entries], owner_id)
    for entry in entries:
        identifier, code = entry.fields.get("identifier"), entry.fields.get("resource_code")
        if identifier in taken["identifier"]:
            rule = tk._("A dataset of another organisation has this identifier")
            entry.problem(ERROR, ("identifier",), identifier, rule)
        elif code in taken["resource_code"]:
            rule = tk._("A dataset of another organisation has this resource code too")
            entry.problem(WARNING, ("resource_code",), code, rule)
