"""Table of checks of portals.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLE = "cn_govdata_check"


def upgrade():
    """Make the table."""
    if TABLE in sa.inspect(op.get_bind()).get_table_names():
        return
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("portal_id", sa.UnicodeText, nullable=False),
        sa.Column("checked", sa.DateTime, nullable=False),
        sa.Column("word", sa.UnicodeText, nullable=False),
        sa.Column("result", JSONB, nullable=False),
    )
    op.create_index("cn_govdata_check_portal", TABLE, ["portal_id", "id"])


def downgrade():
    """Take the table away."""
    op.drop_table(TABLE)
