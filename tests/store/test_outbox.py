"""Between commit and index: nothing is lost, nothing stays wrong."""

import pysolr
import pytest

from ckanext.cn_govdata.crawl import identity
from tests.store import look, sample


@pytest.fixture
def drained(catalogue):
    """What the fixtures themselves changed is indexed already."""
    from ckanext.cn_govdata.store import outbox

    outbox.drain()


def test_death_between_commit_and_index(writer, drained, monkeypatch):
    from ckanext.cn_govdata.store import outbox

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "index", lambda ids: 0)
        writer.write(sample.items(12))
    assert look.documents() == {}
    assert outbox.pending() == 12

    assert outbox.drain() == 12

    assert len(look.documents()) == 12
    assert outbox.pending() == 0


def test_index_that_does_not_answer(writer, drained, monkeypatch):
    from ckanext.cn_govdata.store import outbox

    nobody = pysolr.Solr("http://127.0.0.1:9/solr/none")
    with monkeypatch.context() as patched:
        patched.setattr(outbox, "make_connection", lambda: nobody)
        result = writer.write(sample.items(3))
        assert (result.added, result.refused) == (3, ())
        with pytest.raises(pysolr.SolrError):
            outbox.drain()
    assert outbox.pending() == 3
    assert outbox.drain() == 3
    assert len(look.documents()) == 3


def test_document_that_solr_refuses_costs_no_other(writer, drained, monkeypatch):
    from ckanext.cn_govdata.store import documents, outbox

    items = sample.items(9)
    bad = identity.package_id(sample.PORTAL, items[4].source_id)
    build = documents.build

    def spoilt(ids):
        made = build(ids)
        for document in made.add:
            if document["id"] == bad:
                document["metadata_created"] = "not a date"
        return made

    with monkeypatch.context() as patched:
        patched.setattr(documents, "build", spoilt)
        writer.write(items)

    assert len(look.documents()) == 8
    assert list(outbox.failures()) == [bad]
    assert outbox.pending() == 0
    outbox.enqueue([bad])
    from ckan import model

    model.Session.commit()
    assert outbox.drain() == 1
    assert len(look.documents()) == 9


def test_one_row_an_object_and_noise_left_out(writer, drained):
    import sqlalchemy as sa
    from ckan import model

    from ckanext.cn_govdata.store import outbox
    from ckanext.cn_govdata.store.tables import outbox_table

    writer.write(sample.items(2))
    assert outbox.pending() == 0
    package = model.package_table
    model.Session.execute(sa.update(package).values(title=package.c.title))
    assert outbox.pending() == 0
    for word in ("一", "二"):
        model.Session.execute(
            sa.update(package).where(package.c.type == "dataset").values(notes=word)
        )
    assert outbox.pending() == 2
    sequence = model.Session.execute(sa.select(outbox_table.c.seq)).scalars().all()
    assert len(set(sequence)) == 2
    model.Session.rollback()
    assert outbox.pending() == 0


def test_purged_dataset_leaves_the_index(writer, drained):
    import ckan.plugins.toolkit as tk
    from ckan import model
    from ckanext.harvest.model import HarvestObject

    from ckanext.cn_govdata.store import outbox

    items = sample.items(2)
    writer.write(items)
    model.Session.query(HarvestObject).delete()
    gone = identity.package_id(sample.PORTAL, items[0].source_id)
    model.Session.query(model.Member).filter_by(table_id=gone).delete()
    model.Session.query(model.PackageTag).filter_by(package_id=gone).delete()
    model.Session.query(model.Resource).filter_by(package_id=gone).delete()
    if hasattr(model, "PackageExtra"):
        model.Session.query(model.PackageExtra).filter_by(package_id=gone).delete()
    model.Session.query(model.Package).filter_by(id=gone).delete()
    model.Session.commit()

    assert outbox.drain() == 1
    assert list(look.documents()) == [identity.package_id(sample.PORTAL, items[1].source_id)]
    assert tk.get_action("package_search")({}, {"rows": 0})["count"] == 1


def test_changed_organisation_changes_its_documents(writer, drained, catalogue):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import outbox

    writer.write(sample.items(3))
    patch = {"id": catalogue.org, "title": "合肥市人民政府"}
    tk.get_action("organization_patch")(as_site_user(), patch)

    assert outbox.drain() == 3

    titles = {
        each["validated_data_dict"]["organization"]["title"] for each in look.documents().values()
    }
    assert titles == {"合肥市人民政府"}


def test_rows_that_another_process_indexes_are_left_to_it(writer, drained):
    import sqlalchemy as sa
    from ckan import model

    from ckanext.cn_govdata.store import outbox
    from ckanext.cn_govdata.store.tables import outbox_table

    items = sample.items(2)
    writer.write(items)
    ids = [identity.package_id(sample.PORTAL, item.source_id) for item in items]
    outbox.enqueue(ids)
    model.Session.commit()
    with model.ensure_engine().connect() as other:
        locked = sa.select(outbox_table).where(outbox_table.c.object_id == ids[0])
        other.execute(locked.with_for_update()).all()
        assert outbox.index(ids) == 1
    assert outbox.index(ids) == 1


def test_people_s_own_edits_are_indexed_too(writer, drained, catalogue):
    """Also by CKAN itself; the outbox only makes sure."""
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.provenance import WRITER
    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.store import outbox

    package = {"name": "own", "title": "自建", "owner_org": catalogue.org, "type": "dataset"}
    made = tk.get_action("package_create")({**as_site_user(), WRITER: True}, package)
    by_ckan = look.documents()
    assert outbox.drain() == 1
    assert look.documents() == by_ckan
    assert list(by_ckan) == [made["id"]]
