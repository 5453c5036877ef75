"""The stock way: a harvester written on ckanext-harvest's base class, its own three stages."""

import json
import uuid

# Older than every dataset here: the base class leaves such a record alone.
LONG_AGO = "1970-01-01T00:00:00"


def run(items, owner_org, job, *, modified=None) -> None:
    """Gather, fetch and import records; with `modified` long ago none of them is written."""
    from ckanext.harvest import queue
    from ckanext.harvest.model import HarvestJob, HarvestObject

    job = HarvestJob.get(job.id)
    harvester = harvester_class()(items, owner_org, modified)
    for object_id in queue.gather_stage(harvester, job):
        queue.fetch_and_import_stages(harvester, HarvestObject.get(object_id))


def next_job(source_id):
    """Another job of a source."""
    from ckanext.harvest.model import HarvestJob

    following = HarvestJob(source_id=source_id)
    following.save()
    return following


def package_id(item):
    """The id that the stock way gives a record: not the one of ours."""
    record = item.record
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{record.portal_id} {record.source_id}"))


def harvester_class():
    from ckanext.harvest.harvesters import HarvesterBase
    from ckanext.harvest.model import HarvestObject

    from ckanext.cn_govdata.schema.package import to_package

    class StockHarvester(HarvesterBase):
        """What a harvester written on ckanext-harvest's base class does."""

        config = None

        def __init__(self, items, owner_org, modified) -> None:
            self.items = {item.source_id: item for item in items}
            self.owner_org = owner_org
            self.modified = modified

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
            key = package_id(self.items[harvest_object.guid])
            package = to_package(record, owner_org=self.owner_org, package_id=key)
            package.pop("name")
            package.setdefault("open_condition", "见来源平台")
            if self.modified:
                package["metadata_modified"] = self.modified
            return self._create_or_update_package(package, harvest_object, "package_show")

    return StockHarvester
