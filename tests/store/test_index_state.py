"""The index against the database: what differs is found and mended, nothing else is touched."""

import json

import pytest

from tests.store import look, sample


def index_id(package_id):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.store import solr_update

    return solr_update.index_id(package_id, tk.config["ckan.site_id"])


@pytest.fixture
def filled(writer):
    """Thirty datasets, in the database and in the index."""
    from ckanext.cn_govdata.store import outbox

    writer.write(sample.items(30))
    outbox.drain()
    outbox.commit()
    return sorted(look.documents())


def kinds():
    from ckanext.cn_govdata.store import index_state

    return {each.package_id: each.kind for each in index_state.differences()}


def change(package_ids, **values):
    """Change rows behind the back of triggers and hooks."""
    import sqlalchemy as sa
    from ckan import model

    table = model.package_table
    model.Session.execute(sa.text("SET session_replication_role = replica"))
    model.Session.execute(sa.update(table).where(table.c.id.in_(package_ids)).values(**values))
    model.Session.execute(sa.text("SET session_replication_role = DEFAULT"))
    model.Session.commit()


def test_agreement_is_no_difference(filled):
    from ckanext.cn_govdata.store import index_state

    assert kinds() == {}
    assert index_state.count() == len(filled) == 30


@pytest.mark.smoke
def test_each_kind_is_found_and_mended(filled, monkeypatch):

    from ckan.lib.search.common import make_connection

    from ckanext.cn_govdata.store import index_state

    monkeypatch.setattr(index_state, "_PAGE", 7)
    lacking, stale, gone = filled[0:2], filled[14:16], filled[28:30]
    make_connection().delete(id=[index_id(each) for each in lacking], commit=True)
    change(stale, title="改过的标题", metadata_modified="2030-01-02T03:04:05.678912")
    change(gone, state="deleted")
    assert kinds() == {
        **dict.fromkeys(lacking, index_state.LACKING),
        **dict.fromkeys(stale, index_state.STALE),
        **dict.fromkeys(gone, index_state.LEFT_OVER),
    }

    done = []
    assert index_state.repair(list(index_state.differences()), done.append) == 6

    assert done == [6]
    assert kinds() == {}
    documents = look.documents()
    assert sorted(documents) == filled[:28]
    assert {documents[each]["title"] for each in stale} == {"改过的标题"}


def test_rebuild_needs_no_difference(filled, monkeypatch):
    from ckan.lib.search.common import make_connection

    from ckanext.cn_govdata.store import index_state

    connection = make_connection(decode_dates=False)
    for package_id in filled[3:5]:
        # The same moment, another content: only a rebuild finds it.
        (document,) = connection.search("*:*", fq=f"id:{package_id}")
        kept = ("index_id", "id", "site_id", "entity_type", "dataset_type", "metadata_modified")
        wrong = {"title": "错误的标题", "data_dict": "{}", "validated_data_dict": "{}"}
        connection.add([{**{key: document[key] for key in kept}, **wrong}], commit=True)
    nobody = {"index_id": "x", "id": "none", "site_id": _site(), "entity_type": "package"}
    connection.add([nobody], commit=True)
    assert index_state.rebuild() == 31
    documents = look.documents()
    assert sorted(documents) == filled
    assert "错误的标题" not in {each["title"] for each in documents.values()}


def test_documents_of_another_site_stay(filled):
    from ckan.lib.search.common import make_connection

    from ckanext.cn_govdata.store import index_state

    connection = make_connection()
    other = {"index_id": "other", "id": "none", "site_id": "elsewhere", "entity_type": "package"}
    connection.add([other], commit=True)
    assert kinds() == {}
    index_state.rebuild()
    assert connection.search("index_id:other").hits == 1


def test_commands(filled, cli):
    from ckan.lib.search.common import make_connection

    from ckanext.cn_govdata.cli import cn_govdata

    assert cli.invoke(cn_govdata, ["index", "check"]).exit_code == 0
    make_connection().delete(id=[index_id(filled[0])], commit=True)
    checked = cli.invoke(cn_govdata, ["index", "check", "--json"])
    assert checked.exit_code == 1
    assert json.loads(checked.stdout.splitlines()[-1])["differences"] == {"lacking": 1}
    repaired = cli.invoke(cn_govdata, ["index", "repair"])
    assert (repaired.exit_code, repaired.output.splitlines()[-1]) == (
        0,
        "1 datasets indexed, 0 refused.",
    )
    everything = cli.invoke(cn_govdata, ["index", "repair", "--all"])
    assert everything.output.splitlines()[-1] == "30 datasets indexed, 0 refused."
    assert cli.invoke(cn_govdata, ["index", "check"]).exit_code == 0


def _site():
    import ckan.plugins.toolkit as tk

    return tk.config["ckan.site_id"]
