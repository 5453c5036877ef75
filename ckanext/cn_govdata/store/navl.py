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
)

from ckanext.cn_govdata.store.flat import FlatData, FlatKey, unflatten

FlatErrors = dict[FlatKey, list[str]]
Validator = Callable[..., Any]
Context = Mapping[str, Any]
Call = tuple[int, Validator]

_FLATTEN_TAKES_SCHEMA = "schema" in signature(flatten_dict).parameters
# CKAN 2.11 leaves the value of an extra as it is.
_EXTRAS_ARE_TEXT = "unicode_safe" in tk.get_converter("convert_to_extras").__code__.co_names
_STEPS = ("__before", "__extras", "__after", "__junk")
IGNORE_MISSING, TO_TEXT, TO_EXTRAS, FROM_EXTRAS, NO_DUPLICATES, NOT_EMPTY, NOT_MISSING = range(
    -1, -8, -1
)


class _Level:
    """The schema of one dictionary: its keys in navl's order, and the lists below it."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        lists = {key: value for key, value in schema.items() if isinstance(value, list)}
        self.names = frozenset(lists)
        self.plain = sorted(key for key in lists if not key.startswith("__"))
        compiled = [(key, _compile(lists[key])) for key in self.plain]
        # A key without validators is only carried over.
        self.calls = [
            (key, calls, calls[0][0] == IGNORE_MISSING) for key, calls in compiled if calls
        ]
        self.steps = {step: _compile(lists[step]) for step in _STEPS if step in lists}
        self.children = {
            key: _Level(value) for key, value in schema.items() if isinstance(value, dict)
        }


Places = list[tuple[FlatKey, _Level]]


def _compile(validators: Iterable[Validator]) -> list[Call]:
    special = {
        tk.get_validator("ignore_missing"): IGNORE_MISSING,
        tk.get_validator("unicode_safe"): TO_TEXT,
        tk.get_converter("convert_to_extras"): TO_EXTRAS,
        tk.get_converter("convert_from_extras"): FROM_EXTRAS,
        tk.get_validator("duplicate_extras_key"): NO_DUPLICATES,
        tk.get_validator("not_empty"): NOT_EMPTY,
        tk.get_validator("not_missing"): NOT_MISSING,
    }
    return [(special.get(each) or each.__code__.co_argcount, each) for each in validators]


class CompiledSchema:
    """A navl schema that validates many dictionaries.

    `validate` gives what `ckan.plugins.toolkit.navl_validate` gives, except that the errors stay
    flat: the key of an error is the path to the value, `("resources", 2, "url")`. An extra that
    became a field is not validated as an extra any more.
    """

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self.schema = schema
        self._keys = list(schema)
        self._root = _Level(schema)
        self._text = tk.get_validator("unicode_safe")

    def validate(self, data: dict[str, Any], context: Context) -> tuple[dict[str, Any], FlatErrors]:
        """The converted dictionary and the errors, empty if there are none."""
        context = {**context, "schema_keys": self._keys}
        empty_lists = [key for key, value in data.items() if value == []]
        flat = FlatData(self._flatten(data))
        places = self._augmented(flat)
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

    def _augmented(self, flat: FlatData) -> Places:
        """Complete the data as navl does; every dictionary in it, in navl's order.

        An absent key becomes `missing`; one without a schema goes to `__extras` or `__junk`.
        """
        grouped: dict[FlatKey, list[FlatKey]] = defaultdict(list)
        for key in flat:
            grouped[key[:-1]].append(key)
        known = self._known(grouped)
        strange = [
            key
            for prefix, keys in grouped.items()
            for key in keys
            if prefix not in known or key[-1] not in known[prefix].names
        ]
        if strange:
            _move(flat, strange, known)
        put = dict.__setitem__
        for prefix, level in known.items():
            present = {key[-1] for key in grouped.get(prefix, ())}
            for name in level.plain:
                if name not in present:
                    put(flat, (*prefix, name), missing)
        return sorted(known.items(), key=lambda place: (len(place[0]), *place[0]))

    def _known(self, prefixes: Iterable[FlatKey]) -> dict[FlatKey, _Level]:
        """The dictionaries that the schema knows."""
        known: dict[FlatKey, _Level] = {(): self._root}
        for prefix in sorted(prefixes, key=len):
            parent = known.get(prefix[:-2]) if prefix else None
            child = parent.children.get(prefix[-2]) if parent else None
            if child is not None:
                known[prefix] = child
        return known

    def _run(self, flat: FlatData, places: Places, errors: FlatErrors, context: Context) -> None:
        self._step("__before", places, flat, errors, context)
        for prefix, level in places:
            if prefix in flat.taken:
                continue
            for name, calls, may_be_missing in level.calls:
                key = (*prefix, name)
                if may_be_missing:
                    value = flat.get(key)
                    if value is missing or value is None:
                        flat.pop(key, None)
                        continue
                self._convert(calls, key, flat, errors, context)
        self._step("__extras", places, flat, errors, context)
        self._step("__after", reversed(places), flat, errors, context)
        self._step("__junk", places[:1], flat, errors, context)

    def _step(
        self,
        step: str,
        places: Iterable[tuple[FlatKey, _Level]],
        flat: FlatData,
        errors: FlatErrors,
        context: Context,
    ) -> None:
        for prefix, level in places:
            calls = level.steps.get(step)
            if calls and prefix not in flat.taken:
                self._convert(calls, (*prefix, step), flat, errors, context)

    def _convert(  # noqa: C901, PLR0912 - the inner loop: one branch a kind of validator
        self,
        calls: list[Call],
        key: FlatKey,
        flat: FlatData,
        errors: FlatErrors,
        context: Context,
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
                elif kind == NOT_EMPTY:
                    value = flat.get(key)
                    if type(value) is not str or not value:
                        validator(key, flat, errors, context)
                elif kind == NOT_MISSING:
                    if flat.get(key) is missing:
                        validator(key, flat, errors, context)
                elif kind == TO_EXTRAS:
                    value = self._text(flat[key]) if _EXTRAS_ARE_TEXT else flat[key]
                    flat.add_extra(key[-1], value)
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


def _move(flat: FlatData, strange: Iterable[FlatKey], known: Mapping[FlatKey, _Level]) -> None:
    """Move keys without a schema to `__extras` of their dictionary, or to `__junk`."""
    junk: dict[FlatKey, Any] = {}
    extras: dict[FlatKey, dict[str, Any]] = defaultdict(dict)
    for key in strange:
        value = flat.pop(key)
        level = known.get(key[:-1])
        if level is None:
            junk[key] = value
            continue
        if key[-1] in level.children and value != []:
            raise DataError(f"Only lists of dicts can be placed against subschema {key}")
        extras[(*key[:-1], "__extras")][key[-1]] = value
    flat.update(extras)
    if junk:
        flat[("__junk",)] = junk
