"""Import of a workbook into an organisation: everything is checked before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata.workbook import check, convert, header, package, read
from ckanext.cn_govdata.workbook.known import Known
from ckanext.cn_govdata.workbook.problems import ERROR, Problem, Refused

if TYPE_CHECKING:
    from pathlib import Path

    from ckanext.cn_govdata.workbook.entry import Entry

Context = Callable[[], dict[str, Any]]
# Rows of a session are let go after so many datasets: memory stays flat.
_PERIOD = 100
MOST_PROBLEMS = 10_000


@dataclass(slots=True)
class Result:
    """What an import came to. `written` is False for a dry run and where errors forbid writing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    written: bool = False
    problems: list[Problem] = field(default_factory=list)
    problems_left_out: int = 0

    @property
    def went_well(self) -> bool:
        """Whether no dataset was refused."""
        return self.refused == 0

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON values."""
        counts = ("created", "updated", "unchanged", "refused", "written", "problems_left_out")
        return {
            **{name: getattr(self, name) for name in counts},
            "problems": [problem.as_dict() for problem in self.problems],
        }

    def add(self, problems: list[Problem]) -> None:
        """Keep problems, up to the most that a person or a page could use."""
        room = max(0, MOST_PROBLEMS - len(self.problems))
        self.problems += problems[:room]
        self.problems_left_out += len(problems) - len(problems[:room])


@dataclass(frozen=True, slots=True)
class _Job:
    path: Path
    organization: model.Group
    context: Context

    def entries(self) -> Iterator[Entry]:
        """The datasets of the file. Raises `Refused` when it has no sheet with a header."""
        headed = False
        for sheet in read.sheets(self.path):
            table = header.find(sheet)
            if table is not None:
                headed = True
                yield from convert.datasets(table)
        if not headed:
            raise Refused(tk._("No row with the columns of the reporting workbook was found"))


def run(
    path: Path,
    organization: str,
    context: Context,
    *,
    dry_run: bool = False,
    partial: bool = False,
) -> Result:
    """Import a file into an organisation (name or id), with a fresh context for each action.

    Nothing is written on a dry run, nor when a dataset has an error, unless `partial`; then those
    without errors are written. Raises `Refused` for a file that cannot be read and
    `tk.ObjectNotFound` for an unknown organisation.
    """
    owner = model.Group.get(organization)
    if owner is None or not owner.is_organization or owner.state != "active":
        raise tk.ObjectNotFound(tk._("Organization not found"))
    job = _Job(path, owner, context)
    result = _pass(job, write=False)
    if dry_run or (result.refused and not partial):
        return result
    return _pass(job, write=True)


def _pass(job: _Job, *, write: bool) -> Result:
    """Go through the file once, checking or checking and writing."""
    result = Result(written=write)
    known = Known(job.organization.id)
    owner_org, division = job.organization.id, job.organization.extras.get("division_code")
    seen: dict[tuple[str, str], str] = {}
    for number, entry in enumerate(job.entries()):
        _once(entry, seen)
        found = known.find(entry.fields)
        if len(found) > 1:
            rule = tk._("{count} datasets of the organisation have this identity")
            entry.problem(
                ERROR, ("title",), entry.fields.get("title"), rule.format(count=len(found))
            )
        if not entry.has_errors:
            _dataset(
                job, entry, next(iter(found), None), (owner_org, division), result, write=write
            )
        if entry.has_errors:
            result.refused += 1
        result.add(entry.problems)
        if number % _PERIOD == _PERIOD - 1:
            model.Session.expunge_all()
    return result


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


def _dataset(
    job: _Job,
    entry: Entry,
    package_id: str | None,
    owner: tuple[str, str | None],
    result: Result,
    *,
    write: bool,
) -> None:
    """Check one dataset or write it, and count it."""
    action = "package_update" if package_id else "package_create"
    if package_id:
        stored = tk.get_action("package_show")(job.context(), {"id": package_id})
        data = package.changed(entry, stored)
    else:
        data = package.new(entry, *owner)
    if data is None:
        result.unchanged += 1
        return
    if write:
        try:
            tk.get_action(action)({**job.context(), "return_id_only": True}, data)
        except tk.ValidationError as error:
            check.note(entry, error.error_dict)
    else:
        check.check(entry, data, package_id, job.context())
    if entry.has_errors:
        return
    if package_id:
        result.updated += 1
    else:
        result.created += 1
