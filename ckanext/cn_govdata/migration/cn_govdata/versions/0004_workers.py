"""Leases of portals, the queue of jobs, workers, and what running jobs have done so far.

What only helps to continue (`progress`, `page`) is unlogged: it costs little to write, and after a
crash of the database a job begins its listing anew.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TOKEN = "cn_govdata_lease_seq"
LEASE, QUEUE, WORKER = "cn_govdata_lease", "cn_govdata_queue", "cn_govdata_worker"
PROGRESS, PAGE = "cn_govdata_progress", "cn_govdata_page"
UNLOGGED = ["UNLOGGED"]


def upgrade():
    """Make the tables."""
    present = sa.inspect(op.get_bind()).get_table_names()
    if LEASE in present:
        return
    op.execute(f"DROP SEQUENCE IF EXISTS {TOKEN}")
    op.execute(sa.schema.CreateSequence(sa.Sequence(TOKEN)))
    op.create_table(
        LEASE,
        sa.Column("name", sa.UnicodeText, primary_key=True),
        sa.Column("host", sa.UnicodeText, nullable=False),
        sa.Column("token", sa.BigInteger, nullable=False),
        sa.Column("holder", sa.UnicodeText, nullable=False),
        sa.Column("expires", sa.DateTime(timezone=True), nullable=False),
    )
    # A key of its own: taking a lease over waits for a writer that holds the row's key, and
    # prolonging it does not.
    op.create_index(LEASE + "_token", LEASE, ["token"], unique=True)
    # Gone with its table: `ckan db clean` knows tables only.
    op.execute(f"ALTER SEQUENCE {TOKEN} OWNED BY {LEASE}.token")
    op.create_table(
        QUEUE,
        sa.Column("harvest_job_id", sa.UnicodeText, primary_key=True),
        sa.Column("harvest_source_id", sa.UnicodeText, nullable=False),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("host", sa.UnicodeText, nullable=False),
        sa.Column("manual", sa.Boolean, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("queued_at", sa.DateTime(timezone=True), server_default=sa.func.now()),
    )
    op.create_table(
        WORKER,
        sa.Column("holder", sa.UnicodeText, primary_key=True),
        sa.Column("host", sa.UnicodeText, nullable=False),
        sa.Column("pid", sa.Integer, nullable=False),
        sa.Column("started", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("seen", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("numbers", JSONB, nullable=False),
    )
    op.create_table(
        PROGRESS,
        sa.Column("harvest_job_id", sa.UnicodeText, primary_key=True),
        sa.Column("harvest_source_id", sa.UnicodeText, nullable=False),
        sa.Column("portal_id", sa.UnicodeText, nullable=False),
        sa.Column("holder", sa.UnicodeText, nullable=False),
        sa.Column("counters", JSONB, nullable=False),
        sa.Column("started", sa.DateTime, nullable=False),
        sa.Column("updated", sa.DateTime, nullable=False),
        prefixes=UNLOGGED,
    )
    op.create_table(
        PAGE,
        sa.Column("harvest_job_id", sa.UnicodeText, nullable=False),
        sa.Column("seq", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("pages", sa.LargeBinary, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        prefixes=UNLOGGED,
    )
    op.create_index(PAGE + "_job", PAGE, ["harvest_job_id", "seq"])


def downgrade():
    """Take the tables away."""
    for name in (PAGE, PROGRESS, WORKER, QUEUE, LEASE):
        op.drop_table(name)
    op.execute(f"DROP SEQUENCE IF EXISTS {TOKEN}")
