"""`ckan cn-govdata index check | repair`: the search index against the database."""

from __future__ import annotations

import json
import sys
from collections import Counter
from itertools import islice

import ckan.plugins.toolkit as tk
import click
import pysolr

from ckanext.cn_govdata.store import index_state, outbox

_EXAMPLES = 10


@click.group(short_help="Search index against database")
def index() -> None:
    """Compare the search index with the database, and mend it."""


@index.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def check(as_json: bool) -> None:
    """Compare database and index by id and moment of change. Exits with 1 when they differ."""
    counts: Counter[str] = Counter()
    examples = []
    for difference in _differences():
        counts[difference.kind] += 1
        if len(examples) < _EXAMPLES:
            examples.append({"id": difference.package_id, "kind": difference.kind})
    result = {
        "datasets": index_state.count(),
        "differences": dict(counts),
        "waiting": outbox.pending(),
        "refused": outbox.failures(),
        "examples": examples,
    }
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        _show(result)
    sys.exit(1 if counts or result["refused"] else 0)


@index.command()
@click.option("--all", "everything", is_flag=True, help="Index every dataset anew.")
def repair(everything: bool) -> None:
    """Index what differs from the database, or with --all every dataset of the site."""
    try:
        done = _rebuilt() if everything else index_state.repair(_differences())
    except pysolr.SolrError as error:
        raise click.ClickException(f"The search index cannot be reached: {error}") from error
    failures = outbox.failures()
    for package_id, reason in islice(failures.items(), _EXAMPLES):
        tk.error_shout(f"{package_id}: {reason}")
    click.echo(f"{done} datasets indexed, {len(failures)} refused.")
    sys.exit(1 if failures else 0)


def _differences() -> list[index_state.Difference]:
    try:
        return list(index_state.differences())
    except pysolr.SolrError as error:
        raise click.ClickException(f"The search index cannot be reached: {error}") from error


def _rebuilt() -> int:
    with click.progressbar(length=index_state.count(), label="Datasets") as bar:
        return index_state.rebuild(lambda done: bar.update(done - bar.pos))


def _show(result: dict) -> None:
    differences = result["differences"]
    click.echo(f"{result['datasets']} datasets, {result['waiting']} wait for the index.")
    for kind, number in differences.items():
        click.echo(f"{kind}: {number}")
    for example in result["examples"]:
        click.echo(f"  {example['id']}  {example['kind']}")
    for package_id, reason in islice(result["refused"].items(), _EXAMPLES):
        click.echo(f"refused: {package_id}: {reason}")
    if not differences:
        click.echo("Index and database agree.")
