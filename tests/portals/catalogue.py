"""The stored portals: which there are, their records, how each of their hosts is replayed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .families import families
from .records import load
from .site import Site

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .records import Record

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True)
class Portal:
    """One portal of the selection.

    `parameters` are those a harvest source of the family takes, `options` how this site looks;
    portals that share a `host` are sub-sites of one server, told apart by a parameter.
    """

    portal: str
    name: str
    file: str
    family: str
    host: str
    parameters: dict[str, str] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    directory: Path = DATA

    def records(self) -> list[Record]:
        """All records of the portal, in the order of its list."""
        return load(self.directory / f"{self.file}.jsonl.gz", self.portal)

    @property
    def context(self) -> str:
        """Path context of the site, empty where the family has none."""
        return self.parameters.get("context", "")


def portals(directory: Path = DATA) -> tuple[Portal, ...]:
    """All portals that `portals.json` of a data directory lists."""
    entries = json.loads((directory / "portals.json").read_text(encoding="utf-8"))
    return tuple(Portal(**entry, directory=directory) for entry in entries)


def replayable(directory: Path = DATA) -> tuple[Portal, ...]:
    """Those portals whose family has a renderer."""
    return tuple(portal for portal in portals(directory) if portal.family in families())


def hosts(selected: Iterable[Portal]) -> dict[str, list[Portal]]:
    """Group portals by the host that serves them."""
    groups: dict[str, list[Portal]] = {}
    for portal in selected:
        groups.setdefault(portal.host, []).append(portal)
    return groups


def site(group: list[Portal], records: dict[str, list[Record]], **options: Any) -> Site:
    """Replay one host with the records of all its portals."""
    first = group[0]
    if first.context:
        options["context"] = first.context
    together = [record for portal in group for record in records[portal.portal]]
    return Site(first.family, together, **first.options, **options)
