"""What the tests of the store stand on: an organisation, the theme groups, a source and its job."""

from types import SimpleNamespace

import pytest

from tests.store import sample


def theme_groups():
    """The theme groups, as rows: the action takes two seconds for all of them."""
    from ckan import model

    from ckanext.cn_govdata.schema.package import theme_group_name
    from ckanext.cn_govdata.standards.codelists import codelist

    for code, domain in codelist("open_domain_22").items():
        group = {"name": theme_group_name(code), "title": domain.label_zh, "type": "theme"}
        model.Session.add(model.Group(**group))
    model.Session.commit()


@pytest.fixture
def catalogue(clean_db, clean_index):
    import ckan.plugins.toolkit as tk
    from ckanext.harvest.model import HarvestJob, HarvestSource

    from ckanext.cn_govdata.schema.site_user import as_site_user

    theme_groups()
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


class _WithPlugin:
    """CKAN's plugins with one more among those that a module sees."""

    def __init__(self, plugin):
        self.plugin = plugin

    def PluginImplementations(self, interface):  # noqa: N802 - CKAN's name
        import ckan.plugins as p

        mine = [self.plugin] if interface.provided_by(self.plugin) else []
        return [*p.PluginImplementations(interface), *mine]

    def __getattr__(self, name):
        import ckan.plugins as p

        return getattr(p, name)


@pytest.fixture
def site_plugin(monkeypatch):
    """Let a module see a plugin of the site's own."""

    def add(module, plugin_class):
        plugin = plugin_class()
        monkeypatch.setattr(module, "p", _WithPlugin(plugin))
        return plugin

    return add
