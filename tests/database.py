"""The test database: made anew once, emptied before each test."""

from ckan import model
from sqlalchemy import inspect, text
from sqlalchemy.orm import close_all_sessions

# Where a forgotten transaction holds a table, a test must fail, not hang.
LOCK_TIMEOUT = "20s"


def drop_everything():
    """Drop tables, triggers and functions, those of another CKAN release included."""
    close_all_sessions()
    with model.ensure_engine().begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))


def empty():
    """Delete all rows of all tables, except the versions of the migrations."""
    close_all_sessions()
    with model.ensure_engine().begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        filled = _filled(connection)
        if filled:
            connection.execute(text(f"TRUNCATE {', '.join(filled)} RESTART IDENTITY CASCADE"))


def _filled(connection):
    """Name the tables that hold rows: truncating all of them takes ten times as long."""
    tables = [
        f'"{name}"'
        for name in inspect(connection).get_table_names()
        if not name.endswith("alembic_version")
    ]
    queries = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {table})" for table in tables)
    return connection.execute(text(" UNION ALL ".join(queries))).scalars().all()
