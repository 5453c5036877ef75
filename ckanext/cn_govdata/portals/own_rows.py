"""The operator's own rows of the registry: a CSV file that is laid over the shipped one.

Its header names any of the registry's columns; `portal_id` is needed. A row of a shipped id changes
the cells that it fills, `-` empties one; a row of a new id adds a portal. Nothing can be removed: a
portal that closes gets the state `archived`.
"""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ckanext.cn_govdata.portals import families, registry
from ckanext.cn_govdata.portals.row import (
    ACTIVE,
    COLUMNS,
    CONFIDENCES,
    NO_PROFILE,
    STATES,
    Portal,
    read,
    texts,
)
from ckanext.cn_govdata.portals.source import ConfigError, check_config
from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

CLEARED = "-"
_ID = re.compile(r"(\d{6})(-[a-z0-9]+)?")


class RegistryFileError(ValueError):
    """A file of own rows that cannot be used; the message has a line for each thing wrong."""


def use(path: Path | None) -> None:
    """Lay the rows of a file over the shipped registry; none without one.

    Raises `RegistryFileError`, and the registry stays as it was.
    """
    registry.lay_over(() if path is None else load(path))


def load(path: Path) -> list[Portal]:
    """Read and check a file. Raises `RegistryFileError` naming line and column of each problem."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RegistryFileError(f"{path}: {error}") from error
    reader = csv.DictReader(text.splitlines(), strict=True)
    found: dict[str, Portal] = {}
    problems = [f"line 1: {problem}" for problem in _header_problems(reader.fieldnames or ())]
    try:
        for row in () if problems else reader:
            line = reader.line_num
            portal, wrong = _portal(row)
            if portal is not None and portal.portal_id in found:
                wrong.append(f"portal_id: {portal.portal_id} is there twice")
            problems += [f"line {line}: {problem}" for problem in wrong]
            if portal is not None:
                found[portal.portal_id] = portal
    except csv.Error as error:
        problems.append(f"line {reader.line_num}: {error}")
    problems += _member_problems(found)
    if problems:
        raise RegistryFileError("\n".join(f"{path}: {problem}" for problem in problems))
    return list(found.values())


def _header_problems(names: object) -> Iterator[str]:
    given = [str(name) for name in names] if isinstance(names, (list, tuple)) else []
    if "portal_id" not in given:
        yield "portal_id: this column is needed"
    for name in given:
        if name not in COLUMNS:
            yield f"{name}: not a column of the registry; known: {', '.join(COLUMNS)}"


def _portal(row: Mapping[str | None, str | None]) -> tuple[Portal | None, list[str]]:
    """The portal of a row and what is wrong with it; none when it cannot be made."""
    if None in row or None in row.values():
        return None, ["the number of cells is not that of the header"]
    given = {str(name): (value or "").strip() for name, value in row.items()}
    known = registry.shipped().get(given["portal_id"])
    values = _completed(given, known)
    problems = [*_id_problems(values, known), *_value_problems(values)]
    if problems:
        return None, problems
    try:
        portal = read(values)
    except ValueError as error:  # JSON included
        return None, [f"cannot be read: {error}"]
    return portal, list(_meaning_problems(portal))


def _completed(given: Mapping[str, str], known: Portal | None) -> dict[str, str]:
    """The row with the shipped cells, or with what follows from the cells that it has."""
    values = texts(known) if known else dict.fromkeys(COLUMNS, "")
    values |= {name: "" if value == CLEARED else value for name, value in given.items() if value}
    if given.get("url") and not given.get("base_url"):
        values["base_url"] = _origin(given["url"])
    if known is not None:
        if given.get("family") and not given.get("state") and values["state"] == NO_PROFILE:
            values["state"] = ACTIVE
        return values
    values["division_code"] = values["division_code"] or values["portal_id"][:6]
    division = divisions.get(values["division_code"])
    if division is not None:
        values["level"] = values["level"] or division.level.value
        values["government_zh"] = values["government_zh"] or division.name_zh
    values["confidence"] = values["confidence"] or "high"
    values["evidence"] = values["evidence"] or "the operator of this catalogue"
    values["state"] = values["state"] or (ACTIVE if values["family"] else NO_PROFILE)
    return values


def _origin(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _id_problems(values: Mapping[str, str], known: Portal | None) -> Iterator[str]:
    portal_id, code = values["portal_id"], values["division_code"]
    match = _ID.fullmatch(portal_id)
    if match is None:
        yield f"portal_id: {portal_id!r} is not a division's code, with -slug where it has several"
        return
    division = divisions.get(code)
    if division is None:
        yield f"division_code: {code!r} is not a code of GB/T 2260"
        return
    if known is None and match[1] != code:
        yield f"portal_id: {portal_id} does not begin with its division's code {code}"
    if known is not None and code != known.division_code:
        yield f"division_code: the portal {portal_id} is that of {known.division_code} for ever"
    if values["level"] != division.level.value:
        yield f"level: {values['level']!r}, but {code} is of the level {division.level.value}"


def _value_problems(values: Mapping[str, str]) -> Iterator[str]:
    for name in ("url", "base_url"):
        if not _is_address(values[name]):
            yield f"{name}: {values[name]!r} is not an http or https address"
    if _is_address(values["base_url"]) and _origin(values["base_url"]) != values["base_url"]:
        yield f"base_url: {values['base_url']!r} has more than scheme, host and port"
    for name in ("parameters", "settings"):
        yield from _object_problems(name, values[name])
    for name, allowed in (("state", STATES), ("confidence", CONFIDENCES)):
        if values[name] not in allowed:
            yield f"{name}: {values[name]!r} is none of {', '.join(allowed)}"
    if values["seen_year"] and not re.fullmatch(r"20\d\d", values["seen_year"]):
        yield f"seen_year: {values['seen_year']!r} is not a year"
    for code in values["members"].split():
        if divisions.get(code) is None:
            yield f"members: {code!r} is not a code of GB/T 2260"


def _object_problems(name: str, text: str) -> Iterator[str]:
    try:
        value = json.loads(text or "{}")
    except ValueError as error:
        yield f"{name}: not JSON: {error}"
        return
    if not isinstance(value, dict):
        yield f"{name}: not a JSON object"


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.username
    except ValueError:
        return False


def _meaning_problems(portal: Portal) -> Iterator[str]:
    if portal.family is None:
        if portal.state == ACTIVE:
            yield "state: active, but no family is given"
        return
    # A family of the table for which there is no profile yet is no mistake: the row is listed.
    if portal.family not in families.families():
        known = {one.family for one in registry.shipped().values()}
        if portal.family not in known:
            yield f"family: unknown {portal.family!r}; see cn-govdata families"
        return
    try:
        check_config(portal.config())
    except ConfigError as error:
        yield str(error)


def _member_problems(found: Mapping[str, Portal]) -> Iterator[str]:
    holders: dict[str, str] = {}
    for portal in {**registry.shipped(), **found}.values():
        for code in portal.members:
            other = holders.setdefault(code, portal.portal_id)
            if other != portal.portal_id:
                yield f"members: {code} is a member of {other} and of {portal.portal_id}"
