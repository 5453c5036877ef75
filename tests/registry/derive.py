"""How `portals/data/registry.csv` came to be; kept as its evidence. The file is edited by hand now.

`python -m tests.registry.derive LIST.csv > registry.csv` reads a list of portals with one row for
each government that publishes (columns `division_code`, `level`, `name_zh`, `government_zh`,
`url`, `family`, `source`, `seen_year`, `confidence`) and writes one row for each source to be
harvested. `docs/registry.md` explains the rules; `tests/registry/facts.py` holds what is known of
single hosts.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, TextIO
from urllib.parse import urlsplit

from tests.registry import facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COLUMNS = (
    "portal_id",
    "division_code",
    "level",
    "name_zh",
    "government_zh",
    "url",
    "base_url",
    "family",
    "parameters",
    "settings",
    "members",
    "evidence",
    "seen_year",
    "confidence",
    "state",
)
_CONTEXT = re.compile(r"(?:/catalog)?(?:/index(?:\.(?:html?|do|jsp))?)?/?$")

Row = dict[str, str]


def derive(rows: Iterable[Row]) -> list[Row]:
    """Rows of the registry, in order of portal id."""
    sources, members = _split([*rows, *facts.UNLISTED])
    found = [_source(row, members[_key(row)]) for row in sources]
    _identify(found)
    return sorted(found, key=lambda row: row["portal_id"])


def _split(rows: list[Row]) -> tuple[list[Row], dict[str, list[str]]]:
    """Tell sources from members: rows that name another source's address or a filter on it."""
    sources: dict[str, Row] = {}
    members: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        host = urlsplit(row["url"]).hostname or ""
        owner = facts.FILTERED_ON.get((host, row["division_code"]))
        if owner:
            members[owner].append(row["division_code"])
        elif _key(row) in sources:
            members[_key(row)].append(row["division_code"])
        else:
            sources[_key(row)] = row
    return list(sources.values()), members


def _key(row: Row) -> str:
    host = urlsplit(row["url"]).hostname
    # These hosts have a sub-site for each division at one and the same address.
    return f"{row['url']} {row['division_code']}" if host in facts.SUB_SITES else row["url"]


def _source(row: Row, members: list[str]) -> Row:
    parts = urlsplit(row["url"])
    family = _family(row)
    parameters = _parameters(row, family)
    base = facts.BASE_URLS.get(parts.netloc, f"{parts.scheme}://{parts.netloc}")
    verify = not (parts.hostname in facts.UNVERIFIED or family in facts.UNVERIFIED)
    archived = parts.netloc in facts.ARCHIVED
    return {
        **{name: row[name].strip() for name in COLUMNS if name in row},
        "url": facts.PAGES.get(row["url"], row["url"]),
        "base_url": base,
        "family": family,
        "parameters": _json(parameters),
        "settings": _json({} if verify else {"verify_tls": False}),
        "members": " ".join(sorted(members)),
        "evidence": _evidence(row, family, parts.netloc),
        "state": "archived" if archived else "active" if family else "no-profile",
    }


def _family(row: Row) -> str:
    host = urlsplit(row["url"]).netloc
    if host in facts.FAMILIES:
        return facts.FAMILIES[host]
    if row["family"] == "single-portal":
        return f"single-{facts.SINGLE[row['division_code']]}"
    return "" if row["family"] == "unknown" else row["family"]


def _parameters(row: Row, family: str) -> dict[str, str]:
    parts, code = urlsplit(row["url"]), row["division_code"]
    if family == "guizhou-search":
        division = facts.DIVISION_IDS.get(row["name_zh"], code)
        context = parts.path.removesuffix("/home").rstrip("/")
        known = {"divisionId": "" if division == "520000" else division, "context": context}
        return {name: value for name, value in known.items() if value}
    if family == "fujian-open-portal":
        city = {"type": "2", "currentTab": "city", "cityCode": f"{code}000000"}
        return {} if code == "350000" else city
    if family == "gd-findpage":
        office = facts.OFFICE_CODES.get(code) if parts.netloc == "gddata.gd.gov.cn" else None
        return {"officeCode": office} if office else {}
    if family in facts.CONTEXTS:
        default = facts.CONTEXTS[family]
        context = facts.HOST_CONTEXTS.get(parts.netloc) or _CONTEXT.sub("", parts.path) or default
        known = {"context": context} if context != default else {}
        return known | facts.HOST_PARAMETERS.get(parts.netloc, {})
    return facts.HOST_PARAMETERS.get(parts.netloc, {})


def _evidence(row: Row, family: str, host: str) -> str:
    source = row["source"]
    for pattern, words in facts.UNNAMED_SOURCES:
        source = re.sub(pattern, words, source)
    notes = [source, facts.NOTES.get(host, "")]
    if family in facts.CONTEXTS and host not in facts.HOST_CONTEXTS:
        notes.append(
            "context: from the address" if _CONTEXT.sub("", urlsplit(row["url"]).path) else ""
        )
    return "; ".join(note for note in notes if note)


def _identify(rows: list[Row]) -> None:
    """Give the division code to one source of each division, a slug after it to the others."""
    by_division = defaultdict(list)
    for row in rows:
        by_division[row["division_code"]].append(row)
    for code, found in by_division.items():
        for place, row in enumerate(sorted(found, key=_rank)):
            slug = facts.SLUGS[urlsplit(row["url"]).netloc, code] if place else None
            row["portal_id"] = f"{code}-{slug}" if slug else code


def _rank(row: Row) -> tuple[bool, ...]:
    host = urlsplit(row["url"]).hostname
    return (
        row["state"] == "archived",
        not row["family"],
        row["name_zh"] in facts.DIVISION_IDS,
        host in facts.SUB_SITES,
    )


def _json(value: dict[str, object] | dict[str, str]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""


def write(rows: Iterable[Row], out: TextIO) -> None:
    """Write the registry as CSV."""
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)


def read(path: Path) -> Iterator[Row]:
    """Read the list of portals."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


if __name__ == "__main__":
    write(derive(read(Path(sys.argv[1]))), sys.stdout)
