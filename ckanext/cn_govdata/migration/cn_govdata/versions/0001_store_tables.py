"""Tables of the store: records, jobs and the outbox of the search index, with its triggers.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None
branch_labels = ("cn_govdata",)
depends_on = None

# One row an object, whatever happens to it: `seq` moves on, the row does not multiply. An UPDATE
# that leaves a row as it was is noise and is left out.
FILL_OUTBOX = """
CREATE OR REPLACE FUNCTION cn_govdata_fill_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO cn_govdata_outbox (kind, object_id)
        SELECT TG_TABLE_NAME, n.id FROM new_rows n
        ON CONFLICT (kind, object_id)
        DO UPDATE SET seq = DEFAULT, changed_at = DEFAULT, failure = NULL;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO cn_govdata_outbox (kind, object_id)
        SELECT TG_TABLE_NAME, n.id FROM new_rows n JOIN old_rows o ON o.id = n.id
        WHERE (n.*) IS DISTINCT FROM (o.*)
        ON CONFLICT (kind, object_id)
        DO UPDATE SET seq = DEFAULT, changed_at = DEFAULT, failure = NULL;
    ELSE
        INSERT INTO cn_govdata_outbox (kind, object_id)
        SELECT TG_TABLE_NAME, o.id FROM old_rows o
        ON CONFLICT (kind, object_id)
        DO UPDATE SET seq = DEFAULT, changed_at = DEFAULT, failure = NULL;
    END IF;
    RETURN NULL;
END
$$
"""

TRIGGER = """
CREATE TRIGGER cn_govdata_outbox_{event} AFTER {event} ON "{table}"
REFERENCING {rows}
FOR EACH STATEMENT EXECUTE FUNCTION cn_govdata_fill_outbox()
"""

ROWS = {
    "insert": "NEW TABLE AS new_rows",
    "update": "OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "OLD TABLE AS old_rows",
}
WATCHED = ("package", "group")


def upgrade():
    """Make the tables, then the triggers that fill the outbox."""
    existing = set(sa.inspect(op.get_bind()).get_table_names())
    for name, create in (
        ("cn_govdata_record", _create_record),
        ("cn_govdata_outbox", _create_outbox),
        ("cn_govdata_job", _create_job),
    ):
        if name not in existing:
            create()
    op.execute(FILL_OUTBOX)
    for table in WATCHED:
        for event, rows in ROWS.items():
            op.execute(f'DROP TRIGGER IF EXISTS cn_govdata_outbox_{event} ON "{table}"')
            op.execute(TRIGGER.format(event=event, table=table, rows=rows))


def downgrade():
    """Take away triggers, function and tables: core is as it was."""
    for table in WATCHED:
        for event in ROWS:
            op.execute(f'DROP TRIGGER IF EXISTS cn_govdata_outbox_{event} ON "{table}"')
    op.execute("DROP FUNCTION IF EXISTS cn_govdata_fill_outbox()")
    op.drop_table("cn_govdata_job")
    op.drop_table("cn_govdata_outbox")
    op.drop_table("cn_govdata_record")


def _create_record():
    op.create_table(
        "cn_govdata_record",
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("portal_id", sa.UnicodeText, nullable=False),
        sa.Column("source_id", sa.UnicodeText, nullable=False),
        sa.Column("harvest_source_id", sa.UnicodeText, nullable=False),
        sa.Column("harvest_object_id", sa.UnicodeText),
        sa.Column("list_hash", sa.UnicodeText),
        sa.Column("raw_hash", sa.UnicodeText, nullable=False),
        sa.Column("record_hash", sa.UnicodeText, nullable=False),
        sa.Column("mapping_version", sa.UnicodeText, nullable=False),
        sa.Column("detail_read_on", sa.UnicodeText),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("missing_since", sa.DateTime),
        sa.Column("first_seen", sa.DateTime, nullable=False),
        sa.Column("changed_at", sa.DateTime, nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'missing', 'withdrawn')", name="cn_govdata_record_state"
        ),
    )
    op.create_index(
        "cn_govdata_record_identity", "cn_govdata_record", ["portal_id", "source_id"], unique=True
    )
    op.create_index("cn_govdata_record_source", "cn_govdata_record", ["harvest_source_id"])


def _create_outbox():
    op.create_table(
        "cn_govdata_outbox",
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("object_id", sa.UnicodeText, primary_key=True),
        sa.Column("seq", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("failure", sa.UnicodeText),
    )


def _create_job():
    op.create_table(
        "cn_govdata_job",
        sa.Column("harvest_job_id", sa.UnicodeText, primary_key=True),
        sa.Column("harvest_source_id", sa.UnicodeText, nullable=False),
        sa.Column("portal_id", sa.UnicodeText, nullable=False),
        sa.Column("outcome", sa.UnicodeText, nullable=False),
        sa.Column("reason", sa.UnicodeText),
        sa.Column("evidence", sa.UnicodeText),
        sa.Column("counters", JSONB, nullable=False),
        sa.Column("started", sa.DateTime),
        sa.Column("ended", sa.DateTime, nullable=False),
    )
    op.create_index("cn_govdata_job_source", "cn_govdata_job", ["harvest_source_id", "ended"])
