"""What a record has in common with the same dataset on other portals, and who owns it then.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

RECORD, CEDED = "cn_govdata_record", "cn_govdata_ceded"


def upgrade():
    """Add the column and the table."""
    if CEDED in sa.inspect(op.get_bind()).get_table_names():
        return
    op.add_column(RECORD, sa.Column("match_key", sa.UnicodeText))
    op.create_index(
        RECORD + "_match",
        RECORD,
        ["match_key"],
        postgresql_where=sa.text("match_key IS NOT NULL"),
    )
    op.create_table(
        CEDED,
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("owner_id", sa.UnicodeText, nullable=False),
        sa.Column("url", sa.UnicodeText),
        sa.Column("since", sa.DateTime, nullable=False),
    )
    op.create_index(CEDED + "_owner", CEDED, ["owner_id"])


def downgrade():
    """Take them away."""
    op.drop_table(CEDED)
    op.drop_index(RECORD + "_match", RECORD)
    op.drop_column(RECORD, "match_key")
