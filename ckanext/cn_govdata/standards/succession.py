"""What became of a division: changes of code, name and kind, mergers and splits."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING

from .division_table import Division, get, history, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from .division_table import On


def today(code: str, on: On = None) -> tuple[Division, ...]:
    """Return the current divisions that the unit behind `code` lives on in, by code.

    A code in force gives its own division, a withdrawn one its successors through all chains;
    `on` chooses among the units to which a code was given in turn. Empty when the code is unknown
    or its unit ended without a successor (mostly 地区 whose counties went to a new prefecture).
    """
    division = get(code, on)
    if division is None:
        return ()
    found = (row for row in _reach(division, _followers) if row.current)
    return tuple(sorted(found, key=_order))


def predecessors(code: str, on: On = None) -> tuple[Division, ...]:
    """Return the former divisions, through all chains, that became the division with this code."""
    division = get(code, on)
    if division is None:
        return ()
    former = (row for row in _reach(division, _forerunners) if row is not division)
    return tuple(sorted(former, key=_order))


def _followers(division: Division) -> Iterable[Division]:
    """Yield the rows directly after an ended one.

    Without named successors that is the next row of the same code, if no gap lies between: a code
    that comes back later names another unit (511400 涪陵市, later 眉山市).
    """
    if division.valid_to is None:
        return
    for code in division.successors or (division.code,):
        row = get(code, division.valid_to)
        if row is not None:
            yield row


def _forerunners(division: Division) -> Iterable[Division]:
    return _by_follower().get(_key(division), ())


@cache
def _by_follower() -> dict[tuple[str, int], list[Division]]:
    found: dict[tuple[str, int], list[Division]] = defaultdict(list)
    for code in table():
        for division in history(code):
            for follower in _followers(division):
                found[_key(follower)].append(division)
    return found


def _reach(start: Division, step: Callable[[Division], Iterable[Division]]) -> tuple[Division, ...]:
    """`start` and all rows reached from it, each once: a cycle in the table does no harm."""
    seen = {_key(start): start}
    waiting = [start]
    while waiting:
        for row in step(waiting.pop()):
            if _key(row) not in seen:
                seen[_key(row)] = row
                waiting.append(row)
    return tuple(seen.values())


def _key(division: Division) -> tuple[str, int]:
    return division.code, division.valid_from


def _order(division: Division) -> tuple[str, int]:
    return _key(division)
