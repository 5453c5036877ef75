"""Make the stored selection again: `python -m tests.portals.selection CORPUS_DIR`.

Reads the portals of `data/portals.json` from a directory of harvested catalogues
(`<province>_<city>.jsonl.gz`, one dataset a line under the portal's labels), masks personal
data, gives every record an id and writes `data/<file>.jsonl.gz`. The same input makes the same
bytes. A developer runs it when a portal is added; tests read only what is stored.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from ckanext.cn_govdata.text import personal

from . import catalogue

ADDRESS = ("详情页网址", "url")
MAX_BYTES = 8 * 1024 * 1024
MOBILE = re.compile(r"1[3-9]\d{9}")
PERSON_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])")
MAILBOX = re.compile(r"[\w.+-]*\d[\w.+-]*(?=@)")
NAMED_PERSON = re.compile(r"(联系人|联络人|负责人|经办人|审核人)[:：]\s*[\u4e00-\u9fff]{2,4}")
MASKED_MOBILE, MASKED_NUMBER, MASKED_MAILBOX = "1" + "*" * 10, "*" * 18, "***"

IDS = {
    "inspur-oportal": r"/catalog/([0-9A-Fa-f]{32}|\d{20})$",
    "guizhou-search": r"/open-data/([0-9a-f-]{36})$",
    "jdop": r"[?&]iid=(\d+)",
    "exchangeopengateway": r"/Data(?:Directory|Set)/(\S+)$",
    "epoint-openportal": r"[?&]rowguid=([0-9a-f-]{36})",
    "open-data-web": r"[?&]id=([0-9a-f]{32})",
    "athena": r"/detail/(\d+)$",
    "site-label": r"[?&]resourceId=(\d+)",
}


def main() -> int:
    """Write every file of the selection, check the whole, and say what was done."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    source, total = Path(sys.argv[1]), 0
    for portal in catalogue.portals():
        entries = list(selected(portal, _read(source / f"{portal.file}.jsonl.gz")))
        target = catalogue.DATA / f"{portal.file}.jsonl.gz"
        _write(target, entries)
        total += target.stat().st_size
        print(f"{portal.file} {portal.family} {len(entries)} records")
    problems = leftovers(catalogue.DATA)
    if total > MAX_BYTES:
        problems.append(f"{total} bytes are more than {MAX_BYTES}")
    print(f"{total} bytes", *problems, sep="\n")
    return 1 if problems else 0


def selected(portal: catalogue.Portal, cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Records as stored; one that the harvest holds twice, cell for cell, is kept once."""
    kept: dict[str, dict[str, Any]] = {}
    for entry in cells:
        record_id = identifier(portal, entry)
        shown = {name: mask(value) for name, value in entry.items() if name not in ADDRESS}
        known = kept.setdefault(record_id, {"id": record_id, "cells": shown})
        if known["cells"] != shown:
            raise ValueError(f"{portal.file}: two records have the id {record_id}")
    return list(kept.values())


def identifier(portal: catalogue.Portal, cells: dict[str, Any]) -> str:
    """Id in the record's own address, else one made from its cells in the family's shape.

    An id in which a search would see a mobile number is replaced by a made one, so that the
    whole selection can be searched for them.
    """
    address = unquote(str(cells.get(ADDRESS[0]) or ""))
    pattern = IDS.get(portal.family)
    found = re.search(pattern, address) if pattern else None
    if found and not MOBILE.search(found[1]):
        return found[1]
    seed = json.dumps([portal.portal, cells], ensure_ascii=False, sort_keys=True)
    attempt = 0
    while MOBILE.search(made := _made(portal, f"{attempt} {seed}", found)):
        attempt += 1
    return made


def _made(portal: catalogue.Portal, seed: str, found: re.Match[str] | None) -> str:
    digest = hashlib.sha256(seed.encode()).hexdigest()
    number = int(digest[32:], 16)
    if portal.family == "gd-findpage":
        return f"{portal.portal[:5]}/{number % 10**8:08}"
    if portal.file == "anhui_suzhou":
        return f"2023{number % 10**16:016}"
    if portal.family in {"guizhou-search", "epoint-openportal"}:
        return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))
    if found and found[1].isupper():
        return digest[:32].upper()
    return digest[:32]


def mask(value: Any) -> Any:
    """Take mobile numbers, ID numbers, telling mailboxes and persons' names out of a cell."""
    if isinstance(value, list):
        return [mask(item) for item in value]
    if not isinstance(value, str):
        return value
    value = MOBILE.sub(MASKED_MOBILE, value)
    value = PERSON_NUMBER.sub(MASKED_NUMBER, value)
    value = MAILBOX.sub(MASKED_MAILBOX, value)
    return personal.scrub_text(value)[0]


def leftovers(directory: Path) -> list[str]:
    """Search the stored files with plain patterns, apart from what masked them."""
    problems = []
    for path in sorted(directory.glob("*.jsonl.gz")):
        text = gzip.decompress(path.read_bytes()).decode()
        for pattern in (MOBILE, PERSON_NUMBER, NAMED_PERSON, re.compile(r"\d@")):
            problems += [f"{path.name}: {match[0]}" for match in pattern.finditer(text)]
    return problems


def _read(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _write(path: Path, entries: list[dict[str, Any]]) -> None:
    lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries)
    with path.open("wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(lines.encode())


if __name__ == "__main__":
    sys.exit(main())
