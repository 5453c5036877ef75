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
        sa.Index(
            "cn_govdata_record_match",
            "match_key",
            postgresql_where=sa.text("match_key IS NOT NULL"),
        ),
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
    match_key = sa.Column(sa.UnicodeText)


class GovCeded(tk.BaseModel):
    """A record that has no dataset of its own: another portal's record owns the dataset.

    `url` is the record's page on its own portal.
    """

    __tablename__ = "cn_govdata_ceded"
    __table_args__ = (sa.Index("cn_govdata_ceded_owner", "owner_id"),)

    package_id = sa.Column(sa.UnicodeText, primary_key=True)
    owner_id = sa.Column(sa.UnicodeText, nullable=False)
    url = sa.Column(sa.UnicodeText)
    since = sa.Column(sa.DateTime, nullable=False)


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


lease_token = sa.Sequence("cn_govdata_lease_seq", metadata=tk.BaseModel.metadata)


class GovLease(tk.BaseModel):
    """Who may write a portal's records now, and until when unless the holder says it lives on."""

    __tablename__ = "cn_govdata_lease"
    __table_args__ = (sa.Index("cn_govdata_lease_token", "token", unique=True),)

    name = sa.Column(sa.UnicodeText, primary_key=True)
    host = sa.Column(sa.UnicodeText, nullable=False)
    token = sa.Column(sa.BigInteger, nullable=False)
    holder = sa.Column(sa.UnicodeText, nullable=False)
    expires = sa.Column(sa.DateTime(timezone=True), nullable=False)


class GovQueue(tk.BaseModel):
    """A harvest job that waits for a worker or runs in one; `name` is that of its lease."""

    __tablename__ = "cn_govdata_queue"

    harvest_job_id = sa.Column(sa.UnicodeText, primary_key=True)
    harvest_source_id = sa.Column(sa.UnicodeText, nullable=False)
    name = sa.Column(sa.UnicodeText, nullable=False)
    host = sa.Column(sa.UnicodeText, nullable=False)
    manual = sa.Column(sa.Boolean, nullable=False)
    attempts = sa.Column(sa.Integer, nullable=False, server_default="0")
    queued_at = sa.Column(sa.DateTime(timezone=True), server_default=sa.func.now())


class GovWorker(tk.BaseModel):
    """A worker process: `seen` is moved while it lives; `numbers` say what it has done."""

    __tablename__ = "cn_govdata_worker"

    holder = sa.Column(sa.UnicodeText, primary_key=True)
    host = sa.Column(sa.UnicodeText, nullable=False)
    pid = sa.Column(sa.Integer, nullable=False)
    started = sa.Column(sa.DateTime(timezone=True), server_default=sa.func.now())
    seen = sa.Column(sa.DateTime(timezone=True), server_default=sa.func.now())
    numbers = sa.Column(JSONB, nullable=False)


class GovProgress(tk.BaseModel):
    """What a running job has done so far; gone when it has ended."""

    __tablename__ = "cn_govdata_progress"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - as SQLAlchemy wants it

    harvest_job_id = sa.Column(sa.UnicodeText, primary_key=True)
    harvest_source_id = sa.Column(sa.UnicodeText, nullable=False)
    portal_id = sa.Column(sa.UnicodeText, nullable=False)
    holder = sa.Column(sa.UnicodeText, nullable=False)
    counters = sa.Column(JSONB, nullable=False)
    started = sa.Column(sa.DateTime, nullable=False)
    updated = sa.Column(sa.DateTime, nullable=False)


class GovPage(tk.BaseModel):
    """Pages of a listing whose records are written; gone when the job has ended."""

    __tablename__ = "cn_govdata_page"
    __table_args__ = (
        sa.Index("cn_govdata_page_job", "harvest_job_id", "seq"),
        {"prefixes": ["UNLOGGED"]},
    )

    harvest_job_id = sa.Column(sa.UnicodeText, nullable=False)
    seq = sa.Column(sa.BigInteger, sa.Identity(), primary_key=True)
    pages = sa.Column(sa.LargeBinary, nullable=False)
    at = sa.Column(sa.DateTime, nullable=False)


class GovError(tk.BaseModel):
    """A record that a harvest job could not take, or took with a fault of this kind."""

    __tablename__ = "cn_govdata_error"
    __table_args__ = (sa.Index("cn_govdata_error_source", "harvest_source_id"),)

    harvest_job_id = sa.Column(sa.UnicodeText, primary_key=True)
    kind = sa.Column(sa.UnicodeText, primary_key=True)
    source_id = sa.Column(sa.UnicodeText, primary_key=True)
    harvest_source_id = sa.Column(sa.UnicodeText, nullable=False)
    field = sa.Column(sa.UnicodeText)
    value = sa.Column(sa.UnicodeText)
    reason = sa.Column(sa.UnicodeText, nullable=False)
    at = sa.Column(sa.DateTime, nullable=False)


class GovTotal(tk.BaseModel):
    """A number over all jobs that ever ended; it only grows, whatever is pruned."""

    __tablename__ = "cn_govdata_total"

    name = sa.Column(sa.UnicodeText, primary_key=True)
    value = sa.Column(sa.BigInteger, nullable=False)


class GovDigest(tk.BaseModel):
    """When a person last got the mail that sums up the harvests; `recipient` is a user's name."""

    __tablename__ = "cn_govdata_digest"

    recipient = sa.Column(sa.UnicodeText, primary_key=True)
    sent = sa.Column(sa.DateTime, nullable=False)


record_table: sa.Table = GovRecord.__table__
ceded_table: sa.Table = GovCeded.__table__
outbox_table: sa.Table = GovOutbox.__table__
job_table: sa.Table = GovJob.__table__
check_table: sa.Table = GovCheck.__table__
lease_table: sa.Table = GovLease.__table__
queue_table: sa.Table = GovQueue.__table__
worker_table: sa.Table = GovWorker.__table__
progress_table: sa.Table = GovProgress.__table__
page_table: sa.Table = GovPage.__table__
error_table: sa.Table = GovError.__table__
total_table: sa.Table = GovTotal.__table__
digest_table: sa.Table = GovDigest.__table__
