"""What a worker does beside its jobs."""

import threading

import pytest


@pytest.fixture
def wait():
    """Wait for the threads of a name."""

    def joined(name):
        for thread in threading.enumerate():
            if thread.name == name:
                thread.join(60)

    return joined


def test_an_index_that_lost_datasets_is_mended(portal, wait):
    from ckan.lib.search.common import make_connection

    from ckanext.cn_govdata.harvest import housekeeping
    from ckanext.cn_govdata.store import index_state

    portal(size=12).run()
    solr = make_connection()
    lost = [each["id"] for each in solr.search("entity_type:package AND type:dataset", rows=3)]
    solr.delete(q=f"id:({' OR '.join(lost)})", commit=True)
    assert {each.package_id for each in index_state.differences()} == set(lost)
    chore = housekeeping.IndexComparison()
    chore.begin_if_due()
    wait("index-comparison")
    assert list(index_state.differences()) == []


def test_index_and_database_are_compared_again_when_solr_was_away(monkeypatch):
    from ckanext.cn_govdata.harvest import housekeeping

    compared = []
    monkeypatch.setattr(housekeeping, "_compare", lambda: compared.append(True))
    answers = iter([True, True, False, False, True, True])
    monkeypatch.setattr(housekeeping.outbox, "answers", lambda: next(answers))
    chore = housekeeping.IndexComparison()
    counts = []
    for _ in range(6):
        chore.begin_if_due()
        for thread in threading.enumerate():
            if thread.name == "index-comparison":
                thread.join()
        counts.append(len(compared))
    assert counts == [1, 1, 1, 1, 2, 2]
