"""Whether a corpus survives its description in RDF, conforms to DCAT-AP, and what it scores.

    python -m tests.fidelity.described DIR [--out DIR] [--sample 500] [--limit N]

DIR holds gzipped JSON lines (`*.jsonl.gz`) as for `make fidelity`. Every record is mapped,
described, and read back; what differs is counted by field. Every n-th is validated by the shapes of
DCAT-AP 3.0.1 so that the sample is spread over all files. With `--out` the descriptions are written as
N-Triples, 10,000 datasets a file, for validators of one's own.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pyshacl
import rdflib
from pyoxigraph import RdfFormat

from ckanext.cn_govdata.rdf import graph
from ckanext.cn_govdata.rdf.addresses import Addresses
from ckanext.cn_govdata.rdf.describe import Describer
from ckanext.cn_govdata.rdf.package import package_of
from tests.rdf.packages import comparable, of_record

from .corpus import entries
from .mqa import Points

if TYPE_CHECKING:
    from collections.abc import Iterator

ADDRESSES = Addresses("https://data.example")
PART = 10_000
SHAPES = Path(__file__).parents[1] / "rdf" / "shapes"


@dataclass(slots=True)
class Result:
    """What a corpus came to."""

    records: int = 0
    triples: int = 0
    seconds: float = 0.0
    differing: int = 0
    fields: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)
    points: dict[str, Points] = field(default_factory=dict)
    validated: int = 0
    violations: int = 0


class Parts:
    """Files of N-Triples, each of so many datasets and with what its datasets share."""

    def __init__(self, folder: Path, describer: Describer) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._describer = folder, describer
        self._lines: list[str] = []
        self._used: set[str] = set()
        self._datasets = self._files = 0

    def add(self, package: dict[str, Any]) -> None:
        described = self._describer.describe(package)
        self._lines += described.lines
        self._used |= described.used
        self._datasets += 1
        if self._datasets % PART == 0:
            self.close()

    def close(self) -> None:
        if self._lines:
            self._files += 1
            lines = dict.fromkeys([*self._lines, *self._describer.said(self._used)])
            path = self._folder / f"part-{self._files:03}.nt"
            path.write_text("\n".join([*lines, ""]), encoding="utf-8")
            self._lines, self._used = [], set()


@click.command(help=__doc__.splitlines()[0])
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path))
@click.option("--sample", default=500, show_default=True)
@click.option("--limit", type=int)
def main(corpus: Path, out: Path | None, sample: int, limit: int | None) -> None:
    describer = Describer(ADDRESSES)
    parts = Parts(out, describer) if out else None
    result, drawn = Result(), []
    for number, package in enumerate(_packages(corpus)):
        if limit is not None and number >= limit:
            break
        _judge(result, describer, package)
        if parts:
            parts.add(package)
        drawn.append(package)
        if len(drawn) > 2 * sample:
            drawn = drawn[::2]
    if parts:
        parts.close()
    step = max(1, len(drawn) // sample)
    _validate(result, describer, drawn[::step])
    _print(result)
    sys.exit(1 if result.differing or result.violations else 0)


def _packages(corpus: Path) -> Iterator[dict[str, Any]]:
    return (of_record(entry.record) for entry in entries(corpus) if entry.record is not None)


def _judge(result: Result, describer: Describer, package: dict[str, Any]) -> None:
    began = time.process_time()
    document = describer.document(package)
    result.seconds += time.process_time() - began
    result.records += 1
    result.triples += document.count("\n")
    subject = ADDRESSES.dataset(package["id"])
    read = graph.parsed(document.encode(), RdfFormat.N_TRIPLES)
    expected, found = comparable(package), comparable(package_of(read, subject))
    differing = {n for n in {*expected, *found} if expected.get(n) != found.get(n)}
    result.differing += bool(differing)
    result.fields.update(differing)
    for name in differing:
        result.examples.setdefault(name, f"{expected.get(name)!r} → {found.get(name)!r}"[:300])
    points = result.points.setdefault(package.get("portal_id") or "", Points())
    points.count(read, subject, package)


def _validate(result: Result, describer: Describer, packages: list[dict[str, Any]]) -> None:
    lines: dict[str, None] = {}
    for package in packages:
        lines.update(dict.fromkeys(describer.document(package).splitlines()))
    data = rdflib.Graph().parse(data="\n".join(lines), format="nt")
    shapes = rdflib.Graph()
    for name in ("shapes.ttl", "range.ttl"):
        shapes.parse(SHAPES / name)
    _, report, words = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    result.validated = len(packages)
    result.violations = len(list(report.subjects(rdflib.RDF.type, rdflib.SH.ValidationResult)))
    if result.violations:
        print(words[:3000])


def _print(result: Result) -> None:
    print(f"{'portal':10}{'datasets':>10}{'points of 325':>15}  lost to us")
    shapes = not result.violations
    for portal, points in sorted(result.points.items()):
        lost = {name: number for name, number in points.lost_by_us.items() if number}
        print(
            f"{portal:10}{points.datasets:>10}{points.points(shapes=shapes):>15.1f}  {lost or '-'}"
        )
    for name, number in result.fields.most_common():
        print(f"{name}: {number} differ, e.g. {result.examples[name]}")
    every = list(result.points.values())
    reached = sum(each.points(shapes=shapes) * each.datasets for each in every)
    print(
        json.dumps(
            {
                "records": result.records,
                "differing": result.differing,
                "triples_each": round(result.triples / max(1, result.records), 1),
                "ms_each": round(1000 * result.seconds / max(1, result.records), 3),
                "validated": result.validated,
                "violations": result.violations,
                "mqa_points_of_325": round(reached / max(1, result.records), 1),
                "mqa_lost_to_us": sum(sum(each.lost_by_us.values()) for each in every),
            }
        )
    )


if __name__ == "__main__":
    main()
