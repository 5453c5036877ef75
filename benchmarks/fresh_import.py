"""Fresh import of the same records: ckanext-harvest's base harvester, then the batch writer.

Both sides get the same neutral records from memory, so that no portal's speed is in the figures;
both leave datasets of the same content in the database and the search index, and both wait until
Solr has answered.
"""

from benchmarks import records, stock
from benchmarks.meter import Comparison, measured

WARM_UP = 10  # records imported both ways before the clock starts


def run(number, rounds=3):
    """Import `number` records a round the stock way, and the whole portal with the batch writer."""
    owner = records.owner()
    comparison = Comparison("fresh import")
    first = records.crawled(WARM_UP)
    stock.run(first, owner, records.new_job(owner))
    by_writer(first, owner)
    for _ in range(rounds):
        items = records.crawled(2_000)
        some = items[:number]
        records.quiet()
        job = records.new_job(owner)
        with measured() as theirs:
            stock.run(some, owner, job)
        records.quiet()
        job = records.new_job(owner)
        writer = records.new_writer(job, items[0].record.portal_id, owner)
        with measured() as ours:
            written = records.write(writer, items)
        assert sum(each.added for each in written) == len(items)
        comparison.add(theirs, len(some), ours, len(items))
    return {"records": [len(some), len(items)], **comparison.result()}


def by_writer(items, owner) -> None:
    job = records.new_job(owner)
    records.write(records.new_writer(job, items[0].record.portal_id, owner), items)
