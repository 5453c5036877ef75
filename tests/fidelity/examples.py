"""Real records beside what two levels ask of each: the same record, other obligations."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ckanext.cn_govdata.crawl.record import Record

SHOWN = ("title", "provider_name", "division_code", "admin_level", "domain", "open_attribute")
SHOWN += ("frequency", "issued")
LEVELS = ("county", "province")


def markdown(records: Iterable[Record | None]) -> str:
    """The record of a county and the record of a province that lack least at their own level."""
    best: dict[str, tuple[int, Record]] = {}
    for record in records:
        if record is None or record.admin_level not in LEVELS:
            continue
        known = best.get(record.admin_level)
        if known is None or known[0] > 0:
            lacks = len(lacking(record, record.admin_level))
            if known is None or lacks < known[0]:
                best[record.admin_level] = (lacks, record)
    return "\n".join(line for level in LEVELS if level in best for line in _lines(best[level][1]))


def lacking(record: Record, level: str) -> list[str]:
    """The errors of a record at a level, each once."""
    from ckanext.cn_govdata.crawl.identity import package_id
    from ckanext.cn_govdata.schema.obligations import check
    from ckanext.cn_govdata.schema.package import to_package

    identity = package_id(record.portal_id, record.source_id)
    package = to_package(record.as_dict(), owner_org="one", package_id=identity)
    found = check(package, level, draft=False)
    return list(dict.fromkeys(each.message for each in found if each.is_error))


def _lines(record: Record) -> Iterator[str]:
    values = record.as_dict()
    yield f"### A record of the level {record.admin_level}"
    yield ""
    yield from (f"- `{name}`: {values[name]}" for name in SHOWN if values.get(name))
    for level in LEVELS:
        found = lacking(record, level)
        yield ""
        yield f"Under the obligations of the level {level} it lacks {len(found)}."
        yield from ("", *(f"- {message}" for message in found)) if found else ()
    yield ""
