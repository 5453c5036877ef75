"""The store's own tables.

They refer to core's and ckanext-harvest's rows by id, without foreign keys: `harvest_source_clear`
deletes those rows by raw SQL, and a foreign key would make it fail.
"""

from __future__ import annotations

from datetime import UTC, datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

ACTIVE = "active"
MISSING = "missing"  # not in the last complete listing, within its days of grace
WITHDRAWN = "withdrawn"


def now() -> datetime:
    """The present in UTC without a zone, as CKAN's own columns keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


class GovRecord(tk.BaseModel):
    """One harvested dataset: where it comes from and what it looked like when last written."""

    __tablename__ = "cn_govdata_record"
    __table_args__ = (
        sa.CheckConstraint(
            "state IN ('active', 'missing', 'withdrawn')", name="cn_govdata_record_state"
        ),
        sa.Index("cn_govdata_record_identity", "portal_id", "source_id", unique=True),
        sa.Index("cn_govdata_record_source", "harvest_source_id"),
    )

    package_id = sa.Column(sa.UnicodeText, primary_key=True)
    portal_id = sa.Column(sa.UnicodeText, nullable=False)
    source_id = sa.Column(sa.UnicodeText, nullable=False)
    harvest_source_id = sa.Column(sa.UnicodeText, nullable=False)
    harvest_object_id = sa.Column(sa.UnicodeText)
    list_hash = sa.Column(sa.UnicodeText)
    raw_hash = sa.Column(sa.UnicodeText, nullable=False)
    record_hash = sa.Column(sa.UnicodeText, nullable=False)
    mapping_version = sa.Column(sa.UnicodeText, nullable=False)
    detail_read_on = sa.Column(sa.UnicodeText)
    validator = sa.Column(sa.UnicodeText)
    state = sa.Column(sa.UnicodeText, nullable=False)
    missing_since = sa.Column(sa.DateTime)
    first_seen = sa.Column(sa.DateTime, nullable=False)
    changed_at = sa.Column(sa.DateTime, nullable=False)


class GovOutbox(tk.BaseModel):
    """A dataset or group whose row changed since the search index last saw it.

    Filled by triggers. `failure` holds Solr's words about a document that it refused.
    """

    __tablename__ = "cn_govdata_outbox"

    kind = sa.Column(sa.UnicodeText, primary_key=True)
    object_id = sa.Column(sa.UnicodeText, primary_key=True)
    seq = sa.Column(sa.BigInteger, sa.Identity(), nullable=False)
    changed_at = sa.Column(sa.DateTime(timezone=True), server_default=sa.func.now())
    failure = sa.Column(sa.UnicodeText)


class GovJob(tk.BaseModel):
    """What one harvest job came to; survives the pruning of ckanext-harvest's own rows."""

    __tablename__ = "cn_govdata_job"
    __table_args__ = (sa.Index("cn_govdata_job_source", "harvest_source_id", "ended"),)

    harvest_job_id = sa.Column(sa.UnicodeText, primary_key=True)
    harvest_source_id = sa.Column(sa.UnicodeText, nullable=False)
    portal_id = sa.Column(sa.UnicodeText, nullable=False)
    outcome = sa.Column(sa.UnicodeText, nullable=False)
    reason = sa.Column(sa.UnicodeText)
    evidence = sa.Column(sa.UnicodeText)
    counters = sa.Column(JSONB, nullable=False)
    started = sa.Column(sa.DateTime)
    ended = sa.Column(sa.DateTime, nullable=False)


class GovCheck(tk.BaseModel):
    """What one check of a portal found; the last few of each portal are kept."""

    __tablename__ = "cn_govdata_check"
    __table_args__ = (sa.Index("cn_govdata_check_portal", "portal_id", "id"),)

    id = sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    portal_id = sa.Column(sa.UnicodeText, nullable=False)
    checked = sa.Column(sa.DateTime, nullable=False)
    word = sa.Column(sa.UnicodeText, nullable=False)
    result = sa.Column(JSONB, nullable=False)


record_table: sa.Table = GovRecord.__table__
outbox_table: sa.Table = GovOutbox.__table__
job_table: sa.Table = GovJob.__table__
check_table: sa.Table = GovCheck.__table__
