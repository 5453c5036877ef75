"""A change of one field writes that field's row and no other, and moves the moment of change."""

from dataclasses import replace

import pytest

from ckanext.cn_govdata.crawl import identity
from tests.store import look, sample

# What every change writes: the dataset's row, our own record of it, the new harvest object beside
# the former one. The outbox is empty again.
ALWAYS = {"package", "cn_govdata_record", "harvest_object"}
TABLES = ("package", "resource", "tag", "package_tag", "member", "package_extra", *ALWAYS)


def versions():
    """Of every row, the transaction that wrote it last."""
    import sqlalchemy as sa
    from ckan import model

    found = {}
    for name in sorted(set(TABLES)):
        if not model.Session.execute(sa.select(sa.func.to_regclass(name))).scalar():
            continue
        key = "package_id" if name == "cn_govdata_record" else "id"
        query = sa.text(f"SELECT {key}, CAST(xmin AS text) FROM {name}")
        found[name] = dict(model.Session.execute(query).all())
    model.Session.rollback()
    return found


def written(before, after):
    """Rows that were written between two versions, by table."""
    counts = {
        name: sum(rows.get(key) != before[name].get(key) for key in rows.keys() | before[name])
        for name, rows in after.items()
    }
    return {name: number for name, number in counts.items() if number}


def extras_rows(number):
    """CKAN 2.11 keeps each extra in a row of its own."""
    from ckanext.cn_govdata.store.extras import IN_PACKAGE

    # The row with the former value goes, the one with the new value comes.
    return {} if IN_PACKAGE else {"package_extra": 2 * number}


@pytest.fixture
def three(writer):
    items = sample.varied(3)
    assert writer.write(items).added == 3
    return items


@pytest.mark.parametrize(
    ("change", "rows"),
    [
        (lambda r: {"title": "改"}, {}),
        (lambda r: {"notes": "改"}, {}),
        (lambda r: {"source_views": 4}, "extra"),
        (lambda r: {"tags": (*r.tags, "唯一的新标签")}, {"tag": 1, "package_tag": 1}),
        (lambda r: {"tags": r.tags[1:]}, {"package_tag": 1}),
        (
            lambda r: {"resources": (replace(r.resources[0], name="改"), *r.resources[1:])},
            {"resource": 1},
        ),
        (
            lambda r: {
                "resources": (*r.resources, replace(r.resources[0], url="http://a.example/n"))
            },
            {"resource": 1},
        ),
        (lambda r: {"resources": r.resources[:-1]}, {"resource": 1}),
    ],
    ids=["title", "notes", "extra", "tag", "no tag", "resource", "more", "fewer"],
)
def test_rows(writer, three, change, rows):
    item = next(each for each in three if each.record.tags and each.record.resources)
    package_id = identity.package_id(sample.PORTAL, item.source_id)
    before, moment = versions(), look.show(package_id)["metadata_modified"]
    result = writer.write([sample.of(replace(item.record, **change(item.record)))])
    assert result.changed == 1
    extra = extras_rows(1) if rows == "extra" else {}
    expected = {"package": 1, "cn_govdata_record": 1, "harvest_object": 2}
    assert written(before, versions()) == {
        **expected,
        **extra,
        **(rows if isinstance(rows, dict) else {}),
    }
    assert look.show(package_id)["metadata_modified"] > moment


def test_theme(writer, three):
    [item, *_] = [each for each in three if each.record.domain]
    other = "1" if item.record.domain != "1" else "2"
    before = versions()
    writer.write([sample.of(replace(item.record, domain=other, groups=(other,)))])
    assert written(before, versions())["member"] == 2  # out of one, into the other


def test_same_record_from_another_raw(writer, three):
    """The portal wrote its record in another way, the neutral record is the same."""
    before = versions()
    moments = [look.show(identity.package_id(sample.PORTAL, i.source_id)) for i in three]
    result = writer.write([sample.of(item.record, raw={"other": "raw"}) for item in three])
    assert (result.changed, result.same_record) == (0, 3)
    after = versions()
    assert {"package", "resource", "package_tag", "member"} & written(before, after).keys() == set()
    assert [look.show(identity.package_id(sample.PORTAL, i.source_id)) for i in three] == moments


def test_statements(writer):
    """The number of those that write does not depend on the number of datasets."""
    import sqlalchemy as sa
    from ckan import model

    items = sample.varied(30)
    writer.write(items)
    statements = []

    def note(connection, cursor, statement, *_):
        if not statement.startswith("SELECT"):
            statements.append(statement)

    engine = model.ensure_engine()
    counts = []
    for part in (items[:3], items[3:30]):
        statements.clear()
        sa.event.listen(engine, "before_cursor_execute", note)
        try:
            writer.write([sample.of(replace(item.record, notes="改")) for item in part])
        finally:
            sa.event.remove(engine, "before_cursor_execute", note)
        counts.append(len(statements))
        written_to = {each.split()[1] for each in statements if each.startswith("UPDATE")}
        assert written_to <= {"package", "harvest_object"}, written_to
    assert counts[0] == counts[1] < 10
