"""The records of the benchmarks, and what both ways need to write them."""

import json
import uuid
from dataclasses import replace
from random import choices
from string import ascii_lowercase

from tests.portals import catalogue
from tests.portals.server import ReplayPortal

PORTAL = "451300"
TITLE = "标题"  # as that portal names it
BATCH = 500


def crawled(number):
    """The first records of a replayed portal, mapped; identities are new at every call."""
    with replayed(number) as (source, fetch):
        from ckanext.cn_govdata.crawl import flow

        return [item for item in flow.crawl(source, fetch) if item.record]


class replayed:  # noqa: N801 - a context manager
    """A replay portal of so many records: the source to read it by, and what fetches.

    Each has titles of its own: two portals with the same records would share their datasets.
    """

    def __init__(self, number):
        [self.stored] = [one for one in catalogue.portals() if one.portal == PORTAL]
        mark = "".join(choices(ascii_lowercase, k=6))
        self.records = [
            replace(each, cells={**each.cells, TITLE: f"{each.cells[TITLE]} {mark}"})
            for each in self.stored.records()[:number]
        ]

    def __enter__(self):
        from ckanext.cn_govdata.crawl.client import Client, ClientSettings
        from ckanext.cn_govdata.portals import source

        stored = self.stored
        self.portal = ReplayPortal(
            stored.family, self.records, context=stored.context, **stored.options
        )
        self.portal.__enter__()
        config = {
            "family": stored.family,
            "portal_id": f"{PORTAL}-{uuid.uuid4().hex[:8]}",
            "parameters": stored.parameters,
        }
        settings = ClientSettings(rate=0, host_concurrency=4, allowed_networks=("127.0.0.0/8",))
        self.client = Client(settings)
        return source.build(config, self.portal.base_url), self.client.__enter__().fetch

    def __exit__(self, *error):
        self.client.__exit__(*error)
        self.portal.__exit__(*error)


def owner():
    """The organisation that owns the datasets, and the theme groups."""
    from ckanext.cn_govdata.schema import organizations, themes

    themes.ensure()
    return organizations.ensure(PORTAL)


def new_job(owner_org):
    """A new harvest source and its first job."""
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
            "owner_org": owner_org,
        },
    )
    job = HarvestJob(source_id=source["id"])
    job.save()
    return job


def new_writer(job, portal_id, owner_org):
    """A batch writer as a harvest has it."""
    from ckanext.cn_govdata.store.writer import BatchWriter

    return BatchWriter(
        harvest_source_id=job.source_id,
        portal_id=portal_id,
        owner_org=owner_org,
        job_id=job.id,
        index_beside=True,
    )


def write(writer, items):
    """Write items in batches and wait for the index; the results."""
    results = [writer.write(items[at : at + BATCH]) for at in range(0, len(items), BATCH)]
    writer.flush()
    for result in results:
        assert not result.refused, result.refused[:3]
    return results


def quiet():
    """Let nothing of the work before be paid for by the work that follows."""
    import gc

    from ckan import model

    model.Session.remove()  # a harvest does not begin with another's objects in its session
    gc.collect()
