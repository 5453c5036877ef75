"""The records of a corpus as neutral records: cells by label, mapped as a harvest maps them."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from ckanext.cn_govdata.crawl.labelled import raw_of
from ckanext.cn_govdata.crawl.mapping import Refused, map_record
from ckanext.cn_govdata.crawl.profile import Profile
from ckanext.cn_govdata.crawl.raw import scrubbed
from ckanext.cn_govdata.crawl.source import Source
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ckanext.cn_govdata.crawl.record import Record

_PROFILE = Profile.from_mapping(
    {"family": "labels", "list": {"get": "/", "records": "json:@", "fields": {}}}
)


class Entry(NamedTuple):
    """One record: the cells as the portal shows them, and what the mapping made of them."""

    cells: dict[str, Any]
    record: Record | None


def entries(corpus: Path, *, scrub: bool = True) -> Iterator[Entry]:
    """Every record of `*.jsonl.gz`; `record` is None for one that the mapping refuses.

    A file is named after its portal's place, `<province>_<city>` in pinyin.
    """
    for path in sorted(corpus.glob("*.jsonl.gz")):
        source = source_of(path.name.removesuffix(".jsonl.gz"))
        with gzip.open(path, "rb") as lines:
            for line in lines:
                cells = orjson.loads(line)
                yield Entry(cells, mapped(source, cells, scrub=scrub))


def source_of(place: str) -> Source:
    """The source of a file's portal, with its division where the name says it for certain."""
    code = division_of(place)
    return Source(
        profile=_PROFILE,
        portal_id=code or place,
        base_url="https://portal.example",
        division_code=code,
    )


def mapped(source: Source, cells: dict[str, Any], *, scrub: bool = True) -> Record | None:
    """The neutral record of one record's cells."""
    source_id = hashlib.sha256(orjson.dumps(cells)).hexdigest()[:16]
    raw, _ = raw_of(cells, source_id)
    try:
        return map_record(source, scrubbed(raw) if scrub else raw).record
    except Refused:
        return None


@cache
def division_of(place: str) -> str | None:
    """The code of a place such as `anhui_luan`; of a province for `ningxia_ningxia`."""
    province, _, city = place.partition("_")
    above = [each for each in divisions.provinces() if _reading(each) == province]
    if len(above) != 1:
        return None
    if city in ("", province):
        return above[0].code
    below = [each for each in divisions.children(above[0].code) if _reading(each) == city]
    return below[0].code if len(below) == 1 else None


def _reading(division: divisions.Division) -> str:
    return (division.pinyin or "").replace(" ", "").replace("'", "")
