"""Replays a corpus portal by portal, harvests it over HTTP, and prints how faithful the result is.

    python -m tests.fidelity DIR [--portals guizhou_zunyi,340100] [--limit 200] [--out docs/fidelity.md]

DIR holds JSON lines (`*.jsonl.gz` or `*.jsonl`), one dataset a line, with the labels that a portal
shows as keys; a file's name is `<province>_<place>` in pinyin, or a portal's id.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

from . import report
from .replay import measured


@click.command(help=__doc__)
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--portals", help="Only these file names, comma separated.")
@click.option("--limit", type=click.IntRange(1), help="Only the first records of each portal.")
@click.option("--jobs", type=click.IntRange(1), default=2, show_default=True)
@click.option("--out", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(corpus: Path, portals: str | None, limit: int | None, jobs: int, out: Path | None) -> None:
    """Measure and report; exit code 1 if a target is missed."""
    began = time.perf_counter()
    files = sorted([*corpus.glob("*.jsonl.gz"), *corpus.glob("*.jsonl")])
    chosen = set(portals.split(",")) if portals else None
    files = [path for path in files if chosen is None or path.name.split(".")[0] in chosen]
    if not files:
        raise click.ClickException(f"{corpus} holds no *.jsonl.gz with records")
    results = []
    for result in measured(files, jobs, limit):
        results.append(result)
        click.echo(report.progress(result, len(results), len(files)), err=True)
    results.sort(key=lambda one: one.name)
    text = report.markdown(results)
    click.echo(text)
    click.echo(report.findings(results))
    if out:
        report.write(out, text)
    summary = report.as_json(results, time.perf_counter() - began)
    click.echo(json.dumps(summary, ensure_ascii=False))
    sys.exit(0 if summary["met"] else 1)


if __name__ == "__main__":
    main()
