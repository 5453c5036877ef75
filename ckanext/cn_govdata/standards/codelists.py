"""Code lists: `data/codelists/<name>.csv`, each a mapping from code to `Concept`.

Tables that hold the codes of several portals (a column `portal_key`) repeat the same code, so
their keys are ``<portal_key>/<code>``; the concept's own `code` stays the bare one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from .resources import DATA, rows

_LABELS = ("code", "label_zh", "label_en", "source")


@dataclass(frozen=True, slots=True)
class Concept:
    """One entry of a code list; `extra` holds the list's further columns."""

    code: str
    label_zh: str
    label_en: str
    source: str
    extra: Mapping[str, str] = field(hash=False)


class CodeList(Mapping[str, Concept]):
    """A code list in the order of its file."""

    def __init__(self, name: str, concepts: Mapping[str, Concept]) -> None:
        self.name = name
        self._concepts = concepts

    def __getitem__(self, key: str) -> Concept:
        return self._concepts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._concepts)

    def __len__(self) -> int:
        return len(self._concepts)

    def __repr__(self) -> str:
        return f"CodeList({self.name!r}, {len(self)} concepts)"


@cache
def codelist_names() -> tuple[str, ...]:
    """Return the names of all code lists, sorted."""
    folder = DATA.joinpath("codelists")
    return tuple(
        sorted(
            entry.name.removesuffix(".csv")
            for entry in folder.iterdir()
            if entry.name.endswith(".csv")
        )
    )


@cache
def codelist(name: str) -> CodeList:
    """Return the code list `name`.

    Raises KeyError when there is none, ValueError when its file repeats a key.
    """
    if name not in codelist_names():
        raise KeyError(f"no code list named {name!r}")
    concepts: dict[str, Concept] = {}
    for row in rows(f"codelists/{name}.csv"):
        portal_key = row.get("portal_key")
        key = f"{portal_key}/{row['code']}" if portal_key else row["code"]
        if key in concepts:
            raise ValueError(f"code list {name!r} repeats {key!r}")
        code, label_zh, label_en, source = (row.pop(column) for column in _LABELS)
        concepts[key] = Concept(code, label_zh, label_en, source, MappingProxyType(row))
    return CodeList(name, concepts)
