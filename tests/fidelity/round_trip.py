"""Whether the reporting workbook holds a catalogue: there and back again, and what differs.

    python -m tests.fidelity.round_trip DIR --ini test.ini [--records 5000]

DIR holds gzipped JSON lines (`*.jsonl.gz`) as for `make fidelity`. Records spread over all files
are mapped and written as a harvest does it; what an organisation's level asks for and a portal
does not say is filled in. Then

1. CKAN → workbook → CKAN: the export (.xlsx and .csv) is imported again and must change nothing;
2. the catalogue is emptied and the export imported into it: every dataset must come back equal;
3. workbook → CKAN → workbook: the new export must equal the old one cell by cell, and its import
   must change nothing.

The database and the index of the configuration are emptied: use those of the tests.
"""

from __future__ import annotations

import gzip
import json
import logging
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import orjson

# CKAN puts its own folder, which holds a `tests`, before all others on the path: ours come first.
from tests import database
from tests.fidelity.corpus import mapped, source_of
from tests.store import sample
from tests.store.conftest import theme_groups

# isort: split
from ckan.cli import load_config
from ckan.config.middleware import make_app

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ckanext.cn_govdata.crawl.record import Record

DIVISION = "370100"
BATCH = 500
# What a prefecture's organisation asks of a dataset of its own.
ASKED = {
    "notes": "摘要。",
    "provider_name": "济南市数据局",
    "open_attribute": "1",
    "frequency": "yearly",
    "domain": "2",
    "issued": "2020-01-01",
}
# Made anew for a new dataset, or said by the harvest alone.
NOT_COMPARED = frozenset(
    {"id", "name", "creator_user_id", "metadata_created", "metadata_modified", "owner_org"}
    | {"organization", "groups", "num_resources", "num_tags", "state", "extras", "isopen"}
    | {"portal_id", "source_id", "source_url", "source_modified", "source_extra", "source_views"}
    | {"source_downloads", "harvest_object_id", "harvest_source_id", "harvest_source_title"}
)
_OF_RESOURCES = frozenset({"id", "package_id", "created", "metadata_modified", "position"})


@dataclass
class Report:
    """What was compared and what differed."""

    records: int = 0
    rows: int = 0
    differences: Counter[str] = field(default_factory=Counter)
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def differ(self, where: str, what: str, one: Any, other: Any) -> None:
        """Count a difference."""
        self.differences[f"{where}: {what}"] += 1
        if len(self.examples) < 20:
            self.examples.append(f"{where}: {what}: {one!r} → {other!r}"[:300])


def run(records: Iterable[Record], directory: Path) -> Report:
    """Go all the ways. Needs an empty CKAN; empties it in between and leaves it full."""
    report = Report()
    owner = _catalogue()
    with _timed(report, "write"):
        report.records = _write(records, owner)
    before = {package["identifier"]: facts(package) for package in _all(owner)}
    books = {}
    for kind in ("xlsx", "csv"):
        books[kind] = directory / f"first.{kind}"
        with _timed(report, f"export .{kind}"):
            _export(books[kind], owner)
        with _timed(report, f"import .{kind} again"):
            _unchanged(report, f"CKAN → .{kind} → CKAN", books[kind], owner)
    _empty()
    owner = _catalogue()
    with _timed(report, "import into an empty catalogue"):
        result = _import(books["xlsx"], owner)
    report.counts["import into an empty catalogue"] = _counted(result)
    for problem in result.problems:
        if problem.is_error:
            report.differ("CKAN → .xlsx → empty CKAN", "refused", problem.value, problem.rule)
    after = {package["identifier"]: facts(package) for package in _all(owner)}
    _compare(report, "CKAN → .xlsx → empty CKAN", before, after)
    second = directory / "second.xlsx"
    _export(second, owner)
    report.rows = _same_cells(report, books["xlsx"], second)
    _unchanged(report, "workbook → CKAN → workbook → CKAN", second, owner)
    return report


def facts(package: dict[str, Any]) -> dict[str, Any]:
    """All that a workbook must hold of a dataset."""
    shown = {key: value for key, value in package.items() if key not in NOT_COMPARED}
    shown["tags"] = sorted(tag["name"] for tag in package["tags"])
    shown["resources"] = [
        {key: value for key, value in resource.items() if key not in _OF_RESOURCES}
        for resource in package["resources"]
    ]
    return shown


def complete(record: Record) -> Record:
    """A record with what its portal leaves out and the level asks for."""
    missing = {name: value for name, value in ASKED.items() if not getattr(record, name)}
    if (record.open_attribute or ASKED["open_attribute"]) == "2" and not record.open_condition:
        missing["open_condition"] = "登录后申请"
    resources = [each if each.format else replace(each, format="csv") for each in record.resources]
    return replace(record, resources=tuple(resources), **missing)


def spread(corpus: Path, number: int) -> Iterator[Record]:
    """About that many mapped records from all files of a corpus: each n-th."""
    lines = sum(1 for _ in cells(corpus))
    step = max(1, lines // number)
    for place, line in islice(cells(corpus), 0, None, step):
        record = mapped(source_of(place), orjson.loads(line))
        if record is not None:
            yield record


def cells(corpus: Path) -> Iterator[tuple[str, bytes]]:
    """Every record's place and line."""
    for path in sorted(corpus.glob("*.jsonl.gz")):
        with gzip.open(path, "rb") as lines:
            for line in lines:
                yield path.name.removesuffix(".jsonl.gz"), line


def _catalogue() -> str:
    from ckanext.cn_govdata.schema import organizations

    theme_groups()
    return organizations.ensure(DIVISION)


def _empty() -> None:
    from ckan.lib import search

    database.empty()
    search.clear_all()


def _write(records: Iterable[Record], owner: str) -> int:
    from ckanext.harvest.model import HarvestJob, HarvestSource

    from ckanext.cn_govdata.store import outbox
    from ckanext.cn_govdata.store.writer import BatchWriter

    of_portal: dict[str, list[Any]] = {}
    for record in records:
        of_portal.setdefault(record.portal_id, []).append(sample.of(complete(record)))
    written = 0
    for portal_id, items in of_portal.items():
        source = HarvestSource(url="http://data.example.cn/", type="cn_portal", title=portal_id)
        source.save()
        job = HarvestJob(source=source)
        job.save()
        writer = BatchWriter(
            harvest_source_id=source.id, portal_id=portal_id, owner_org=owner, job_id=job.id
        )
        for start in range(0, len(items), BATCH):
            written += writer.write(items[start : start + BATCH]).added
    outbox.drain()
    outbox.commit()
    return written


def _all(owner: str) -> Iterator[dict[str, Any]]:
    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.workbook import export

    return export.found(as_site_user(), "*:*", export.of_organization(owner))


def _export(path: Path, owner: str) -> None:
    from ckanext.cn_govdata.workbook import export

    export.to_file(path, _all(owner))


def _import(path: Path, owner: str) -> Any:
    from ckanext.cn_govdata.schema.site_user import contexts
    from ckanext.cn_govdata.workbook import import_

    return import_.run(path, owner, contexts(), partial=True)


def _counted(result: Any) -> dict[str, int]:
    names = ("created", "updated", "unchanged", "refused")
    return {name: getattr(result, name) for name in names}


def _unchanged(report: Report, way: str, path: Path, owner: str) -> None:
    """Import a file that must change nothing, and may meet no problem."""
    result = _import(path, owner)
    report.counts[way] = _counted(result)
    for name in ("created", "updated", "refused"):
        for _ in range(getattr(result, name)):
            report.differ(way, name, "", "")
    for problem in result.problems:
        report.differ(way, f"problem in {problem.header}", problem.value, problem.rule)


def _compare(report: Report, way: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    for identifier in before.keys() | after.keys():
        one, other = before.get(identifier), after.get(identifier)
        if one is None or other is None:
            report.differ(way, "dataset", one and one["title"], other and other["title"])
            continue
        for name in sorted(one.keys() | other.keys()):
            if one.get(name) != other.get(name):
                report.differ(way, name, one.get(name), other.get(name))


def _same_cells(report: Report, first: Path, second: Path) -> int:
    one, other = _datasets(first), _datasets(second)
    for identifier in one.keys() | other.keys():
        rows, others = one.get(identifier, []), other.get(identifier, [])
        if len(rows) != len(others):
            report.differ("workbook → CKAN → workbook", "rows", len(rows), len(others))
        for row, changed in zip(rows, others, strict=False):
            for header in row:
                if row[header] != changed[header]:
                    where = "workbook → CKAN → workbook"
                    report.differ(where, header, row[header], changed[header])
    return sum(map(len, one.values()))


def _datasets(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of a workbook by the identifier of their dataset, as another program reads them."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True)
    headers = [str(value) for value in next(rows)]
    place = headers.index("标识符")
    found: dict[str, list[dict[str, Any]]] = {}
    current: list[dict[str, Any]] = []
    for row in rows:
        if row[place]:
            current = found.setdefault(row[place], [])
        current.append(dict(zip(headers, row, strict=True)))
    return found


class _timed:  # noqa: N801 - a context manager reads like a function
    def __init__(self, report: Report, name: str) -> None:
        self.report, self.name = report, name

    def __enter__(self) -> None:
        self.started = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.report.seconds[self.name] = round(time.perf_counter() - self.started, 1)


def as_json(report: Report) -> dict[str, Any]:
    """The figures, for other programs."""
    return {
        "records": report.records,
        "rows": report.rows,
        "differences": sum(report.differences.values()),
        "by_kind": dict(report.differences.most_common()),
        "imports": report.counts,
        "seconds": report.seconds,
    }


def _show(report: Report) -> None:
    click.echo(f"{report.records} datasets, {report.rows} rows")
    for way, counts in report.counts.items():
        told = ", ".join(f"{name} {number}" for name, number in counts.items())
        click.echo(f"{way:40} {told}")
    for kind, number in report.differences.most_common():
        click.echo(f"{number:6} {kind}")
    for example in report.examples:
        click.echo(f"       {example}")
    click.echo(f"differences: {sum(report.differences.values())}")


@click.command(help=__doc__)
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--ini", required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--records", default=5000, help="How many records go there and back.")
def main(corpus: Path, ini: str, records: int) -> None:
    """Run the measurement."""
    app = make_app(load_config(ini))
    logging.disable(logging.WARNING)
    with app._wsgi_app.test_request_context(), tempfile.TemporaryDirectory() as directory:
        _empty()
        report = run(spread(corpus, records), Path(directory))
    _show(report)
    click.echo(json.dumps(as_json(report), ensure_ascii=False))
    sys.exit(1 if report.differences or not report.records else 0)


if __name__ == "__main__":
    main()
