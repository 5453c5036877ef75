"""`make faults`: provokes every fault and writes what the jobs reported into docs/faults.md."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from .cases import CASES, SIZE
from .measure import measure

if TYPE_CHECKING:
    from .cases import Case
    from .measure import Measured

PAGE = Path(__file__).parents[2] / "docs" / "faults.md"
_LONGEST = 160
_HEAD = f"""# What goes wrong, and what a job reports

Written by `make faults`, never by hand: each line is provoked on a replay portal over real
sockets. The portal has {SIZE} records and was read whole before; the line is the second run.
`tests/faults/` tests the same cases and that this page says what is measured. *Read* is the
number of records that were read or found unchanged, *failed* of those whose detail failed.
Only *complete* can withdraw a dataset; in all other cases what is known stays as it was.

A harvest that is killed, two harvests of one portal, and a search index that is away are tested in
`tests/harvest/`; see [harvesting](harvesting.md#when-something-dies).

| what comes in | outcome | read | failed | requests | what the job says |
|---|---|---|---|---|---|
"""


def row(case: Case, measured: Measured) -> str:
    """One line of the table."""
    report = measured.report
    words = measured.words
    if measured.findings and case.findings:
        words = f"finding counted: {case.findings}"
    if len(words) > _LONGEST:
        words = words[:_LONGEST] + "…"
    # Code spans keep what portals answer from being read as Markdown or HTML.
    words = words.replace("|", "¦").replace("`", "'")
    shown = f"`{words}`" if words else ""
    cells = (case.what, report.outcome.value, measured.read, report.failed_details, report.requests)
    return "| " + " | ".join(str(cell) for cell in (*cells, shown)) + " |"


def main() -> int:
    """Measure all cases and write the page; 1 if one has another outcome than it must."""
    lines, wrong = [], 0
    for case in CASES:
        measured = measure(case)
        lines.append(row(case, measured))
        print(lines[-1])
        if measured.report.outcome is not case.outcome:
            wrong += 1
            print(f"  ! {case.outcome.value} was due", file=sys.stderr)
    PAGE.write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
