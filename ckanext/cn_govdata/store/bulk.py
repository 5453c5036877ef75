"""Writing many rows with one statement and one bound parameter.

The rows travel as one JSON text, which PostgreSQL turns into a table of the target's own column
types. The statements are built from the table objects, so no SQL text is ever put together here,
and they run on SQLAlchemy 1.4 and 2.0 alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import orjson
import sqlalchemy as sa
from ckan import model
from sqlalchemy.dialects import postgresql

Row = Mapping[str, Any]


def insert(table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that all have the same keys."""
    if rows:
        statement = _insert_statement(table, tuple(rows[0]))
        model.Session.execute(statement, {"rows": _payload(rows)})


def update(table: sa.Table, rows: Sequence[Row], key: str = "id") -> None:
    """Set the columns of existing rows, found by `key`; all rows have the same keys."""
    if rows:
        statement = _update_statement(table, tuple(rows[0]), key)
        model.Session.execute(statement, {"rows": _payload(rows)})


def update_changed(table: sa.Table, rows: Sequence[Row], key: str = "id") -> int:
    """Like `update`, but rows that hold these values already are not written; counts the rest."""
    if not rows:
        return 0
    statement = _update_statement(table, tuple(rows[0]), key, only_changed=True)
    return model.Session.execute(statement, {"rows": _payload(rows)}).rowcount


def upsert(table: sa.Table, rows: Sequence[Row], key: str, keep: Iterable[str] = ()) -> None:
    """Insert rows, or set the columns of those that exist, except the columns to `keep`."""
    if rows:
        statement = _upsert_statement(table, tuple(rows[0]), key, frozenset(keep))
        model.Session.execute(statement, {"rows": _payload(rows)})


def any_of(column: sa.Column, values: Iterable[Any]) -> sa.sql.ColumnElement:
    """`column = ANY (values)`: one array parameter, whatever the number of values."""
    array = sa.cast(
        sa.literal(list(values), postgresql.ARRAY(sa.UnicodeText)),
        postgresql.ARRAY(sa.UnicodeText),
    )
    return column == sa.any_(array)


def _payload(rows: Sequence[Row]) -> str:
    return orjson.dumps(rows, default=str).decode()


def _recordset(table: sa.Table, columns: Sequence[str]) -> Any:  # noqa: ANN401
    rows = sa.cast(sa.bindparam("rows", type_=sa.Text), postgresql.JSON)
    typed = [sa.column(name, _plain_type(table.c[name].type)) for name in columns]
    return (
        sa.func.json_to_recordset(rows)
        .table_valued(*typed)
        .render_derived(name="given", with_types=True)
    )


def _plain_type(column_type: sa.types.TypeEngine) -> sa.types.TypeEngine:
    """The database's own type: the rows are in its form already, with nothing left to convert."""
    if isinstance(column_type, sa.types.TypeDecorator):
        return column_type.impl
    return column_type


@lru_cache(maxsize=64)
def _insert_statement(table: sa.Table, columns: tuple[str, ...]) -> sa.sql.Insert:
    given = _recordset(table, columns)
    chosen = sa.select(*[given.c[name] for name in columns])
    return sa.insert(table).from_select(columns, chosen, include_defaults=False)


@lru_cache(maxsize=64)
def _update_statement(
    table: sa.Table, columns: tuple[str, ...], key: str, *, only_changed: bool = False
) -> sa.sql.Update:
    given = _recordset(table, columns)
    values = {name: given.c[name] for name in columns if name != key}
    statement = sa.update(table).where(table.c[key] == given.c[key]).values(values)
    if only_changed:
        differs = [table.c[name].is_distinct_from(value) for name, value in values.items()]
        statement = statement.where(sa.or_(*differs))
    return statement


@lru_cache(maxsize=16)
def _upsert_statement(
    table: sa.Table, columns: tuple[str, ...], key: str, keep: frozenset[str]
) -> postgresql.Insert:
    given = _recordset(table, columns)
    chosen = sa.select(*[given.c[name] for name in columns])
    statement = postgresql.insert(table).from_select(columns, chosen, include_defaults=False)
    values = {
        name: statement.excluded[name] for name in columns if name != key and name not in keep
    }
    return statement.on_conflict_do_update(index_elements=[key], set_=values)
