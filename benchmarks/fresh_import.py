"""Fresh import of the same records: ckanext-harvest's base harvester, then the batch writer.

    python -m benchmarks.fresh_import --ini ckan.ini [--records 400]

Both sides get the same neutral records from memory, so that no portal's speed is in the figures;
both leave datasets of the same content in the database and the search index. The stock side runs
ckanext-harvest's own gather, fetch and import stages. Prints a table and, last, one JSON line.
"""

import argparse
import contextlib
import json
import resource
import time
import uuid

# CKAN puts its own folder, which holds a `tests`, before all others on the path: ours come first.
from tests.portals import catalogue
from tests.portals.server import ReplayPortal

# isort: split
from ckan.cli import load_config
from ckan.config.middleware import make_app


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--ini", required=True)
    arguments.add_argument("--records", type=int, default=400)
    options = arguments.parse_args()
    app = make_app(load_config(options.ini))
    with app._wsgi_app.test_request_context():
        result = compare(options.records)
    print(json.dumps(result))


def compare(number):
    items = read(number)
    from ckanext.cn_govdata.schema import organizations

    owner = organizations.ensure("451300")
    with statements() as stock_sql:
        stock = timed(lambda: stock_import(items, owner))
    with statements() as ours_sql:
        ours = timed(lambda: batch_import(items, owner))
    rows = (("stock", stock, stock_sql[0]), ("batch writer", ours, ours_sql[0]))
    print(f"{'':14}{'records':>9}{'seconds':>9}{'ms/record':>11}{'SQL/record':>12}")
    for name, seconds, sql in rows:
        per = 1000 * seconds / len(items)
        print(f"{name:14}{len(items):>9}{seconds:>9.2f}{per:>11.2f}{sql / len(items):>12.2f}")
    print(f"ratio {stock / ours:.1f}")
    return {
        "benchmark": "fresh_import",
        "records": len(items),
        "stock_ms": round(1000 * stock / len(items), 2),
        "batch_ms": round(1000 * ours / len(items), 2),
        "stock_sql": round(stock_sql[0] / len(items), 2),
        "batch_sql": round(ours_sql[0] / len(items), 2),
        "ratio": round(stock / ours, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def read(number):
    """The first records of a replayed portal, mapped; identities are new at every run."""
    from ckanext.cn_govdata.crawl import flow
    from ckanext.cn_govdata.crawl.client import Client, ClientSettings
    from ckanext.cn_govdata.portals import source

    [stored] = [one for one in catalogue.portals() if one.portal == "451300"]
    records = stored.records()[:number]
    with ReplayPortal(stored.family, records, context=stored.context, **stored.options) as portal:
        config = {
            "family": stored.family,
            "portal_id": f"451300-{uuid.uuid4().hex[:8]}",
            "parameters": stored.parameters,
        }
        settings = ClientSettings(rate=0, host_concurrency=4, allowed_networks=("127.0.0.0/8",))
        with Client(settings) as client:
            built = source.build(config, portal.base_url)
            return [item for item in flow.crawl(built, client.fetch) if item.record]


def batch_import(items, owner) -> None:
    from ckanext.cn_govdata.store.writer import BatchWriter

    job = new_job(owner)
    writer = BatchWriter(
        harvest_source_id=job.source_id,
        portal_id=items[0].record.portal_id,
        owner_org=owner,
        job_id=job.id,
    )
    for first in range(0, len(items), 500):
        writer.write(items[first : first + 500])


def stock_import(items, owner) -> None:
    from ckanext.harvest import queue

    job = new_job(owner)
    harvester = stock_harvester()(items, owner)
    from ckanext.harvest.model import HarvestObject

    for object_id in queue.gather_stage(harvester, job):
        queue.fetch_and_import_stages(harvester, HarvestObject.get(object_id))


def stock_harvester():
    from ckanext.harvest.harvesters import HarvesterBase
    from ckanext.harvest.model import HarvestObject

    from ckanext.cn_govdata.schema.package import to_package

    class StockHarvester(HarvesterBase):
        """What a harvester written on ckanext-harvest's base class does."""

        config = None

        def __init__(self, items, owner) -> None:
            self.items = {item.source_id: item for item in items}
            self.owner = owner

        def gather_stage(self, harvest_job):
            ids = []
            for source_id in self.items:
                found = HarvestObject(guid=source_id, job=harvest_job)
                found.save()
                ids.append(found.id)
            return ids

        def fetch_stage(self, harvest_object) -> bool:
            record = self.items[harvest_object.guid].record
            harvest_object.content = json.dumps(record.as_dict())
            harvest_object.save()
            return True

        def import_stage(self, harvest_object):
            record = json.loads(harvest_object.content)
            package_id = str(uuid.uuid5(uuid.NAMESPACE_OID, harvest_object.id))
            package = to_package(record, owner_org=self.owner, package_id=package_id)
            package.pop("name")
            package.setdefault("open_condition", "见来源平台")
            return self._create_or_update_package(package, harvest_object, "package_show")

    return StockHarvester


def new_job(owner):
    from ckan.plugins import toolkit as tk
    from ckanext.harvest.model import HarvestJob

    from ckanext.cn_govdata.schema.site_user import as_site_user

    key = uuid.uuid4().hex[:12]
    source = tk.get_action("harvest_source_create")(
        as_site_user(),
        {
            "name": f"benchmark-{key}",
            "title": f"benchmark {key}",
            "url": f"http://127.0.0.1/{key}",
            "source_type": "cn_portal",
            "config": json.dumps({"family": "inspur-oportal"}),
            "owner_org": owner,
        },
    )
    job = HarvestJob(source_id=source["id"])
    job.save()
    return job


def timed(call):
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


@contextlib.contextmanager
def statements():
    """Count the SQL statements sent while the block runs."""
    import sqlalchemy as sa
    from ckan import model

    engine = model.meta.engine
    count = [0]

    def counted(*_) -> None:
        count[0] += 1

    sa.event.listen(engine, "before_cursor_execute", counted)
    try:
        yield count
    finally:
        sa.event.remove(engine, "before_cursor_execute", counted)


if __name__ == "__main__":
    main()
