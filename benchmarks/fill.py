"""A scratch CKAN of national size, in minutes: `python -m benchmarks.fill --ini ckan.ini`.

A few thousand real records of the replay portals go through the batch writer into a source of
their own. What it leaves of each (its rows in every table and its document) becomes a template, of
which all datasets are copies under their own names: rows by COPY, documents in large requests.
Every dataset is therefore what a harvest leaves of a record, down to `package_show`.
"""

import argparse
import random
import time
from collections import Counter
from dataclasses import dataclass
from queue import Queue
from threading import Thread

# CKAN puts its own folder, which holds a `tests`, before all others on the path: ours come first.
import tests.portals.server
import tests.store.sample  # noqa: F401

# isort: split
from ckan.cli import load_config
from ckan.config.middleware import make_app

DATASETS, SOURCES, LARGEST = 350_000, 700, 57_000
TEMPLATES = 2_000
BLOCK = 2_500  # datasets a COPY and a request to Solr
SENDERS = 2
SEED = 6  # of the choice of templates and of the ids of rows
EDITOR, ADMINISTRATOR = "bench-editor", "bench-admin"


@dataclass(frozen=True)
class Filled:
    """What the site holds: sources from the largest down, with their numbers of datasets."""

    datasets: int
    sizes: dict  # id of source: number
    largest_source: str  # id
    largest_organization: str  # id
    seconds: float


def fill(datasets=DATASETS, sources=SOURCES, *, largest=None, harvester_is_member=True):
    """Fill an empty CKAN; must run in a request context.

    `harvester_is_member`: the user under whom datasets are written administers all organisations
    and groups, as it does where organisations were made by a harvester of the stock kind.
    """
    from benchmarks import fill_sources, fill_templates
    from ckanext.cn_govdata.store import outbox

    begun = time.monotonic()
    say = _clock(begun)
    if largest is None:
        largest = min(LARGEST, datasets // 6)
    sizes = shares(datasets, sources, largest)
    made = fill_sources.make(sizes)
    say(f"{len(made)} sources with their organisations")
    templates = fill_templates.make(TEMPLATES)
    say(f"{len(templates)} templates")
    _copy(made, templates, say)
    fill_sources.jobs(made)
    fill_sources.members(made, harvester_is_member=harvester_is_member)
    say("jobs, errors, members")
    outbox.drain()
    outbox.commit()
    _analyze()
    say("index of sources, statistics")
    return Filled(
        datasets=datasets,
        sizes={each.source_id: each.size for each in made},
        largest_source=made[0].source_id,
        largest_organization=made[0].owner_org,
        seconds=round(time.monotonic() - begun, 1),
    )


def shares(datasets, sources, largest):
    """Numbers of datasets of the sources, falling as one over the rank; none has none."""
    rest, others = datasets - largest, sources - 1
    if others < 1:
        return [datasets]
    weights = [1 / (rank + 20) for rank in range(others)]
    scale = (rest - others) / sum(weights)
    sizes = [1 + min(int(weight * scale), largest) for weight in weights]
    for each in range(rest - sum(sizes)):
        sizes[-1 - each % others] += 1
    return [largest, *sizes]


def _copy(made, templates, say):
    """Copy the templates over all sources, rows and documents at the same time."""
    from ckan import model

    blocks = Queue(maxsize=2 * SENDERS)
    failures = []
    senders = [Thread(target=_send, args=(blocks, failures), daemon=True) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    raw = model.ensure_engine().raw_connection()
    done = 0
    try:
        cursor = raw.cursor()
        # No triggers: they would put all datasets into the outbox and check every foreign key.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        for names, documents in _blocks(made, templates):
            for table, columns, lines in names:
                lines.seek(0)
                cursor.copy_expert(f'COPY "{table}" ({columns}) FROM STDIN', lines)
            raw.commit()
            blocks.put(documents)
            done += len(documents)
            if done % (20 * BLOCK) == 0:
                say(f"{done} datasets")
            if failures:
                raise failures[0]
        cursor.execute("SET session_replication_role = DEFAULT")
        raw.commit()
    finally:
        raw.close()
        for _ in senders:
            blocks.put(None)
        for sender in senders:
            sender.join()
    if failures:
        raise failures[0]
    say(f"{done} datasets, rows and documents")


def _blocks(made, templates):
    """Rows of all tables as texts for COPY, and documents, block by block."""
    import io

    chance = random.Random(SEED)
    tables = templates[0].tables
    texts, documents = [io.StringIO() for _ in tables], []
    for source in made:
        for number in range(source.size):
            template = chance.choice(templates)
            names = template.names(source, number, chance)
            for text, lines in zip(texts, template.rows, strict=True):
                text.write(lines % names)
            documents.append(source.document_start + template.document % names)
            if len(documents) == BLOCK:
                yield _named(tables, texts), documents
                texts, documents = [io.StringIO() for _ in tables], []
    if documents:
        yield _named(tables, texts), documents


def _named(tables, texts):
    return [(table, columns, text) for (table, columns), text in zip(tables, texts, strict=True)]


def _send(blocks, failures):
    """Send blocks of documents to Solr until there is None."""
    import ckan.plugins.toolkit as tk
    import requests

    address = tk.config["solr_url"].rstrip("/") + "/update"
    headers = {"Content-Type": "application/json; charset=utf-8"}
    with requests.Session() as session:
        while (documents := blocks.get()) is not None:
            if failures:
                continue
            body = "[" + ",".join(documents) + "]"
            try:
                session.post(address, data=body.encode(), headers=headers).raise_for_status()
            except requests.RequestException as error:
                failures.append(error)


def _analyze():
    from ckan import model

    with model.ensure_engine().connect().execution_options(isolation_level="AUTOCOMMIT") as one:
        one.exec_driver_sql("VACUUM ANALYZE")


def _clock(begun):
    def say(what):
        print(f"{time.monotonic() - begun:6.0f} s  {what}", flush=True)

    return say


def main():
    arguments = argparse.ArgumentParser(prog="python -m benchmarks.fill", description=__doc__)
    arguments.add_argument("--ini", required=True)
    arguments.add_argument("--datasets", type=int, default=DATASETS)
    arguments.add_argument("--sources", type=int, default=SOURCES)
    options = arguments.parse_args()
    app = make_app(load_config(options.ini))
    with app._wsgi_app.test_request_context():
        filled = fill(options.datasets, options.sources)
    sizes = Counter(filled.sizes).most_common(3)
    print(f"{filled.datasets} datasets in {filled.seconds} s; the largest sources: {sizes}")


if __name__ == "__main__":
    main()
