"""The records of one portal that the catalogue has, held in memory for one run."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestObject

from ckanext.cn_govdata.crawl.messages import Fingerprints
from ckanext.cn_govdata.store import catalogued
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.tables import record_table

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

_PAGE = 500
_object: sa.Table = HarvestObject.__table__

# List, raw and record hash in one text each; version and date, shared by most records, interned.
_Packed = tuple["str | None", str, str, str, "str | None", "str | None"]


class KnownRecords:
    """What is remembered of the records of a portal whose datasets are there.

    One SELECT; about 500 bytes a record. A withdrawn record is not among them, nor one whose
    dataset was deleted or purged by others, so that either is written anew when it is listed. A
    record that another portal's dataset covers is known as long as that dataset is there.
    """

    def __init__(self, portal_id: str, records: dict[str, _Packed]) -> None:
        self.portal_id = portal_id
        self._records = records

    @classmethod
    def load(cls, portal_id: str) -> KnownRecords:
        """Read the records of a portal."""
        record = record_table
        columns = ("list_hash", "raw_hash", "record_hash", "mapping_version")
        columns += ("detail_read_on", "validator")
        statement = (
            sa.select(record.c.source_id, *(record.c[name] for name in columns))
            .select_from(catalogued.source())
            .where(record.c.portal_id == portal_id, catalogued.known())
            .execution_options(yield_per=_PAGE)
        )
        rows = model.Session.execute(statement)
        return cls(portal_id, {row[0]: _packed(row) for row in rows})

    def get(self, source_id: str) -> Fingerprints | None:
        """The fingerprints of a record, or ``None`` if it is new."""
        packed = self._records.get(source_id)
        return None if packed is None else Fingerprints(*packed)

    def __len__(self) -> int:
        return len(self._records)

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._records

    def source_ids(self) -> Collection[str]:
        """The ids at the portal of all known records."""
        return self._records.keys()

    def raw(self, source_ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The stored raw records of these ids, as far as they are known and kept."""
        wanted = [key for key in source_ids if key in self._records]
        rows = _raw(self.portal_id, wanted) if wanted else []
        return {source_id: orjson.loads(content) for source_id, content in rows}

    def stale(self, mapping_version: str) -> Iterator[tuple[dict[str, Any], Fingerprints]]:
        """The stored raw records that another version of the mapping made into records."""
        wanted = [key for key, packed in self._records.items() if packed[3] != mapping_version]
        for start in range(0, len(wanted), _PAGE):
            part = wanted[start : start + _PAGE]
            for source_id, content in _raw(self.portal_id, part):
                yield orjson.loads(content), Fingerprints(*self._records[source_id])


def is_harvested(package_id: str) -> bool:
    """Whether a dataset came from a portal."""
    return package_id in is_harvested_many([package_id])


def is_harvested_many(package_ids: Iterable[str]) -> set[str]:
    """Those of these datasets that came from a portal."""
    statement = sa.select(record_table.c.package_id).where(
        any_of(record_table.c.package_id, package_ids)
    )
    return set(model.Session.execute(statement).scalars())


def _packed(row: Any) -> _Packed:  # noqa: ANN401
    read_on = None if row[5] is None else intern(row[5])
    return row[1], row[2], row[3], intern(row[4]), read_on, row[6]


def _raw(portal_id: str, source_ids: list[str]) -> list[Any]:
    statement = (
        sa.select(record_table.c.source_id, _object.c.content)
        .join(_object, _object.c.id == record_table.c.harvest_object_id)
        .where(
            record_table.c.portal_id == portal_id,
            any_of(record_table.c.source_id, source_ids),
            _object.c.content.is_not(None),
        )
    )
    return model.Session.execute(statement).all()
