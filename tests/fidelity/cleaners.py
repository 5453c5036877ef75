"""Runs every cleaner over a corpus of real metadata and reports what does and does not map.

    python -m tests.fidelity.cleaners DIR [--out docs/cleaning.md]

DIR holds gzipped JSON lines (`*.jsonl.gz`), one dataset a line, with the labels that a portal
shows as keys. Words that are shown have passed the removal of personal data.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
import orjson

from ckanext.cn_govdata.text.personal import scrub

from .fields import FIELD_OF_LABEL, LABELS, judge

BEGIN, END = "<!-- result: begin -->", "<!-- result: end -->"
COMMONEST = 15
_LONGEST_WORD = 40
_WITHHELD = {"mobile": "(a mobile number)", "id_number": "(an identity number)", "name": "(a name)"}


@dataclass(slots=True)
class Column:
    """The cells of one field."""

    blank: int = 0
    filled: int = 0
    changed: int = 0
    mapped: int = 0
    unmapped: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Result:
    """What the cleaners made of a corpus."""

    files: int = 0
    records: int = 0
    seconds: float = 0.0
    removed: Counter[str] = field(default_factory=Counter)
    columns: dict[str, Column] = field(default_factory=dict)


def run(corpus: Path) -> Result:
    """Read all records, count equal cells, and judge each distinct cell once."""
    started = time.perf_counter()
    result = Result()
    cells: dict[str, Counter[bytes]] = {name: Counter() for name in LABELS}
    for path in sorted(corpus.glob("*.jsonl.gz")):
        result.files += 1
        with gzip.open(path, "rb") as lines:
            for text in lines:
                record = orjson.loads(text)
                result.records += 1
                result.removed.update(kind for _, kind in scrub(record).removed)
                for label, value in record.items():
                    if label in FIELD_OF_LABEL:
                        cells[FIELD_OF_LABEL[label]][orjson.dumps(value)] += 1
    result.columns = {name: _column(name, counted) for name, counted in cells.items()}
    result.seconds = time.perf_counter() - started
    return result


def _column(name: str, cells: Counter[bytes]) -> Column:
    column = Column()
    for cell, number in cells.items():
        verdict = judge(name, orjson.loads(cell))
        if verdict.blank:
            column.blank += number
            continue
        column.filled += number
        column.changed += number * verdict.changed
        column.mapped += number * (not verdict.unmapped)
        for word in verdict.unmapped:
            column.unmapped[shown(word)] += number
    return column


def shown(word: str) -> str:
    """A word as a report may show it: without personal data, cut, safe in a Markdown table."""
    scrubbed = scrub({"contact": word})
    if scrubbed.removed:
        return ", ".join(dict.fromkeys(_WITHHELD.get(kind, kind) for _, kind in scrubbed.removed))
    text = word if len(word) <= _LONGEST_WORD else f"{word[:_LONGEST_WORD]}…"
    return text.replace("|", "\\|").replace("<", "&lt;").replace("`", "'")


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def markdown(result: Result) -> str:
    """The result as two tables."""
    removed = ", ".join(f"{kind} {number:,}" for kind, number in result.removed.most_common())
    parts = [
        f"{result.records:,} records of {result.files} portals. Personal data removed: {removed or 'none'}.",
        "",
        "| Field | Filled | Blank | Changed by cleaning | Mapped | Share of filled |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, column in result.columns.items():
        figures = (column.filled, column.blank, column.changed, column.mapped)
        cells = " | ".join(f"{figure:,}" for figure in figures)
        parts.append(f"| `{name}` | {cells} | {share(column.mapped, column.filled)} |")
    parts += ["", "| Field | Commonest words that do not map (cells) |", "|---|---|"]
    for name, column in result.columns.items():
        words = (f"{word} ({number:,})" for word, number in column.unmapped.most_common(COMMONEST))
        parts.append(f"| `{name}` | {' · '.join(words) or '–'} |")
    return "\n".join(parts)


def as_json(result: Result) -> dict[str, Any]:
    """The figures, for other programs."""
    columns = {
        name: {"filled": column.filled, "blank": column.blank, "mapped": column.mapped}
        for name, column in result.columns.items()
    }
    return {
        "records": result.records,
        "seconds": round(result.seconds, 1),
        "removed": dict(result.removed),
        "fields": columns,
    }


def write(page: Path, text: str) -> None:
    """Put the result between the markers of a page. Raises ValueError when it has none."""
    before, begin, rest = page.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page} lacks the lines {BEGIN} and {END}")
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}", "utf-8")


@click.command(help=__doc__)
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(corpus: Path, out: Path | None) -> None:
    result = run(corpus)
    if not result.records:
        raise click.ClickException(f"{corpus} holds no *.jsonl.gz with records")
    text = markdown(result)
    click.echo(text)
    if out:
        write(out, text)
    click.echo(json.dumps(as_json(result)))


if __name__ == "__main__":
    sys.exit(main())
