"""Refused records of jobs, totals over all jobs, and whom the daily mail has reached.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ERROR, TOTAL, DIGEST = "cn_govdata_error", "cn_govdata_total", "cn_govdata_digest"


def upgrade():
    """Make the tables."""
    if ERROR in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        ERROR,
        sa.Column("harvest_job_id", sa.UnicodeText, primary_key=True),
        sa.Column("kind", sa.UnicodeText, primary_key=True),
        sa.Column("source_id", sa.UnicodeText, primary_key=True),
        sa.Column("harvest_source_id", sa.UnicodeText, nullable=False),
        sa.Column("field", sa.UnicodeText),
        sa.Column("value", sa.UnicodeText),
        sa.Column("reason", sa.UnicodeText, nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index(ERROR + "_source", ERROR, ["harvest_source_id"])
    op.create_table(
        TOTAL,
        sa.Column("name", sa.UnicodeText, primary_key=True),
        sa.Column("value", sa.BigInteger, nullable=False),
    )
    op.create_table(
        DIGEST,
        sa.Column("recipient", sa.UnicodeText, primary_key=True),
        sa.Column("sent", sa.DateTime, nullable=False),
    )


def downgrade():
    """Take the tables away."""
    for name in (DIGEST, TOTAL, ERROR):
        op.drop_table(name)
