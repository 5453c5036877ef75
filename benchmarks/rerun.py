"""The second run of a source: records of which one field changed, and records that are the same.

The stock side updates each dataset anew (`package_update`) where anything changed, and leaves it
alone where the portal's date says that nothing did. Ours loads what is known of the portal and
compares the fingerprint of each raw record that the list gave. What the reading of the pages costs
before, whatever comes of it, is told apart.
"""

from dataclasses import replace
from statistics import median

from benchmarks import records, stock
from benchmarks.meter import Comparison, measured
from tests.store import sample


def run(number, rounds=3):
    """Both second runs; `number` records a round on the stock side, the whole portal on ours."""
    owner, reading = records.owner(), []
    changed, unchanged = Comparison("one field changed"), Comparison("unchanged")
    for _ in range(rounds):
        with records.replayed(2_000) as (source, fetch):
            answers = Answers(fetch)
            items = [item for item in crawl(source, answers) if item.record]
            theirs, ours = Stock(items[:number], owner), Ours(items, owner)
            changed.add(theirs.changed(), number, ours.changed(), len(items))
            unchanged.add(theirs.unchanged(), number, ours.unchanged(source), len(items))
            reading.append(ours.read(source, answers).each(len(items))[0])
    found = {
        "records": [number, len(items)],
        "changed": changed.result(),
        "unchanged": unchanged.result(),
        "reading_pages_ms": round(median(reading), 3),
    }
    print(f"reading the pages, from memory: {found['reading_pages_ms']} ms/record\n", flush=True)
    return found


def crawl(source, fetch, known=None):
    from ckanext.cn_govdata.crawl import flow

    return flow.crawl(source, fetch, known)


class Answers:
    """What a portal answered, kept: the second time no request is made."""

    def __init__(self, fetch):
        self.fetch = fetch
        self.kept = {}

    def __call__(self, request):
        key = (request.method, request.url, request.body)
        if key not in self.kept:
            self.kept[key] = self.fetch(request)
        return self.kept[key]


def altered(items):
    """The records with another update frequency in the portal's own words."""
    return [sample.of(replace(item.record, frequency_text="每两个月一次")) for item in items]


class Stock:
    def __init__(self, items, owner):
        self.items, self.owner = items, owner
        job = records.new_job(owner)
        self.source_id = job.source_id
        stock.run(items, owner, job)

    def changed(self):
        return self._again(altered(self.items))

    def unchanged(self):
        return self._again(self.items, modified=stock.LONG_AGO)

    def _again(self, items, **options):
        records.quiet()
        job = stock.next_job(self.source_id)
        with measured() as cost:
            stock.run(items, self.owner, job, **options)
        return cost


class Ours:
    def __init__(self, items, owner):
        self.items = items
        self.portal_id = items[0].record.portal_id
        self.writer = records.new_writer(records.new_job(owner), self.portal_id, owner)
        records.write(self.writer, items)

    def changed(self):
        items = altered(self.items)
        records.quiet()
        with measured() as cost:
            results = records.write(self.writer, items)
        assert sum(each.changed for each in results) == len(items)
        records.write(self.writer, self.items)  # as the portal has them, for what follows
        return cost

    def unchanged(self, source):
        from ckanext.cn_govdata.crawl import fingerprint
        from ckanext.cn_govdata.crawl.flow import steady
        from ckanext.cn_govdata.store.known import KnownRecords

        volatile = source.profile.volatile
        records.quiet()
        with measured() as cost:
            known = KnownRecords.load(self.portal_id)
            for item in self.items:
                raw_hash = fingerprint.digest(steady(item.raw, volatile))
                assert known.get(item.source_id).raw_hash == raw_hash
        return cost

    def read(self, source, answers):
        """The whole second run but the network: pages are read and nothing is written."""
        from ckanext.cn_govdata.crawl.messages import ItemStatus
        from ckanext.cn_govdata.store.known import KnownRecords

        records.quiet()
        with measured() as cost:
            known = KnownRecords.load(self.portal_id)
            seen = [item.status for item in crawl(source, answers, known)]
        assert seen.count(ItemStatus.UNCHANGED) == len(self.items), seen
        return cost
