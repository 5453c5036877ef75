"""Fresh import of the same records: ckanext-harvest's base harvester, then the batch writer.

Both sides get the same neutral records from memory, so that no portal's speed is in the figures;
both leave datasets of the same content in the database and the search index. The stock side runs
ckanext-harvest's own gather, fetch and import stages.
"""

import gc
import json
import uuid

from benchmarks.meter import measured, table
from tests.portals import catalogue
from tests.portals.server import ReplayPortal

BATCH = 500
WARM_UP = 10  # records imported both ways before the clock starts


def run(number):
    """Import `number` records both ways; the figures."""
    from ckan import model

    from ckanext.cn_govdata.schema import organizations

    items = read(number + WARM_UP)
    owner = organizations.ensure("451300")
    items, first = items[WARM_UP:], items[:WARM_UP]
    stock_import(first, owner)
    batch_import(first, owner)
    with measured() as stock:
        stock_import(items, owner)
    model.Session.remove()  # a harvest does not begin with another's objects in its session
    gc.collect()
    with measured() as batch:
        batch_import(items, owner)
    print(f"fresh import of {len(items)} records")
    table((("stock", stock), ("batch writer", batch)), len(items))
    ratio = stock.wall / batch.wall
    print(f"ratio {ratio:.1f}\n")
    return {
        "records": len(items),
        "stock_ms": round(stock.each(len(items))[0], 2),
        "batch_ms": round(batch.each(len(items))[0], 2),
        "stock_sql": round(stock.each(len(items))[2], 2),
        "batch_sql": round(batch.each(len(items))[2], 2),
        "ratio": round(ratio, 1),
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
    for first in range(0, len(items), BATCH):
        writer.write(items[first : first + BATCH])


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
