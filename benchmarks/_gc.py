"""The batch writer alone: new, unchanged and changed records, and the reindexing of a site's share.

    python benchmarks/writer.py --ini ckan.ini [--records 3000] [DIR]

Records are made from the stored cells of the replay portals, or of the corpus in DIR, before the
clock starts. Everything is validated, committed and indexed. The datasets stay: use a scratch
instance. Prints a table (wall and processor time of this process, statements a record) and, last,
one JSON line.
"""

import argparse
import json
import resource
import sys
import time
import uuid
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from ckan.cli import load_config
from ckan.config.middleware import make_app

sys.path.insert(0, str(Path(__file__).parents[1]))
BATCH = 500


import gc
def main():
    gc.disable()
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("directory", nargs="?", type=Path)
    arguments.add_argument("--ini", required=True)
    arguments.add_argument("--records", type=int, default=3000)
    options = arguments.parse_args()
    app = make_app(load_config(options.ini))
    with app._wsgi_app.test_request_context():
        from tests.store import sample

        items = sample.items(
            options.records, f"340100-{uuid.uuid4().hex[:8]}", options.directory or sample.DATA
        )
        rows = measure(items)
    print(f"{'':24}{'ms/record':>11}{'CPU ms':>9}{'SQL/record':>12}")
    for name, wall, cpu, statements in rows:
        print(f"{name:24}{wall:>11.3f}{cpu:>9.3f}{statements:>12.3f}")
    result = {name.replace(" ", "_") + "_ms": round(wall, 3) for name, wall, *_ in rows}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"benchmark": "writer", "records": len(items), **result, "peak_mb": peak}))


def measure(items):
    from ckanext.cn_govdata.crawl import identity
    from ckanext.cn_govdata.crawl.messages import ItemStatus
    from ckanext.cn_govdata.store import documents, outbox
    from ckanext.cn_govdata.store.known import KnownRecords
    from tests.store import sample

    portal_id = items[0].record.portal_id
    writer = new_writer(portal_id)
    writer.write([sample.item({"标题": "预热"}, "warm-up", portal_id)])
    outbox.drain()
    ids = [identity.package_id(portal_id, item.source_id) for item in items]
    unchanged = [replace(item, status=ItemStatus.UNCHANGED) for item in items]
    changed = [sample.of(replace(item.record, frequency_text="改")) for item in items]

    def written(batch_items, expected):
        for batch in batches(batch_items):
            result = writer.write(batch)
            assert not result.refused, result.refused[:3]
            assert getattr(result, expected) == len(batch), result

    def compared():
        known = KnownRecords.load(portal_id)
        assert all(known.get(item.source_id) == item.fingerprints for item in items)

    rows = [("fresh", *timed(lambda: written(items, "added"), items))]
    rows.append(("unchanged compared", *timed(compared, items)))
    rows.append(
        ("unchanged written", *timed(lambda: [writer.write(b) for b in batches(unchanged)], items))
    )
    rows.append(("one field changed", *timed(lambda: written(changed, "changed"), items)))
    rows.append(
        ("documents only", *timed(lambda: [documents.build(b) for b in batches(ids)], items))
    )
    return rows


def new_writer(portal_id):
    from ckanext.harvest.model import HarvestJob, HarvestSource

    from ckanext.cn_govdata.schema import organizations, themes
    from ckanext.cn_govdata.store.writer import BatchWriter

    themes.ensure()
    owner = organizations.ensure("340100")
    source = HarvestSource(url="http://data.example.cn/", type="cn_portal", title=portal_id)
    source.save()
    job = HarvestJob(source=source)
    job.save()
    return BatchWriter(
        harvest_source_id=source.id, portal_id=portal_id, owner_org=owner, job_id=job.id
    )


def batches(values):
    return [values[start : start + BATCH] for start in range(0, len(values), BATCH)]


def timed(work, items):
    """Wall and processor milliseconds and SQL statements, each per record."""
    from ckan import model

    statements = 0

    def count(*_):
        nonlocal statements
        statements += 1

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", count)
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        work()
    finally:
        sa.event.remove(engine, "before_cursor_execute", count)
    number = len(items)
    return (
        1000 * (time.perf_counter() - wall) / number,
        1000 * (time.process_time() - cpu) / number,
        statements / number,
    )


if __name__ == "__main__":
    main()
