"""The engine: from a profile to raw records, without input or output.

`read` is a generator that yields a `Request` and is sent a `Response` (or has a `FetchError`
thrown into it), and yields a `Found` for every distinct record of the lists.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import outcome, raw
from ckanext.cn_govdata.crawl.errors import FetchError, HttpStatus
from ckanext.cn_govdata.crawl.expressions import Scope
from ckanext.cn_govdata.crawl.fingerprint import digest
from ckanext.cn_govdata.crawl.messages import Known, Outcome, Report
from ckanext.cn_govdata.crawl.outcome import ListEnd, Stopped
from ckanext.cn_govdata.crawl.paging import Pager
from ckanext.cn_govdata.crawl.walk import ListWalk, Run

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ckanext.cn_govdata.crawl.found import Talk
    from ckanext.cn_govdata.crawl.journal import Journal
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.crawl.steps import BeforeStep, ListStep


_SOUND = frozenset({Outcome.COMPLETE, Outcome.PARTIAL})


def read(
    source: Source, known: Known, report: Report, mapping_version: str, journal: Journal
) -> Talk[None]:
    """Read all lists of a portal. `report` is kept up to date, and whole at the end."""
    run = Run(source, known, report, mapping_version, journal)
    ends: list[ListEnd] = []
    newest: list[date | None] = []
    try:
        for step in source.profile.lists:
            for values in (yield from _before(run, step)):
                pager = Pager(step.paging, source.page_size)
                earlier = report.total or 0
                key = _key(step, values)
                walk = ListWalk(run, step, pager, values, key=key, earlier=earlier)
                ends.append((yield from walk.read()))
                newest.append(walk.newest)
        outcome.conclude(report, ends)
        _conclude_only(source, report)
        if report.outcome in _SOUND:
            report.newest = max((day.isoformat() for day in newest if day), default=None)
    except Stopped as stop:
        report.outcome, report.reason, report.evidence = stop.outcome, stop.reason, stop.evidence
        wanted = source.profile.secret
        if stop.outcome is Outcome.BLOCKED and wanted and not source.secret:
            report.reason = f"{stop.reason}; no secret is set: {wanted}"


def _key(step: ListStep, values: Mapping[str, Any]) -> str:
    """Name a list by what it is repeated for; tokens and the like are others in every run."""
    repeated = {
        name: values.get(name)
        for before in step.before
        if before.records is not None
        for name in before.fields
    }
    return f"{step.name}:{digest(repeated)[:16]}" if repeated else step.name


def _conclude_only(source: Source, report: Report) -> None:
    """A reading of chosen records is no listing of the portal, however it ended."""
    if source.only is not None and report.outcome is Outcome.COMPLETE:
        report.outcome = Outcome.PARTIAL
        report.reason = "only chosen records were read; some of them are not listed any more"


def _before(run: Run, step: ListStep) -> Talk[list[dict[str, Any]]]:
    """The values to read the list with: one set, or one for every row that was asked before."""
    rows = [run.source.values()]
    for before in step.before:
        found = []
        for values in rows:
            found += yield from _ask(run, before, values)
        rows = found
    return rows


def _ask(run: Run, before: BeforeStep, values: dict[str, Any]) -> Talk[list[dict[str, Any]]]:
    wants_json = before.records is not None and before.records.wants_json
    try:
        try:
            document = yield from run.inquiry.ask(before.request, values, wants_json=wants_json)
        except HttpStatus:
            if before.records is not None:
                raise
            return [values]  # made for its cookie, which comes with any status; fields may miss
        nodes = [document] if before.records is None else before.records.nodes(Scope(document))
        rows = [{**values, **raw.fields_of(before.fields, Scope(node))} for node in nodes]
    except FetchError as error:
        raise Stopped.by(error, "the request before the list failed") from error
    except ValueError as error:
        raise Stopped(Outcome.BROKEN, f"the request before the list: {error}") from error
    if not rows:
        raise Stopped(Outcome.BROKEN, f"before.records finds nothing: {before.records}")
    return rows
