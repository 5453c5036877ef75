"""What each administrative level asks of the records of a corpus that they lack.

    python -m tests.fidelity.obligations DIR --ini test.ini [--out docs/obligations.md]

DIR holds gzipped JSON lines (`*.jsonl.gz`), one dataset a line, with the labels that a portal
shows as keys. Each record is mapped as a harvest maps it, then judged by the site's own schema
as a dataset that is created by hand in an organisation of each level. Nothing is written.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

# CKAN puts its own folder, which holds a `tests`, before all others on the path: ours come first.
from . import examples as worked
from .cleaners import share, write
from .corpus import entries

# isort: split
from ckan.cli import load_config
from ckan.config.middleware import make_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ckanext.cn_govdata.crawl.record import Record
    from ckanext.cn_govdata.schema.violation import Violation

LEVELS = ("national", "province", "prefecture", "county")
COMMONEST = 25


@dataclass(slots=True)
class Level:
    """The records judged at one level."""

    valid: int = 0
    errors: int = 0
    rules: Counter[tuple[str, str, str]] = field(default_factory=Counter)


@dataclass(slots=True)
class Result:
    """What a corpus lacks."""

    records: int = 0
    refused: int = 0
    seconds: float = 0.0
    levels: dict[str, Level] = field(default_factory=lambda: {name: Level() for name in LEVELS})
    own: Counter[str] = field(default_factory=Counter)
    own_valid: Counter[str] = field(default_factory=Counter)


def run(records: Iterable[Record | None]) -> Result:
    """Judge every record at every level. Needs a CKAN with the suite's schemas."""
    from ckanext.cn_govdata.crawl.identity import package_id
    from ckanext.cn_govdata.schema.package import to_package

    started = time.perf_counter()
    result, formal = Result(), _formal()
    for record in records:
        if record is None:
            result.refused += 1
            continue
        result.records += 1
        identity = package_id(record.portal_id, record.source_id)
        package = to_package(record.as_dict(), owner_org="one", package_id=identity)
        violations = formal(package)
        for name, level in result.levels.items():
            valid = _judge(package, name, level, violations)
            if name == record.admin_level:
                result.own[name] += 1
                result.own_valid[name] += valid
    result.seconds = time.perf_counter() - started
    return result


def _judge(package: dict[str, Any], name: str, level: Level, formal: list[Violation]) -> bool:
    from ckanext.cn_govdata.schema.obligations import check

    found = [*formal, *check(package, name, draft=False)]
    level.rules.update({(each.place, each.rule, each.obligation) for each in found})
    errors = sum(each.is_error for each in found)
    level.errors += errors
    level.valid += not errors
    return not errors


def _formal() -> Callable[[dict[str, Any]], list[Violation]]:
    """What the validators of the single fields and the rule on personal data refuse."""
    from ckanext.cn_govdata.schema import personal
    from ckanext.cn_govdata.schema.provenance import WRITER
    from ckanext.cn_govdata.schema.violation import Violation
    from ckanext.cn_govdata.store import schemas

    schema = schemas.site_schema("dataset").create
    facts = schemas.BatchFacts(organizations={"one": "one"})
    context = {WRITER: True, schemas.BATCH: facts, "user": "", "ignore_auth": True}

    def refused(package: dict[str, Any]) -> list[Violation]:
        _, errors = schema.validate(package, context)
        texts = [Violation(path, "M", said[0], "value") for path, said in errors.items()]
        return [*texts, *personal.violations(package)]

    return refused


def markdown(result: Result) -> str:
    """The result as two tables."""
    day = datetime.now(UTC).date().isoformat()
    parts = [
        f"{result.records:,} records, measured {day}; {result.refused:,} without a title are no datasets.",
        "",
        "| Level | Validate (no error) | Share | Errors a record | Records of this level | Validate at their own level |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for name, level in result.levels.items():
        own = result.own[name]
        mean = level.errors / result.records if result.records else 0
        cells = (
            f"{level.valid:,}",
            share(level.valid, result.records),
            f"{mean:.2f}",
            f"{own:,}",
            share(result.own_valid[name], own),
        )
        parts.append(f"| {name} | {' | '.join(cells)} |")
    parts += [
        "",
        "Records with the finding, by level; (M) error, (C) error where its condition holds, (R) recommendation.",
        "",
        f"| Field | Rule | {' | '.join(LEVELS)} |",
        f"|---|---|{'--:|' * len(LEVELS)}",
    ]
    for place, rule in ranked(result)[:COMMONEST]:
        cells = " | ".join(_cell(level, place, rule) for level in result.levels.values())
        parts.append(f"| `{place}` | {rule} | {cells} |")
    return "\n".join(parts)


def ranked(result: Result) -> list[tuple[str, str]]:
    """Places and rules, those with most errors at all levels first, then recommendations."""
    total: Counter[tuple[str, str]] = Counter()
    errors: Counter[tuple[str, str]] = Counter()
    for level in result.levels.values():
        for (place, rule, obligation), number in level.rules.items():
            total[place, rule] += number
            errors[place, rule] += number * (obligation != "R")
    return sorted(total, key=lambda key: (-errors[key], -total[key], key))


def _cell(level: Level, place: str, rule: str) -> str:
    found = [
        f"{number:,} ({obligation})"
        for obligation in ("M", "C", "R")
        if (number := level.rules[place, rule, obligation])
    ]
    return ", ".join(found) or "–"


def as_json(result: Result) -> dict[str, Any]:
    """The figures, for other programs."""
    levels = {
        name: {
            "valid": level.valid,
            "errors": level.errors,
            "findings": [
                {"field": place, "rule": rule, "obligation": obligation, "records": number}
                for (place, rule, obligation), number in level.rules.most_common()
            ],
        }
        for name, level in result.levels.items()
    }
    own = {name: [result.own_valid[name], result.own[name]] for name in LEVELS}
    return {
        "records": result.records,
        "refused": result.refused,
        "seconds": round(result.seconds, 1),
        "valid_at_own_level": own,
        "levels": levels,
    }


@click.command(help=__doc__)
@click.argument("corpus", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--ini", required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--out", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--examples", is_flag=True, help="Show two records under the obligations of two levels."
)
def main(corpus: Path, ini: str, out: Path | None, examples: bool) -> None:
    """Run the measurement."""
    app = make_app(load_config(ini))
    logging.disable(logging.WARNING)
    with app._wsgi_app.test_request_context():
        if examples:
            click.echo(worked.markdown(entry.record for entry in entries(corpus)))
            return
        result = run(entry.record for entry in entries(corpus))
        if not result.records:
            raise click.ClickException(f"{corpus} holds no *.jsonl.gz with records")
        text = markdown(result)
    click.echo(text)
    if out:
        write(out, text)
    click.echo(json.dumps(as_json(result)))


if __name__ == "__main__":
    sys.exit(main())
