"""Validation of a harvested record by the site's schema, and what happens to a value it refuses.

A value that the schema does not take must not cost the dataset: it moves to `source_extra`, a
finding is counted, and the rest is validated again. Only what a dataset cannot be without (title,
name, organisation) refuses the record.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from functools import reduce
from operator import getitem
from typing import TYPE_CHECKING, Any

import orjson

from ckanext.cn_govdata.crawl.messages import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.cn_govdata.store.navl import FlatErrors

PackageDict = dict[str, Any]

EXTRA = "source_extra"
_NEEDED = frozenset({"id", "name", "title", "type", "owner_org", "state", EXTRA})
_LISTS = frozenset({"resources", "tags", "groups", "data_items", "contact"})
_ROUNDS = 4
_LONGEST_VALUE = 200  # characters of a value that a finding or a refusal quotes


@dataclass(slots=True)
class Validated:
    """The validated package dictionary, or the errors that refuse it."""

    data: PackageDict = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    refused: Finding | None = None


def validate(
    attempt: Callable[[PackageDict], tuple[PackageDict, FlatErrors]], package: PackageDict
) -> Validated:
    """Validate, moving what is refused out of the way as long as that helps.

    `attempt` returns the validated dictionary and the errors by path.
    """
    findings: list[Finding] = []
    errors: FlatErrors = {}
    for _ in range(_ROUNDS):
        data, errors = attempt(package)
        if not errors:
            return Validated(data, findings)
        fatal = _first_fatal(package, errors)
        if fatal is not None:
            return Validated(findings=findings, refused=fatal)
        package = _without(package, errors, findings)
    return Validated(findings=findings, refused=_finding(package, *next(iter(errors.items()))))


def _first_fatal(package: PackageDict, errors: FlatErrors) -> Finding | None:
    for path, messages in errors.items():
        if path[0] in _NEEDED or path[0] not in package:
            return _finding(package, path, messages)
    return None


def _without(package: PackageDict, errors: FlatErrors, findings: list[Finding]) -> PackageDict:
    """A copy without the refused values, which stand under `source_extra` in it."""
    package = {key: copy.copy(value) for key, value in package.items()}
    moved: dict[str, Any] = {}
    drop: dict[str, set[int]] = {}
    for path, messages in errors.items():
        findings.append(_finding(package, path, messages))
        name = path[0]
        if len(path) == 1 or not isinstance(package.get(name), list):
            moved[name] = package.pop(name, None)
        elif name in ("resources", *_subfield_lists(package, name)) and _drop_subfield(
            package[name], path, moved
        ):
            continue
        else:
            drop.setdefault(name, set()).add(path[1])
    for name, positions in drop.items():
        values = package[name]
        moved[name] = [values[i] for i in sorted(positions) if i < len(values)]
        package[name] = [each for i, each in enumerate(values) if i not in positions]
    extra = package.get(EXTRA)
    package[EXTRA] = {**extra, **moved} if isinstance(extra, dict) else moved
    return package


def _subfield_lists(package: PackageDict, name: str) -> tuple[str, ...]:
    """Lists of dictionaries of which one value may go and the rest stay; a tag goes whole."""
    return (name,) if name in _LISTS - {"tags", "groups"} and package[name] else ()


def _drop_subfield(values: list[Any], path: tuple[Any, ...], moved: dict[str, Any]) -> bool:
    """Take one value out of one dictionary of a list; False if it is not there to take."""
    index, name = path[1], path[2]
    if index >= len(values) or values[index].get(name) in (None, ""):
        return False
    values[index] = dict(values[index])
    moved[f"{path[0]}.{index}.{name}"] = values[index].pop(name)
    return True


def _finding(package: PackageDict, path: tuple[Any, ...], messages: list[str]) -> Finding:
    try:
        value = reduce(getitem, path, package)
    except (KeyError, IndexError, TypeError):
        value = None
    return Finding(field=_name(path), value=_quoted(value), reason=str(messages[0]))


def _name(path: tuple[Any, ...]) -> str:
    """`resources.url` for `("resources", 3, "url")`: findings are counted by field."""
    return ".".join(str(step) for step in path if not isinstance(step, int))


def _quoted(value: Any) -> str:  # noqa: ANN401
    if value is None:
        return ""
    text = value if isinstance(value, str) else orjson.dumps(value, default=str).decode()
    return text[:_LONGEST_VALUE]
