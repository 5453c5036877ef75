"""A file of records as the stock of a replayed portal."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from tests.portals.records import ADDRESS, Record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Where a record's address holds its id. A family that is not here has ids made for it.
IDS = {
    "inspur-oportal": r"/catalog/([0-9A-Za-z_-]+)/?$",
    "guizhou-search": r"/open-data/([0-9a-f-]{36})$",
    "jdop": r"[?&]iid=(\d+)",
    "exchangeopengateway": r"/Data(?:Directory|Set)/(\S+)$",
    "epoint-openportal": r"[?&]rowguid=([0-9a-f-]{36})",
    "open-data-web": r"[?&]id=([0-9A-Za-z]+)",
    "athena": r"/detail/(\d+)$",
    "site-label": r"[?&]resourceId=(\d+)",
    "inspur-odweb": r"[?&]cata_id=([^&]+)",
    "fujian-open-portal": r"[?&]cata(?:log)?I[dD]=([^&]+)",
    "portal-dataservice": r"[?&]id=([^&]+)",
    "openresource": r"[?&]id=([^&]+)",
    "jiangxi-opendata": r"[?&]dataId=([^&]+)",
    "zs-dataserver": r"[?&]id=([^&]+)",
    "hunan-webapp": r"[?&]id=([^&]+)",
    "gd-findpage": r"toDataDetails/([^/?&]+)$",
    "single-chuzhou": r"[?&]id=(\d+)",
    "single-huainan": r"[?&]dataId=(\d+)",
    "single-lianyungang": r"[?&]dmid=([0-9a-f-]{36})",
    "single-yancheng": r"/deatil/([0-9a-f]{32})$",
    "single-neijiang": r"[?&]id=(\d+)",
    "single-zhoushan": r"[?&]id=(\d+)",
}
NUMBERS = frozenset(
    {"jdop", "athena", "site-label", "single-chuzhou", "single-neijiang", "single-zhoushan"}
)


@dataclass
class Stock:
    """The records of one portal. `repeated` lines had an id that came before."""

    records: list[Record] = field(default_factory=list)
    lines: int = 0
    repeated: int = 0


def addresses(path: Path, limit: int = 50) -> Iterator[str]:
    """The addresses of the first records of a file."""
    for number, cells in enumerate(lines(path)):
        if number == limit:
            return
        yield address(cells)


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """The records of a file of JSON lines, gzipped or not."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def address(cells: dict[str, Any]) -> str:
    """The address of a record's page, empty for a record without one."""
    return unquote(str(next((cells[name] for name in ADDRESS if cells.get(name)), "")))


def load(path: Path, family: str, division: str, limit: int | None = None) -> Stock:
    """Read a file as stock of a family.

    A record's id is that in its own address. If all records share one address, or a family's
    addresses hold no id, ids are made in the family's shape, one for each line.
    """
    shared = _is_shared(path)
    stock, known, copies = Stock(), set(), Counter[str]()
    for cells in lines(path):
        stock.lines += 1
        pattern = None if shared else IDS.get(family)
        found = re.search(pattern, address(cells)) if pattern else None
        if found is None:
            seed = json.dumps(cells, ensure_ascii=False, sort_keys=True)
            copies[seed] += 1
            record_id = _made(family, division, f"{seed} {copies[seed]}")
        else:
            record_id = found[1].replace("_", "/") if family == "gd-findpage" else found[1]
        if record_id in known:
            stock.repeated += 1
            continue
        known.add(record_id)
        stock.records.append(Record(record_id, cells, division))
        if limit and len(stock.records) == limit:
            break
    return stock


def _is_shared(path: Path) -> bool:
    seen = {address(cells) for number, cells in enumerate(lines(path)) if number < 2}
    return len(seen) < 2


def _made(family: str, division: str, seed: str) -> str:
    digest = hashlib.sha256(seed.encode()).hexdigest()
    number = int(digest[32:48], 16)
    if family in NUMBERS:
        return str(number % 10**9 + 1)
    if family == "gd-findpage":
        return f"{division[:5]}/{number % 10**10:010}"
    if family in {"guizhou-search", "epoint-openportal"}:
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    return digest[:32]
