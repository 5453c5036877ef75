"""What the harvest commands show: a progress bar on stderr, a summary and tables on stdout."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console as Screen
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Column, Table
from rich.text import Text

from ckanext.cn_govdata.harvest.report import JobReport

Watch = Callable[[JobReport], None]

_RUNNING = (
    "portal_id",
    "listed",
    "total",
    "per_second",
    "requests",
    "started",
    "estimated_end",
    "worker",
)
_WAITING = ("position", "source", "host", "manual", "queued_at")
_LAST = ("portal_id", "outcome", "listed", "added", "changed", "unchanged", "ended", "reason")


class Console:
    """Output of one command; `quiet` leaves stdout to JSON."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        self.out = Screen(highlight=False, soft_wrap=True)
        self.err = Screen(stderr=True)

    @contextmanager
    def progress(self, title: str) -> Iterator[Watch]:
        """A bar that follows the report of a running harvest."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[rate]}"),
        )
        with Progress(*columns, console=self.err) as bar:
            task = bar.add_task(title, total=None, rate="")

            def watch(report: JobReport) -> None:
                done = report.listing.listed or report.remapped
                elapsed = bar.tasks[task].elapsed or 0.0
                rate = f"{done / elapsed:.0f}/s" if elapsed else ""
                bar.update(task, completed=done, total=report.listing.total, rate=rate)

            yield watch

    def summary(self, report: JobReport) -> None:
        """What the harvest came to, and what a person should read."""
        if self.quiet:
            return
        listing = report.listing
        self.out.print(
            f"{report.source} [{report.portal_id}]: {listing.outcome.value}, "
            f"{listing.listed} of {listing.total} listed in {report.seconds:.1f} s; "
            f"added {report.added}, changed {report.changed}, "
            f"unchanged {report.unchanged + report.same_record}, "
            f"withdrawn {report.withdrawn}, refused {report.refused}; "
            f"{listing.requests} requests, saved {listing.list_requests_saved} of pages "
            f"and {listing.requests_saved} of details",
            markup=False,
        )
        for line in report.problems():
            self.out.print(f"  ! {line}", markup=False)
        for finding, count in report.findings.most_common(5):
            self.out.print(f"  · {count} × {finding}", markup=False)

    def say(self, text: str) -> None:
        """One line for people."""
        if not self.quiet:
            self.out.print(text, markup=False)

    def remapped(self, report: JobReport) -> None:
        """What mapping stored records again came to."""
        self.say(
            f"{report.source} [{report.portal_id}]: {report.remapped} records mapped again "
            f"in {report.seconds:.1f} s; changed {report.changed}, "
            f"the same {report.same_record}, refused {report.refused}"
        )
        for line in report.problems() if not report.went_well else ():
            self.say(f"  ! {line}")

    def waiting(self, waiting: Sequence[dict[str, Any]]) -> None:
        """Datasets that wait for a person's word."""
        table = _table("dataset", "source id", "title", "missing since")
        for row in waiting:
            since = row["missing_since"].date().isoformat()
            table.add_row(row["name"], row["source_id"], row["title"] or "", since)
        self.out.print(table)
        self.say(f"{len(waiting)} datasets wait to be withdrawn")

    def status(self, shown: Mapping[str, Any]) -> None:
        """How the harvests stand: warnings, running and waiting jobs, workers, last jobs."""
        for warning in shown["warnings"]:
            self.out.print(f"! {warning}", markup=False)
        for worker in shown["workers"]:
            slots = worker["numbers"].get("slots")
            busy = worker["numbers"].get("running", 0)
            self.out.print(
                f"worker {worker['host']}:{worker['pid']} runs {busy} of {slots} jobs", markup=False
            )
        self._jobs("running", shown["running"], _RUNNING)
        self._jobs("waiting", shown["waiting"], _WAITING)
        last = [{**row["counters"], **row} for row in shown["sources"]]
        self._jobs("last job of each source", last, _LAST)

    def _jobs(self, title: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
        if not rows:
            return
        table = _table(*(column.replace("_", " ") for column in columns))
        table.title, table.title_justify = title, "left"
        for row in rows:
            # As text: what a portal says is no markup.
            table.add_row(*(Text("" if row[one] is None else str(row[one])) for one in columns))
        self.out.print(table)


def _table(*headings: str) -> Table:
    """A table that breaks long cells: Chinese has no blanks to wrap at."""
    return Table(*(Column(heading, overflow="fold") for heading in headings))
