"""The validator (ETag or Last-Modified) of each record's detail, for conditional requests.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    """Add the column."""
    op.add_column("cn_govdata_record", sa.Column("validator", sa.UnicodeText))


def downgrade():
    """Drop the column."""
    op.drop_column("cn_govdata_record", "validator")
