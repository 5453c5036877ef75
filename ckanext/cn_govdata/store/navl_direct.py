"""Validation for showing, without navl's flat form.

The schemas that a dataset is shown by hold validators that look at one value each. For those the
form with one key for every value in the dataset, which navl needs so that a validator can look at
other fields, costs more than all else. `DirectSchema` walks through the dictionary once and gives
what `CompiledSchema` gives, without the errors. What it does not know, it leaves to the flat form.
"""

# ruff: noqa: ANN401 - values of any shape

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import getclosurevars
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import Invalid, StopOnError, missing

from ckanext.cn_govdata.store.navl import (
    FLATTEN_TAKES_SCHEMA,
    FROM_EXTRAS,
    IGNORE,
    IGNORE_MISSING,
    NOT_EMPTY,
    NOT_MISSING,
    TO_TEXT,
    Call,
    CompiledSchema,
    Level,
)

Context = Mapping[str, Any]
Values = dict[str, Any]

# Operations beside those of `navl`.
_SAME_AS, _VALUE, _VALUE_AND_CONTEXT, _ELSE = range(-20, -24, -1)
# What becomes of a field: carried over, carried over unless empty, computed.
_CARRY, _UNLESS_MISSING, _COMPUTE = range(3)
_DROPPED = object()
# Datasets have few different sets of keys; a site where they do not shall keep no more than these.
_MOST_PLANS = 2000


class NeedsFlat(Exception):  # noqa: N818 - a way of working, not a fault
    """A dataset holds something that only the flat form can tell about."""


class DirectSchema:
    """A schema of independent fields. Raises `NeedsFlat` where `schema` is none."""

    def __init__(self, schema: CompiledSchema) -> None:
        if any("__after" in level.steps for level in _levels(schema.root)):
            raise NeedsFlat
        self._keys = list(schema.schema)
        self._root = _Level(schema.root)

    def validate(self, data: Values, context: Context) -> Values:
        """The converted dictionary. Raises `NeedsFlat` if this dataset needs the flat form."""
        context = {**context, "schema_keys": self._keys}
        taken: dict[str, Any] = {}
        if self._root.from_extras:
            data, taken = self._root.take_extras(data)
        converted = self._root.convert(data, taken, context)
        for key, value in data.items():
            if value == []:
                converted.setdefault(key, [])
        return converted


def _levels(level: Level) -> list[Level]:
    return [level, *(each for child in level.children.values() for each in _levels(child))]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to do with a dictionary that has certain keys: names, by what becomes of them."""

    unless_missing: list[str]
    computed: list[tuple[str, list[tuple[int, Any]]]]
    lists: list[str]
    unknown: list[str]
    dropped: list[str]


class _Level:
    """The fields of one dictionary, and the lists of dictionaries below it."""

    def __init__(self, level: Level) -> None:
        calls = {name: _operations(found) for name, found, _ in level.calls}
        self.from_extras = {name for name, ops in calls.items() if ops and ops[0][0] == FROM_EXTRAS}
        fields = {
            name: [op for op in calls.get(name, []) if op[0] != FROM_EXTRAS] for name in level.plain
        }
        self._kinds = {name: _kind(ops) for name, ops in fields.items()}
        self._operations = fields
        # Fields that leave something behind even where the data lack them.
        self._absent = [
            name
            for name, ops in fields.items()
            if not ops or ops[0][0] not in (IGNORE_MISSING, IGNORE)
        ]
        if any(fields[name] and fields[name][0][0] == _ELSE for name in self._absent):
            raise NeedsFlat
        self._extras = _extras(level.steps)
        self._check_steps(level.steps)
        self._plans: dict[tuple[str, ...], _Plan] = {}
        self._children = {name: _Level(child) for name, child in level.children.items()}

    @staticmethod
    def _check_steps(steps: Mapping[str, list[Call]]) -> None:
        harmless = {"__before": tk.get_validator("ignore"), "__junk": tk.get_validator("empty")}
        for step, calls in steps.items():
            if step != "__extras" and any(each is not harmless.get(step) for _, each in calls):
                raise NeedsFlat

    def take_extras(self, data: Values) -> tuple[Values, Values]:
        """The data without the extras that are fields here, and those."""
        extras = data.get("extras") or ()
        taken: Values = {}
        left = []
        for extra in extras:
            name = extra.get("key")
            if name in self.from_extras and name not in taken:
                taken[name] = extra["value"]
            else:
                left.append(extra)
        if not taken:
            return data, taken
        data = {**data, "extras": left}
        if not left:
            del data["extras"]
        return data, taken

    def convert(self, data: Values, taken: Values, context: Context) -> Values:
        """The converted dictionary of this level."""
        given = {**data, **taken} if taken else data
        keys = tuple(given)
        plan = self._plans.get(keys) or self._planned(keys)
        found = dict(given)
        if not FLATTEN_TAKES_SCHEMA and any(_is_junk(found[name]) for name in plan.unknown):
            raise NeedsFlat
        for name in plan.dropped:
            del found[name]
        for name in plan.unless_missing:
            value = found[name]
            if value is None or value is missing:
                del found[name]
        for name in plan.lists:
            self._convert_list(name, found, context)
        for name, operations in plan.computed:
            value = _computed(operations, found.get(name, missing), data, context)
            if value is _DROPPED:
                found.pop(name, None)
            else:
                found[name] = value
        if plan.unknown and self._extras == _ELSE:
            found["__extras"] = {name: found.pop(name) for name in plan.unknown}
        return found

    def _planned(self, keys: tuple[str, ...]) -> _Plan:
        """What to do with a dictionary of these keys."""
        plain = [name for name in keys if name in self._kinds]
        lists = [name for name in keys if name in self._children]
        unknown = [name for name in keys if name not in self._kinds and name not in lists]
        computed = [name for name in plain if self._kinds[name] == _COMPUTE]
        computed += [name for name in self._absent if name not in keys]
        plan = _Plan(
            unless_missing=[name for name in plain if self._kinds[name] == _UNLESS_MISSING],
            computed=[(name, self._operations[name]) for name in computed],
            lists=lists,
            unknown=unknown,
            dropped=unknown if self._extras == IGNORE else [],
        )
        if len(self._plans) >= _MOST_PLANS:
            self._plans.clear()
        self._plans[keys] = plan
        return plan

    def _convert_list(self, name: str, found: Values, context: Context) -> None:
        value = found.pop(name)
        converted = self._list(name, value, context) if value != [] else None
        if converted:
            found[name] = converted
        elif value == [] and self._extras == _CARRY:
            found[name] = value

    def _list(self, name: str, values: Any, context: Context) -> list[Values]:
        """A dictionary of which nothing is left leaves its list, as in the flat form."""
        if not isinstance(values, list) or not all(type(each) is dict and each for each in values):
            raise NeedsFlat
        child = self._children[name]
        converted = (child.convert(each, {}, context) for each in values)
        return [each for each in converted if each]


def _is_junk(value: Any) -> bool:
    """Whether CKAN 2.11 would look for a schema of lists."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _operations(calls: list[Call]) -> list[tuple[int, Any]]:
    """The calls as operations on one value; `_ELSE` for what looks further."""
    found: list[tuple[int, Any]] = []
    for kind, validator in calls:
        if kind in (IGNORE_MISSING, IGNORE, TO_TEXT, FROM_EXTRAS, NOT_EMPTY, NOT_MISSING):
            found.append((kind, validator))
        elif validator.__qualname__ == "if_empty_same_as.<locals>.callable":
            found.append((_SAME_AS, getclosurevars(validator).nonlocals["other_key"]))
        else:
            found.append(({1: _VALUE, 2: _VALUE_AND_CONTEXT}.get(kind, _ELSE), validator))
    return found


def _kind(operations: list[tuple[int, Any]]) -> int:
    if not operations:
        return _CARRY
    if [kind for kind, _ in operations] == [IGNORE_MISSING]:
        return _UNLESS_MISSING
    return _COMPUTE


def _extras(steps: Mapping[str, list[Call]]) -> int:
    """What becomes of keys without a schema: `IGNORE`, `_CARRY`, or `_ELSE` for kept apart."""
    calls = [validator for kind, validator in steps.get("__extras", ()) if kind != IGNORE_MISSING]
    if calls == [tk.get_validator("ignore")]:
        return IGNORE
    if calls == [tk.get_validator("keep_extras")]:
        return _CARRY
    if not calls:
        return _ELSE
    raise NeedsFlat


def _computed(  # noqa: C901, PLR0912 - the inner loop: one branch a kind of operation
    operations: list[tuple[int, Callable[..., Any]]], value: Any, data: Values, context: Context
) -> Any:
    for kind, operand in operations:
        try:
            if kind == IGNORE_MISSING:
                if value is missing or value is None:
                    return _DROPPED
            elif kind == TO_TEXT:
                if type(value) is not str:
                    value = _TEXT(value)
            elif kind == _VALUE:
                value = operand(value)
            elif kind == NOT_EMPTY:
                if value is missing or (not value and value not in (False, 0)):
                    return value
            elif kind == NOT_MISSING:
                if value is missing:
                    return value
            elif kind == _SAME_AS:
                if not value or value is missing:
                    value = data.get(operand, missing)
            elif kind == _VALUE_AND_CONTEXT:
                value = operand(value, context)
            elif kind == IGNORE:
                return _DROPPED
            else:
                raise NeedsFlat
        except Invalid:
            continue
        except StopOnError:
            return value
    return value


_TEXT = tk.get_validator("unicode_safe")
