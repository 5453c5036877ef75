"""What must be true after a night: every record a dataset, once; index and database the same."""

from collections import Counter

import sqlalchemy as sa

_EXAMPLES = 5


def datasets(expected):
    """Compare the active datasets with what the portals list; `expected` are ids by portal.

    With a number instead of ids, only that is compared.
    """
    from ckan import model

    from ckanext.cn_govdata.store.tables import record_table

    package = model.package_table
    statement = (
        sa.select(record_table.c.portal_id, record_table.c.source_id)
        .join(package, package.c.id == record_table.c.package_id)
        .where(package.c.state == "active", package.c.type == "dataset")
    )
    rows = [tuple(row) for row in model.Session.execute(statement)]
    active = sa.select(sa.func.count()).where(
        package.c.state == "active", package.c.type == "dataset"
    )
    total = model.Session.execute(active).scalar_one()
    found = set(rows)
    result = {"found": total, "unknown": total - len(rows), "twice": len(rows) - len(found)}
    by_portal = Counter(portal_id for portal_id, _ in found)
    if any(isinstance(each, int) for each in expected.values()):
        differ = {
            portal: (number, by_portal[portal])
            for portal, number in expected.items()
            if number != by_portal[portal]
        }
        return {
            **result,
            "expected": sum(expected.values()),
            "missing": sum(max(0, wanted - there) for wanted, there in differ.values()),
            "surplus": sum(max(0, there - wanted) for wanted, there in differ.values()),
            "missing_examples": [f"{p}: {n} of {w}" for p, (w, n) in differ.items()][:_EXAMPLES],
        }
    wanted = {(portal, each) for portal, ids in expected.items() for each in ids}
    missing = wanted - found
    return {
        **result,
        "expected": len(wanted),
        "missing": len(missing),
        "surplus": len(found - wanted),
        "missing_examples": sorted(map(str, missing))[:_EXAMPLES],
    }


def index():
    """What `index check` says: differences by kind, what waits, what was refused."""
    from ckan import model

    from ckanext.cn_govdata.store import index_state, outbox

    model.Session.rollback()
    kinds = Counter(each.kind for each in index_state.differences())
    result = {
        "datasets": index_state.count(),
        "differences": dict(kinds),
        "waiting": outbox.pending(),
        "refused": len(outbox.failures()),
    }
    model.Session.rollback()
    return result


def unfinished():
    """Jobs that have not ended, or ended without a word although nothing is known of them."""
    from ckan import model
    from ckanext.harvest.model import HarvestJob

    model.Session.rollback()
    return model.Session.query(HarvestJob).filter(HarvestJob.status != "Finished").count()


class Sizes:
    """Bytes of the database and its tables at one moment."""

    def __init__(self):
        from ckan import model

        model.Session.rollback()
        size = sa.text("SELECT pg_database_size(current_database())")
        self.database = model.Session.execute(size).scalar_one()
        tables = sa.text(
            "SELECT relname, pg_total_relation_size(oid) FROM pg_class"
            " WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        self.tables = dict(model.Session.execute(tables).all())
        model.Session.rollback()

    def growth(self, later):
        """Megabytes of the database's growth, and the tables that grew most."""
        grown = Counter(
            {name: size - self.tables.get(name, 0) for name, size in later.tables.items()}
        )
        return {
            "growth_mb": round((later.database - self.database) / 2**20, 2),
            "grown_tables_mb": {
                name: round(size / 2**20, 2) for name, size in grown.most_common(4) if size > 0
            },
        }


def tidy():
    """Vacuum now, so that no autovacuum works into the next night's figures."""
    from ckan import model

    model.Session.rollback()
    with model.ensure_engine().connect() as opened:
        opened.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("VACUUM ANALYZE"))
