"""The thread that waits for Solr while the next batch is written: nothing is lost or goes stale."""

from dataclasses import replace

import pysolr
import pytest

from tests.store import look, sample
from tests.store.test_same_as_actions import ids_of


@pytest.fixture
def beside(catalogue):
    """A writer that does not wait for Solr; what the fixtures changed is indexed already."""
    from ckanext.cn_govdata.store import outbox
    from ckanext.cn_govdata.store.writer import BatchWriter

    outbox.drain()
    return BatchWriter(
        harvest_source_id=catalogue.source,
        portal_id=sample.PORTAL,
        owner_org=catalogue.org,
        job_id=catalogue.job,
        index_beside=True,
    )


def test_documents_are_those_of_a_rebuild(beside):
    from ckan.lib import search

    from ckanext.cn_govdata.store import outbox

    items = sample.items(40)
    for start in range(0, 40, 10):
        beside.write(items[start : start + 10])
    beside.write([sample.of(replace(items[0].record, title="改后"))])
    beside.close()
    assert outbox.pending() == 0
    ours = look.documents()
    assert set(ours) == set(ids_of(items))
    assert ours[ids_of(items)[0]]["title"] == "改后"

    search.rebuild(package_ids=list(ours))

    assert look.documents() == ours


def test_withdrawn_datasets_leave_the_index(beside):
    from ckanext.cn_govdata.crawl.messages import ItemStatus

    items = sample.items(3)
    beside.write(items)
    beside.write([replace(items[0], status=ItemStatus.WITHDRAWN)])
    beside.flush()
    assert set(look.documents()) == set(ids_of(items[1:]))


def test_solr_that_does_not_answer_leaves_the_rows(beside, monkeypatch):
    from ckanext.cn_govdata.store import outbox

    nobody = pysolr.Solr("http://127.0.0.1:9/solr/none")
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "make_connection", lambda: nobody)
        assert beside.write(sample.items(3)).added == 3
        beside.flush()
    assert outbox.pending() == 3
    assert look.documents() == {}
    assert outbox.drain() == 3
    assert len(look.documents()) == 3


def test_document_that_solr_refuses_costs_no_other(beside, monkeypatch):
    from ckanext.cn_govdata.store import outbox, solr_update

    items = sample.items(9)
    bad = ids_of(items)[4]
    body = solr_update._body

    def spoilt(docs):
        return body([{**d, "metadata_created": "no date"} if d["id"] == bad else d for d in docs])

    with monkeypatch.context() as patched:
        patched.setattr(solr_update, "_body", spoilt)
        beside.write(items)
        beside.flush()
    assert len(look.documents()) == 8
    assert list(outbox.failures()) == [bad]
    assert outbox.pending() == 0


def test_dataset_that_changed_since_its_document_was_made_waits(beside, monkeypatch):
    import sqlalchemy as sa
    from ckan import model

    from ckanext.cn_govdata.store import index_thread as thread
    from ckanext.cn_govdata.store import outbox

    items = sample.items(2)
    first, second = ids_of(items)
    held = []
    with monkeypatch.context() as patched:
        patched.setattr(thread, "put", held.append)
        beside.write(items)
    # Somebody edits the dataset before its document is sent.
    package = model.package_table
    model.Session.execute(sa.update(package).where(package.c.id == first).values(notes="新"))
    model.Session.commit()
    for lot in held:
        thread.put(lot)
    thread.wait()

    assert set(look.documents()) == {second}
    assert outbox.pending() == 1
    assert outbox.drain() == 1
    assert look.documents()[first]["notes"] == "新"


def test_rows_that_another_process_indexes_are_left_to_it(beside, monkeypatch):
    import sqlalchemy as sa
    from ckan import model

    from ckanext.cn_govdata.store import index_thread as thread
    from ckanext.cn_govdata.store import outbox
    from ckanext.cn_govdata.store.tables import outbox_table

    items = sample.items(2)
    first, second = ids_of(items)
    held = []
    with monkeypatch.context() as patched:
        patched.setattr(thread, "put", held.append)
        beside.write(items)
    with model.ensure_engine().connect() as other:
        locked = sa.select(outbox_table).where(outbox_table.c.object_id == first)
        other.execute(locked.with_for_update()).all()
        for lot in held:
            thread.put(lot)
        thread.wait()
        assert set(look.documents()) == {second}
        assert outbox.pending() == 1
        assert outbox.left(sample.PORTAL) == 0  # the other one is at it
    assert outbox.left(sample.PORTAL) == 1
    assert outbox.left("110000") == 0


def test_child_process_has_a_thread_of_its_own(beside, monkeypatch):
    """A worker that forks: the thread of its parent is not there."""
    from ckanext.cn_govdata.store import index_thread as thread

    [one, other] = sample.items(2)
    beside.write([one])
    beside.flush()
    before = thread._threads._lots
    monkeypatch.setattr(thread._threads, "_pid", -1)
    beside.write([other])
    beside.flush()
    assert thread._threads._lots is not before
    assert len(look.documents()) == 2
