"""The migration leaves core as it was, and makes what the models say."""

import sqlalchemy as sa

TRIGGERS = sa.text("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'cn_govdata%' ORDER BY 1")


def tables(connection):
    return {name for name in sa.inspect(connection).get_table_names() if "cn_govdata_" in name}


def test_down_and_up(clean_db, migrate_db_for):
    from ckan import model

    engine = model.ensure_engine()
    with engine.connect() as connection:
        before = connection.execute(TRIGGERS).scalars().all()
    assert len(before) == 6
    model.Session.remove()
    try:
        migrate_db_for("cn_govdata", "base", False)
        with engine.connect() as connection:
            assert connection.execute(TRIGGERS).scalars().all() == []
            assert tables(connection) <= {"cn_govdata_alembic_version"}
            functions = sa.text("SELECT count(*) FROM pg_proc WHERE proname LIKE 'cn_govdata%'")
            assert connection.execute(functions).scalar() == 0
    finally:
        migrate_db_for("cn_govdata")
    with engine.connect() as connection:
        assert connection.execute(TRIGGERS).scalars().all() == before


def every(ours):
    return [value for name, value in vars(ours).items() if name.endswith("_table")]


def test_models_and_tables_agree(clean_db):
    from ckan import model

    from ckanext.cn_govdata.store import tables as ours

    with model.ensure_engine().connect() as connection:
        inspector = sa.inspect(connection)
        for table in every(ours):
            found = {c["name"]: c["nullable"] for c in inspector.get_columns(table.name)}
            assert found == {str(c.name): c.nullable for c in table.c}
            assert inspector.get_foreign_keys(table.name) == []
            indexes = {index["name"] for index in inspector.get_indexes(table.name)}
            assert indexes == {index.name for index in table.indexes}
