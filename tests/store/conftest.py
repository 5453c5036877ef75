"""What the tests of the store stand on: an organisation, the theme groups, a source and its job."""

from types import SimpleNamespace

import pytest

from tests.store import sample


@pytest.fixture
def catalogue(clean_db, clean_index):
    import ckan.plugins.toolkit as tk
    from ckanext.harvest.model import HarvestJob, HarvestSource

    from ckanext.cn_govdata.schema import themes
    from ckanext.cn_govdata.schema.site_user import as_site_user

    themes.ensure()
    organization = tk.get_action("organization_create")(
        as_site_user(),
        {"name": "hefei", "title": "合肥市", "type": "organization", "division_code": "340100"},
    )
    source = HarvestSource(url="http://data.example.cn/", type="cn_portal", title="合肥市平台")
    source.save()
    job = HarvestJob(source=source)
    job.save()
    return SimpleNamespace(org=organization["id"], source=source.id, job=job.id)


@pytest.fixture
def writer(catalogue):
    from ckanext.cn_govdata.store.writer import BatchWriter

    return BatchWriter(
        harvest_source_id=catalogue.source,
        portal_id=sample.PORTAL,
        owner_org=catalogue.org,
        job_id=catalogue.job,
    )
