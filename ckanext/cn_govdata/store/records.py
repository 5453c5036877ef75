"""The store's own row of each record, and its harvest object, which keeps the raw record."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import sqlalchemy as sa
from ckan import model
from ckanext.harvest.model import HarvestObject

from ckanext.cn_govdata.crawl.identity import identifier
from ckanext.cn_govdata.crawl.sameness import match_key
from ckanext.cn_govdata.store import bulk
from ckanext.cn_govdata.store.bulk import any_of
from ckanext.cn_govdata.store.tables import ACTIVE, record_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from ckanext.cn_govdata.crawl.messages import Fingerprints, Item

_object: sa.Table = HarvestObject.__table__

ADDED, UPDATED, NOT_MODIFIED = "added", "updated", "not modified"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a batch comes from."""

    harvest_source_id: str
    portal_id: str
    harvest_job_id: str | None


def save(written: Sequence[tuple[str, Item, str]], origin: Origin, at: datetime) -> None:
    """Record what was written: dataset id, item, and `ADDED` or `UPDATED` each. No commit.

    The new harvest object is the current one and keeps the sanitised raw record, from which the
    record can be mapped again without a request.
    """
    if not written:
        return
    ids = [package_id for package_id, _, _ in written]
    model.Session.execute(
        sa.update(_object)
        .where(any_of(_object.c.package_id, ids), _object.c.current == sa.true())
        .values(current=False)
    )
    objects = [_harvest_object(*each, origin, at) for each in written]
    bulk.insert(_object, objects)
    rows = [
        _record(package_id, item, origin, at, harvest_object["id"])
        for (package_id, item, _), harvest_object in zip(written, objects, strict=True)
    ]
    bulk.upsert(record_table, rows, key="package_id", keep=("first_seen",))


def adopt(same: Sequence[tuple[str, Item]], origin: Origin, at: datetime) -> None:
    """Record what stands in its dataset already, word for word. No commit.

    Only a dataset without a harvest object that keeps its raw record gets one.
    """
    known = _object_ids(package_id for package_id, _ in same)
    save(
        [(package_id, item, UPDATED) for package_id, item in same if package_id not in known],
        origin,
        at,
    )
    kept = [(package_id, item) for package_id, item in same if package_id in known]
    rows = [_record(key, item, origin, at, known[key]) for key, item in kept]
    bulk.upsert(record_table, rows, key="package_id", keep=("first_seen", "changed_at"))
    _keep_raw({package_id: item.raw for package_id, item in kept if item.raw is not None})


def cede(ceding: Sequence[tuple[str, Item]], origin: Origin, at: datetime) -> None:
    """Record what gets no dataset, because another portal's record owns it. No commit.

    The raw record is kept, in a harvest object that is nobody's current one.
    """
    known = _object_ids(package_id for package_id, _ in ceding)
    objects = {
        package_id: {
            **_harvest_object(package_id, item, NOT_MODIFIED, origin, at),
            "package_id": None,
            "current": False,
        }
        for package_id, item in ceding
        if package_id not in known
    }
    bulk.insert(_object, list(objects.values()))
    ids = {**known, **{key: each["id"] for key, each in objects.items()}}
    rows = [_record(key, item, origin, at, ids[key]) for key, item in ceding]
    bulk.upsert(record_table, rows, key="package_id", keep=("first_seen", "changed_at"))
    _keep_raw({key: item.raw for key, item in ceding if item.raw is not None and key in known})


def touch(seen: Sequence[tuple[str, Item]]) -> int:
    """Record new fingerprints of datasets that did not change; the number of rows written.

    A row that says so already is not written. No commit.
    """
    rows = [
        {**_fingerprints(item.fingerprints), "package_id": package_id}
        for package_id, item in seen
        if item.fingerprints is not None
    ]
    _keep_raw({package_id: item.raw for package_id, item in seen if item.raw is not None})
    return bulk.update_changed(record_table, rows, key="package_id")


def written_by(harvest_job_id: str) -> dict[str, str]:
    """What a job has written of records so far: `ADDED` or `UPDATED` by the id at the portal."""
    statement = (
        sa.select(record_table.c.source_id, _object.c.report_status)
        .join(_object, _object.c.id == record_table.c.harvest_object_id)
        .where(_object.c.harvest_job_id == harvest_job_id)
    )
    return {row[0]: row[1] for row in model.Session.execute(statement)}


def _keep_raw(raw_of: Mapping[str, Any]) -> None:
    """Put changed raw records into the current harvest objects."""
    objects = _object_ids(raw_of)
    rows = [{"id": objects[key], "content": _json(raw_of[key])} for key in objects]
    bulk.update_changed(_object, rows)


def _object_ids(package_ids: Iterable[str]) -> dict[str, str]:
    """The harvest object of each dataset's record, if both are there."""
    wanted = list(package_ids)
    if not wanted:
        return {}
    statement = (
        sa.select(record_table.c.package_id, _object.c.id)
        .join(_object, _object.c.id == record_table.c.harvest_object_id)
        .where(any_of(record_table.c.package_id, wanted))
    )
    return {row[0]: row[1] for row in model.Session.execute(statement)}


def _record(
    package_id: str, item: Item, origin: Origin, at: datetime, object_id: str
) -> dict[str, Any]:
    return {
        **_fingerprints(item.fingerprints),
        "package_id": package_id,
        "portal_id": origin.portal_id,
        "source_id": item.source_id,
        "harvest_source_id": origin.harvest_source_id,
        "harvest_object_id": object_id,
        "state": ACTIVE,
        "missing_since": None,
        "first_seen": at,
        "changed_at": at,
        "match_key": match_key(item.record, origin.portal_id) if item.record else None,
    }


def _harvest_object(
    package_id: str, item: Item, status: str, origin: Origin, at: datetime
) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "guid": identifier(origin.portal_id, item.source_id),
        "current": True,
        "gathered": at,
        "fetch_started": at,
        "fetch_finished": at,
        "import_started": at,
        "import_finished": at,
        "content": _json(item.raw) if item.raw is not None else None,
        "state": "COMPLETE",
        "retry_times": 0,
        "harvest_job_id": origin.harvest_job_id,
        "harvest_source_id": origin.harvest_source_id,
        "package_id": package_id,
        "report_status": status,
    }


def _fingerprints(prints: Fingerprints | None) -> dict[str, Any]:
    if prints is None:
        raise ValueError("An item that is written has fingerprints")
    return {
        "list_hash": prints.list_hash,
        "raw_hash": prints.raw_hash,
        "record_hash": prints.record_hash,
        "mapping_version": prints.mapping_version,
        "detail_read_on": prints.detail_read_on,
        "validator": prints.validator,
    }


def _json(raw: Any) -> str:  # noqa: ANN401
    return orjson.dumps(raw).decode()
