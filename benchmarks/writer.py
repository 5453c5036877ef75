"""The batch writer alone, on records of all replay portals: new, unchanged and changed ones.

Records are made from the stored cells of the replay portals before the clock starts. Everything is
validated, committed and indexed.
"""

import uuid
from dataclasses import replace

from benchmarks import records
from benchmarks.meter import measured, table
from tests.store import sample


def run(number):
    """Write `number` records in several ways; milliseconds a record of each."""
    items = sample.items(number, f"340100-{uuid.uuid4().hex[:8]}", sample.DATA)
    rows = measure(items)
    print(f"batch writer, {len(items)} records")
    table(rows, len(items))
    print()
    each = {
        f"{name.replace(' ', '_')}_ms": round(cost.each(len(items))[0], 3) for name, cost in rows
    }
    return {"records": len(items), **each}


def measure(items):
    from ckanext.cn_govdata.crawl import identity
    from ckanext.cn_govdata.store import documents, outbox
    from ckanext.cn_govdata.store.known import KnownRecords

    portal_id = items[0].record.portal_id
    owner = records.owner()
    writer = records.new_writer(records.new_job(owner), portal_id, owner)
    writer.write([sample.item({"标题": "预热"}, "warm-up", portal_id)])
    outbox.drain()
    ids = [identity.package_id(portal_id, item.source_id) for item in items]
    changed = [sample.of(replace(item.record, frequency_text="改")) for item in items]

    def written(batch_items, expected):
        for batch in batches(batch_items):
            result = writer.write(batch)
            assert not result.refused, result.refused[:3]
            assert getattr(result, expected) == len(batch), result
        writer.flush()

    def compared():
        known = KnownRecords.load(portal_id)
        assert all(known.get(item.source_id) == item.fingerprints for item in items)

    works = {
        "fresh": lambda: written(items, "added"),
        "unchanged compared": compared,
        "one field changed": lambda: written(changed, "changed"),
        "documents only": lambda: [documents.build(batch) for batch in batches(ids)],
    }
    rows = []
    for name, work in works.items():
        with measured() as cost:
            work()
        rows.append((name, cost))
    return rows


def batches(values):
    return [values[start : start + records.BATCH] for start in range(0, len(values), records.BATCH)]
