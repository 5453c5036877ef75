"""The slow path: chosen by itself, and the same datasets."""

from dataclasses import replace

import ckan.plugins as p
import pytest

from ckanext.cn_govdata.crawl import identity
from tests.store import look, sample


class OwnAction(p.SingletonPlugin):
    """A site's plugin that puts something of its own into `package_create`."""

    p.implements(p.IActions)

    def get_actions(self):
        import ckan.plugins.toolkit as tk

        @tk.chained_action
        def package_create(original, context, data_dict):
            return original(context, data_dict)

        return {"package_create": package_create}


@pytest.fixture
def by_actions(writer):
    writer.slow_because = ["a test"]
    return writer


def ids_of(items):
    return [identity.package_id(sample.PORTAL, item.source_id) for item in items]


def test_batches_on_a_plain_site(writer):
    assert writer.slow_because == []


def test_chosen_by_itself(site_plugin):
    from ckanext.cn_govdata.store import hooks

    site_plugin(hooks, OwnAction)
    assert hooks.not_honoured("dataset") == [
        "The plugin OwnAction replaces or extends package_create"
    ]


def test_same_datasets(writer, catalogue):
    items = sample.items(8)
    bad = replace(items[3].record, frequency="每两日")
    items[3] = sample.of(bad)
    ids = ids_of(items)
    writer.write(items)
    fast = look.rows(ids)
    from tests.store.test_same_as_actions import purge

    purge(ids)
    writer.slow_because = ["a test"]
    result = writer.write(items)

    assert (result.added, result.refused) == (8, ())
    slow = look.rows(ids)
    assert set(slow) == set(fast)
    for table, rows in fast.items():
        assert slow[table] == rows, table


def test_changes(by_actions):
    items = sample.items(3)
    by_actions.write(items)
    result = by_actions.write([sample.of(replace(items[0].record, title="改"))])
    assert (result.added, result.changed, result.refused) == (0, 1, ())
    assert look.show(ids_of(items)[0])["title"] == "改"
    assert set(look.documents()) == set(ids_of(items))


def test_refusal_names_the_value(by_actions):
    [item] = sample.items(1)
    result = by_actions.write([sample.of(replace(item.record, name="坏名"))])
    [refused] = result.refused
    assert (refused.source_id, refused.field, refused.value) == (item.source_id, "name", "坏名")
