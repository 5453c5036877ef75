"""Withdrawal: grace, guard, return."""

from datetime import timedelta
from typing import ClassVar

import ckan.plugins as p

from ckanext.cn_govdata.crawl import identity
from ckanext.cn_govdata.crawl.messages import ItemStatus
from tests.store import look, sample


class Listener(p.SingletonPlugin):
    """A site's plugin that is told of deletions."""

    p.implements(p.IPackageController, inherit=True)
    told: ClassVar[list[str]] = []

    def delete(self, entity):
        self.told.append(entity.name)

    def after_dataset_delete(self, context, pkg_dict):
        self.told.append(pkg_dict["id"])


def id_of(item):
    return identity.package_id(sample.PORTAL, item.source_id)


def listing(seen, grace_days=7, max_share=0.2):
    from ckanext.cn_govdata.store import withdrawal
    from ckanext.cn_govdata.store.known import KnownRecords

    return withdrawal.after_complete_listing(
        KnownRecords.load(sample.PORTAL),
        {item.source_id for item in seen},
        grace_days=grace_days,
        max_share=max_share,
    )


def days_pass(days):
    from ckan import model

    from ckanext.cn_govdata.store.tables import GovRecord

    model.Session.query(GovRecord).filter(GovRecord.missing_since.is_not(None)).update(
        {"missing_since": GovRecord.missing_since - timedelta(days=days)}
    )
    model.Session.commit()


def states(items):
    return [look.show(id_of(item))["state"] for item in items]


def test_after_the_days_of_grace(writer):
    items = sample.items(10)
    writer.write(items)

    first = listing(items[1:])
    assert (first.withdrawn, first.missing, first.waiting) == (0, 1, ())
    days_pass(6)
    assert listing(items[1:]).withdrawn == 0
    days_pass(1)
    assert listing(items[1:]).withdrawn == 1

    assert states(items[:2]) == ["deleted", "active"]
    assert set(look.documents()) == {id_of(item) for item in items[1:]}
    assert listing(items[1:]).withdrawn == 0


def test_record_that_comes_back_in_time(writer):
    items = sample.items(10)
    writer.write(items)
    listing(items[1:])
    days_pass(30)

    assert listing(items).returned == 1
    assert listing(items[1:]).withdrawn == 0


def test_guard_and_a_person_s_word(writer):
    from ckanext.cn_govdata.store import withdrawal

    items = sample.items(10)
    writer.write(items)
    listing(items[5:])
    days_pass(8)

    decision = listing(items[5:])
    assert decision.withdrawn == 0
    assert {each.source_id for each in decision.waiting} == {i.source_id for i in items[:5]}
    assert states(items) == ["active"] * 10
    assert withdrawal.waiting(sample.PORTAL, grace_days=7) == decision.waiting

    assert withdrawal.confirm(sample.PORTAL, grace_days=7) == 5
    assert states(items) == ["deleted"] * 5 + ["active"] * 5
    assert len(look.documents()) == 5


def test_exactly_the_share_is_allowed(writer):
    items = sample.items(10)
    writer.write(items)
    assert listing(items[2:], grace_days=0).withdrawn == 2


def test_nothing_written_when_all_is_there(writer):
    import sqlalchemy as sa
    from ckan import model

    items = sample.items(5)
    writer.write(items)
    writes = []

    def _note(connection, cursor, statement, *_):
        if not statement.lstrip().upper().startswith(("SELECT", "BEGIN", "COMMIT")):
            writes.append(statement)

    engine = model.ensure_engine()
    sa.event.listen(engine, "before_cursor_execute", _note)
    try:
        decision = listing(items)
    finally:
        sa.event.remove(engine, "before_cursor_execute", _note)
    assert writes == []
    assert (decision.withdrawn, decision.missing, decision.returned) == (0, 0, 0)


def test_return_after_withdrawal(writer):
    from ckanext.cn_govdata.store.known import KnownRecords

    items = sample.items(10)
    writer.write(items)
    before = look.shown(id_of(items[0]))
    listing(items[1:], grace_days=0)
    assert states(items[:1]) == ["deleted"]
    assert KnownRecords.load(sample.PORTAL).get(items[0].source_id) is None

    result = writer.write(items[:1])

    assert result.changed == 1
    assert look.shown(id_of(items[0])) == before
    assert id_of(items[0]) in look.documents()
    assert KnownRecords.load(sample.PORTAL).get(items[0].source_id) == items[0].fingerprints
    assert listing(items, grace_days=0).withdrawn == 0


def test_hooks_of_other_plugins(writer, site_plugin):
    from ckanext.cn_govdata.store import removal, withdrawal

    site_plugin(removal, Listener)
    [item] = sample.items(1)
    writer.write([item])
    Listener.told.clear()
    assert withdrawal.withdraw([id_of(item)]) == 1
    assert Listener.told == [item.record.name, id_of(item)]


def test_withdrawn_twice_counts_once(writer):
    from dataclasses import replace

    [item] = sample.items(1)
    writer.write([item])
    gone = replace(item, status=ItemStatus.WITHDRAWN)
    assert writer.write([gone]).withdrawn == 1
    assert writer.write([gone]).withdrawn == 0


def test_objects_at_hand_see_it(writer):
    from ckan import model

    from ckanext.cn_govdata.store import withdrawal

    [item] = sample.items(1)
    writer.write([item])
    package = model.Package.get(id_of(item))
    assert package.state == "active"
    withdrawal.withdraw([id_of(item)])
    model.Session.commit()
    assert package.state == "deleted"
