"""What a night in which nothing changed adds to the database: rows, and bytes on disk.

The stock side gathers, fetches and skips every record. Before each look the tables are written
anew (`VACUUM FULL`): space that is free to be used again is not growth.
"""

import sqlalchemy as sa

from benchmarks import records, rerun

TABLES = ("harvest_object", "package", "resource", "cn_govdata_record", "cn_govdata_outbox")
NIGHTS = 3
MILLION = 1_000_000


def run(number):
    """Several nights of both ways; megabytes a night for 100,000 records."""
    owner = records.owner()
    with records.replayed(2_000) as (source, fetch):
        answers = rerun.Answers(fetch)
        items = [item for item in rerun.crawl(source, answers) if item.record]
        ours, theirs = rerun.Ours(items, owner), rerun.Stock(items[:number], owner)
        found = {
            "records": [number, len(items)],
            "stock": grown(theirs.unchanged, number),
            "ours": grown(lambda: ours.read(source, answers), len(items)),
        }
    for side in ("stock", "ours"):
        print(f"unchanged night, {side}: {found[side]}")
    print(flush=True)
    return found


def grown(night, number):
    """What some nights of so many records added, a night: MB for 100,000 records, and rows."""
    before_bytes, before_rows = size(), rows()
    for _ in range(NIGHTS):
        night()
    added = size() - before_bytes
    after = rows()
    return {
        "mb_per_100000": round(added / NIGHTS / number * 100_000 / MILLION, 2),
        "rows": {name: (after[name] - before_rows[name]) / NIGHTS for name in TABLES},
    }


def size():
    """Bytes of all tables and indexes, without the maps of free space beside them."""
    from ckan import model

    model.Session.remove()
    statement = sa.text(
        "SELECT sum(pg_relation_size(oid)) FROM pg_class"
        " WHERE relkind IN ('r', 'i', 't') AND relnamespace <> 'pg_catalog'::regnamespace"
    )
    with model.ensure_engine().connect() as opened:
        connection = opened.execution_options(isolation_level="AUTOCOMMIT")
        connection.execute(sa.text("VACUUM FULL"))
        return int(connection.execute(statement).scalar_one())


def rows():
    from ckan import model

    count = sa.select(sa.func.count())
    return {
        name: model.Session.execute(count.select_from(sa.table(name))).scalar_one()
        for name in TABLES
    }
