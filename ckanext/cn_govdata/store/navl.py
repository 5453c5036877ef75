"""CKAN's validation (navl) with everything that depends on the schema alone done once.

`ckan.lib.navl.dictization_functions.validate` works out, for every dataset again, which keys the
schema has, in which order they come and how many arguments each validator takes: 4 ms of the 5.5 a
dataset costs. `CompiledSchema` does so once. The validators are the site's own, called in the same
order with the same flat data; only the commonest of CKAN's are written in place of a call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from inspect import signature
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.navl.dictization_functions import (
    DataError,
    Invalid,
    StopOnError,
    flatten_dict,
    missing,
    unflatten,
)

FlatKey = tuple[Any, ...]
FlatErrors = dict[FlatKey, list[str]]
Validator = Callable[..., Any]

_FLATTEN_TAKES_SCHEMA = "schema" in signature(flatten_dict).parameters
_STEPS = ("__before", "__extras", "__after", "__junk")


class FlatData(dict):  # type: ignore[type-arg]
    """Flat data that knows the next free index of `extras` and which index holds which key."""

    __slots__ = ("_extras", "_next")

    def __init__(self, *args: Any) -> None:  # noqa: ANN401
        super().__init__(*args)
        self._next: int | None = None
        self._extras: dict[str, list[FlatKey]] | None = None

    def __setitem__(self, key: FlatKey, value: Any) -> None:  # noqa: ANN401
        if key[0] == "extras" and len(key) > 1:
            self._next = self._extras = None
        super().__setitem__(key, value)

    def add_extra(self, name: str, value: Any) -> None:  # noqa: ANN401
        """Append an extra, as `convert_to_extras` does."""
        index = self._next
        if index is None:
            index = 1 + max(
                (key[1] for key in self if key[0] == "extras" and len(key) > 1), default=-1
            )
        super().__setitem__(("extras", index, "key"), name)
        super().__setitem__(("extras", index, "value"), value)
        self._next = index + 1
        self._extras = None

    def take_extra(self, name: str) -> tuple[bool, Any]:
        """Remove the extra of a name, as `convert_from_extras` does: whether found, its value."""
        if self._extras is None:
            self._extras = self._keys_of_extras()
        keys = self._extras.pop(name, None)
        if keys is None:
            return False, None
        value = self[("extras", keys[0][1], "value")]
        for key in keys:
            self.pop(key, None)
        return True, value

    def has_extras(self) -> bool:
        """Whether any extra is among the data."""
        return any(key[0] == "extras" and len(key) > 1 for key in self)

    def _keys_of_extras(self) -> dict[str, list[FlatKey]]:
        of_index: dict[int, list[FlatKey]] = {}
        for key in self:
            if key[0] == "extras" and len(key) > 1:
                of_index.setdefault(key[1], []).append(key)
        named: dict[str, list[FlatKey]] = {}
        for index, keys in of_index.items():
            name = self.get(("extras", index, "key"))
            if isinstance(name, str):
                named.setdefault(name, keys)
        return named


class _Level:
    """The schema of one dictionary: its keys in navl's order, and the lists below it."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        lists = {key: value for key, value in schema.items() if isinstance(value, list)}
        plain = sorted(key for key in lists if not key.startswith("__"))
        self.keys = [(key, _compile(lists[key])) for key in plain]
        self.names = frozenset(lists)
        self.plain = plain
        self.steps = {step: _compile(lists[step]) for step in _STEPS if step in lists}
        self.children = {
            key: _Level(value) for key, value in schema.items() if isinstance(value, dict)
        }


Call = tuple[int, Validator]
IGNORE_MISSING, TO_TEXT, TO_EXTRAS, FROM_EXTRAS, NO_DUPLICATES = -1, -2, -3, -4, -5


def _compile(validators: Iterable[Validator]) -> list[Call]:
    special = {
        tk.get_validator("ignore_missing"): IGNORE_MISSING,
        tk.get_validator("unicode_safe"): TO_TEXT,
        tk.get_converter("convert_to_extras"): TO_EXTRAS,
        tk.get_converter("convert_from_extras"): FROM_EXTRAS,
        tk.get_validator("duplicate_extras_key"): NO_DUPLICATES,
    }
    return [(special.get(each) or each.__code__.co_argcount, each) for each in validators]


class CompiledSchema:
    """A navl schema that validates many dictionaries.

    `validate` gives what `ckan.plugins.toolkit.navl_validate` gives, except that the errors stay
    flat: the key of an error is the path to the value, `("resources", 2, "url")`.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self._root = _Level(schema)
        self._text = tk.get_validator("unicode_safe")

    def validate(
        self, data: dict[str, Any], context: Mapping[str, Any]
    ) -> tuple[dict[str, Any], FlatErrors]:
        """The converted dictionary and the errors, empty if there are none."""
        context = {**context, "schema_keys": list(self.schema)}
        empty_lists = [key for key, value in data.items() if value == []]
        flat = FlatData(self._flatten(data))
        places = self._places(flat)
        self._augment(flat, places)
        errors: FlatErrors = defaultdict(list)
        self._run(flat, places, errors, context)
        converted = unflatten(flat)
        for key in empty_lists:
            converted.setdefault(key, [])
        return converted, {key: found for key, found in errors.items() if found}

    def _flatten(self, data: dict[str, Any]) -> dict[FlatKey, Any]:
        if _FLATTEN_TAKES_SCHEMA:
            return flatten_dict(data, schema=self.schema)
        return flatten_dict(data)

    def _places(self, flat: FlatData) -> list[tuple[FlatKey, _Level]]:
        """Every dictionary in the data that the schema knows, parents first, in navl's order."""
        known: dict[FlatKey, _Level] = {(): self._root}
        deepest = max(map(len, flat), default=1)
        for length in range(3, deepest + 1, 2):
            for key in flat:
                if len(key) == length and key[:-1] not in known:
                    level = known.get(key[:-3])
                    child = level.children.get(key[-3]) if level else None
                    if child is not None:
                        known[key[:-1]] = child
        return sorted(known.items(), key=lambda place: (len(place[0]), *place[0]))

    def _augment(self, flat: FlatData, places: list[tuple[FlatKey, _Level]]) -> None:
        """Add `missing` for absent keys; move keys without a schema to `__extras` or `__junk`."""
        known = dict(places)
        strange = [
            key for key in flat if key[:-1] not in known or key[-1] not in known[key[:-1]].names
        ]
        junk: dict[FlatKey, Any] = {}
        extras: dict[FlatKey, dict[str, Any]] = {}
        for key in strange:
            value = flat.pop(key)
            level = known.get(key[:-1])
            if level is not None and key[-1] in level.children:
                if value != []:
                    raise DataError(f"Only lists of dicts can be placed against subschema {key}")
                extras.setdefault((*key[:-1], "__extras"), {})[key[-1]] = value
            elif level is not None:
                extras.setdefault((*key[:-1], "__extras"), {})[key[-1]] = value
            else:
                junk[key] = value
        if junk:
            dict.__setitem__(flat, ("__junk",), junk)
        for key, found in extras.items():
            dict.__setitem__(flat, key, found)
        for prefix, level in places:
            for name in level.plain:
                key = (*prefix, name)
                if key not in flat:
                    dict.__setitem__(flat, key, missing)

    def _run(
        self,
        flat: FlatData,
        places: list[tuple[FlatKey, _Level]],
        errors: FlatErrors,
        context: Mapping[str, Any],
    ) -> None:
        self._step("__before", places, flat, errors, context)
        for prefix, level in places:
            for name, calls in level.keys:
                self._convert(calls, (*prefix, name), flat, errors, context)
        self._step("__extras", places, flat, errors, context)
        self._step("__after", reversed(places), flat, errors, context)
        self._step("__junk", places[:1], flat, errors, context)

    def _step(
        self,
        step: str,
        places: Iterable[tuple[FlatKey, _Level]],
        flat: FlatData,
        errors: FlatErrors,
        context: Mapping[str, Any],
    ) -> None:
        for prefix, level in places:
            calls = level.steps.get(step)
            if calls:
                self._convert(calls, (*prefix, step), flat, errors, context)

    def _convert(  # noqa: C901, PLR0912 - the inner loop: one branch a kind of validator
        self,
        calls: list[Call],
        key: FlatKey,
        flat: FlatData,
        errors: FlatErrors,
        context: Mapping[str, Any],
    ) -> None:
        for kind, validator in calls:
            try:
                if kind == IGNORE_MISSING:
                    value = flat.get(key)
                    if value is missing or value is None:
                        flat.pop(key, None)
                        return
                elif kind == TO_TEXT:
                    value = flat.get(key)
                    if type(value) is not str:
                        flat[key] = self._text(value)
                elif kind == TO_EXTRAS:
                    flat.add_extra(key[-1], self._text(flat[key]))
                elif kind == FROM_EXTRAS:
                    found, value = flat.take_extra(key[-1])
                    if found:
                        flat[key] = value
                elif kind == NO_DUPLICATES:
                    if flat.has_extras():
                        validator(key, flat, errors, context)
                elif kind == 1:
                    flat[key] = validator(flat.get(key))
                elif kind == 2:  # noqa: PLR2004 - a number of arguments
                    flat[key] = validator(flat.get(key), context)
                else:
                    validator(key, flat, errors, context)
            except Invalid as error:
                errors[key].append(error.error)
            except StopOnError:
                return
