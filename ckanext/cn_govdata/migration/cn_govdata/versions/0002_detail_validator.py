"""The validator (ETag or Last-Modified) of each record's detail, for conditional requests.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    """Add the column."""
    op.add_column("cn_govdata_record", sa.Column("validator", sa.UnicodeText))


def downgrade():
    """Drop the column."""
    op.drop_column("cn_govdata_record", "validator")
