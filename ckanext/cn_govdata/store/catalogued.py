"""Which records the catalogue has: those with a dataset, and those that another's dataset covers."""

from __future__ import annotations

import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestObject

from ckanext.cn_govdata.store.tables import WITHDRAWN, ceded_table, record_table

_record, _ceded = record_table, ceded_table
_package = model.package_table
_object: sa.Table = HarvestObject.__table__
_owner = _package.alias("owner")


def holds() -> sa.sql.ColumnElement:
    """Whether a record of `source()` has a dataset of its own."""
    return _package.c.id.is_not(None)


def source() -> sa.sql.FromClause:
    """The records with their datasets, the rows by which they cede, and the owners' datasets."""
    return (
        _record.outerjoin(
            _package, sa.and_(_package.c.id == _record.c.package_id, _package.c.state != "deleted")
        )
        .outerjoin(_ceded, _ceded.c.package_id == _record.c.package_id)
        .outerjoin(_owner, sa.and_(_owner.c.id == _ceded.c.owner_id, _owner.c.state != "deleted"))
        .outerjoin(
            _object,
            sa.and_(_object.c.id == _record.c.harvest_object_id, _owner.c.id.is_not(None)),
        )
    )


def known() -> sa.sql.ColumnElement:
    """Whether the catalogue has a record of `source()`, so that it need not be written again.

    Not one that was withdrawn, nor one whose dataset, or whose owner's, was deleted or purged, nor
    a ceded one whose harvest object `harvest_source_clear` took.
    """
    return sa.and_(
        _record.c.state != WITHDRAWN,
        sa.or_(_package.c.id.is_not(None), _object.c.id.is_not(None)),
    )
