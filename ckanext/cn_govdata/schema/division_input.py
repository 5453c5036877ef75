"""A division as people write it: its code, its name, or a path of names."""

from __future__ import annotations

from typing import Any

from ckanext.cn_govdata.standards import divisions


class AmbiguousDivisionError(ValueError):
    """A name that several divisions bear. `candidates` are these, higher levels first."""

    def __init__(self, name: str, candidates: tuple[divisions.Division, ...]) -> None:
        super().__init__(name)
        self.candidates = candidates


def resolve(text: str) -> str | None:
    """The code of GB/T 2260 that is meant; None when neither code nor name is known.

    A code may be one of former years. A former name leads to the division of today. Where a name
    alone is not unique, names of divisions above may stand before it: `南京市 鼓楼区`.
    Raises `AmbiguousDivisionError`.
    """
    if divisions.history(text):
        return text
    found: tuple[divisions.Division, ...] = ()
    for part in text.split():
        within = found or (None,)
        below = [
            division
            for above in within
            for division in divisions.find(part, within=above.code if above else None)
        ]
        found = tuple(dict.fromkeys(below))
        if not found:
            return None
    if len(found) > 1:
        raise AmbiguousDivisionError(text, found)
    return found[0].code if found else None


def certain(value: Any) -> str | None:  # noqa: ANN401 - whatever a request holds
    """The code that is meant, None where there is none or more than one."""
    try:
        return resolve(str(value).strip())
    except AmbiguousDivisionError:
        return None


def described(code: str) -> str:
    """A division with its code and those above it, as candidates are listed: `320106 江苏省 …`."""
    above = [division.name_zh for division in divisions.ancestors(code)][-2::-1]
    division = divisions.history(code)[-1]
    return " ".join((code, *above, division.name_zh))
