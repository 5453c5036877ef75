"""One harvested record against what is expected of it, and the tally of a whole portal."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.portals.records import ADDRESS

from . import rules
from .expected import ROLES, Wanted, expected, is_aside

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.portals.records import Record

    from .plants import Plant

EXAMPLES = 5


@dataclass(slots=True)
class Tally:
    """One field of one portal: cells with a value that maps, those filled, right, and wrong.

    `wrong` counts filled values that differ and values where the source has none.
    """

    source: int = 0
    filled: int = 0
    right: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Add the figures of another portal."""
        self.source += other.source
        self.filled += other.filled
        self.right += other.right
        self.wrong += other.wrong


@dataclass(slots=True)
class Leak:
    """A word that must not come out, and where it stood."""

    word: str
    where: str


def judge(
    record: Record, found: Mapping[str, Any], family: str, plant: Plant | None
) -> Iterator[tuple[str, Wanted, Any, bool]]:
    """Every compared field: its name, what is wanted, what is there, whether it is right."""
    for name, want in expected(record, family, plant).items():
        value = _value(found, name)
        yield name, want, value, _right(want, value)
    everything = rules.squeezed(" ".join(_texts(found)))
    for label, cell in _unplaced(record, family, plant):
        kept = all(_kept(word, everything) for word in _words(cell))
        yield "(any other label)", Wanted(f"{label}={cell}"), everything if kept else "", kept


def tally(
    tallies: dict[str, Tally], judged: Iterator[tuple[str, Wanted, Any, bool]], record: Record
) -> None:
    """Count what was judged."""
    for name, want, value, right in judged:
        one = tallies.setdefault(name, Tally())
        wanted, there = bool(want.value or want.value == 0), bool(value or value == 0)
        one.source += wanted
        one.filled += wanted and there
        one.right += wanted and right
        if not right:
            one.wrong += there or not wanted
            if len(one.examples) < EXAMPLES:
                one.examples.append(_example(record, want, value))


def leaks(text: str, words: Iterator[str]) -> Iterator[Leak]:
    """Words that must not be in a line of output, but are."""
    for word in words:
        for match in re.finditer(re.escape(word), text):
            yield Leak(word, text[max(0, match.start() - 40) : match.end() + 10])


def _example(record: Record, want: Wanted, value: Any) -> str:
    return f"{record.id}: wanted {_short(want.value)}, got {_short(value)}"


def _short(value: Any) -> str:
    shown = sorted(value) if isinstance(value, set) else value
    return json.dumps(shown, ensure_ascii=False)[:160]


def _value(found: Mapping[str, Any], name: str) -> Any:
    if name.startswith("contact."):
        key = name.removeprefix("contact.")
        value = next((one[key] for one in found.get("contact", ()) if one.get(key)), None)
        return rules.telephones(value) if key == "phone" and value else value
    if name == "formats":
        resources = found.get("resources", ())
        kept = found.get("source_extra", {}).get("formats", ())
        shown = {one.get("format") or f"<{one.get('kind')}>" for one in resources}
        return shown | {rules.format_of(word) for word in kept}
    value = found.get(name)
    if name in {"tags", "groups"}:
        return {str(word).casefold() for word in value or ()}
    return value


def _right(want: Wanted, value: Any) -> bool:  # noqa: PLR0911 - one way of comparing a line
    if want.how == "set":
        return bool((value or set()) == want.value)
    if want.how == "within":
        return bool(want.value <= (value or set()))
    if not want.value and want.value != 0:
        return value in (None, "", [], set())
    text = rules.squeezed(value)
    if want.how == "text":
        return text == want.value
    if want.how == "begins":
        return text.startswith(want.value)
    if want.how == "contains":
        return all(word in text for word in want.value)
    return bool(value == want.value)


def _unplaced(record: Record, family: str, plant: Plant | None) -> Iterator[tuple[str, Any]]:
    """Cells that no compared field is made of: they have to be somewhere all the same."""
    used = {
        next((label for label in labels if label in record.cells), None)
        for name, labels in ROLES.items()
        if not is_aside(record, family, name)
    }
    hidden = plant.labels if plant else frozenset()
    for label, cell in record.cells.items():
        if label in ADDRESS or label in used or label in hidden or rules.blank(cell):
            continue
        yield label, cell


def _texts(value: Any) -> Iterator[str]:
    """Every text and number in a record, however deep."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield str(key)
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
    elif value is not None:
        yield str(value)


def _words(cell: Any) -> list[str]:
    words = cell if isinstance(cell, list) else [cell]
    if isinstance(cell, str) and cell.startswith("[") and cell.endswith("]"):
        words = re.findall(r"[^\[\]',\s]+", cell)
    return [str(word) for word in words if not rules.blank(word)]


def _kept(word: str, everything: str) -> bool:
    day = rules.day(word) if re.fullmatch(r"[\d年月日/. :-]{8,}", word) else None
    text = day or rules.squeezed(word)
    digits = rules.count(word)
    return (
        text.lower() in everything.lower()
        or rules.folded(word) in rules.folded(everything)
        or (digits is not None and str(digits) in everything)
    )


def mobiles(records: Iterator[Record]) -> Counter[str]:
    """The mobile numbers in the contact cells of a portal's own records."""
    labels = (*ROLES["contact.phone"], *ROLES["contact.email"])
    found: Counter[str] = Counter()
    for record in records:
        for label in labels:
            found.update(rules.MOBILE.findall(str(record.cells.get(label, ""))))
    return found
