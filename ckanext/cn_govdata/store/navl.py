"""CKAN's validation (navl) with everything that depends on the schema alone done once.

`ckan.lib.navl.dictization_functions.validate` works out, for every dataset again, which keys the
schema has, in which order they come and how many arguments each validator takes: 4 ms of the 5.5 a
dataset costs. `CompiledSchema` does so once. The validators are the site's own, called in the same
order with the same flat data; only the commonest of CKAN's are written in place of a call.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from inspect import signature
from itertools import chain
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

FLATTEN_TAKES_SCHEMA = "schema" in signature(flatten_dict).parameters
# CKAN 2.11 leaves the value of an extra as it is.
_EXTRAS_ARE_TEXT = "unicode_safe" in tk.get_converter("convert_to_extras").__code__.co_names
_STEPS = ("__before", "__extras", "__after", "__junk")
IGNORE_MISSING, TO_TEXT, TO_EXTRAS, FROM_EXTRAS, NO_DUPLICATES, NOT_EMPTY, NOT_MISSING = range(
    -1, -8, -1
)
OPTIONAL, IGNORE = -8, -9
_DROPPING = frozenset({IGNORE_MISSING, OPTIONAL, IGNORE})
_EMPTY: tuple[Any, ...] = ("", [], {})
# Validators of one key and of keys they name, which take an absent key for a missing value.
_MODEST = (
    "cn_govdata_after",
    "cn_govdata_before",
    "cn_govdata_credit_code",
    "cn_govdata_identifier",
    "cn_govdata_issued",
    "cn_govdata_keep",
    "cn_govdata_name",
    "cn_govdata_resource_kind",
    "datasets_with_no_organization_cannot_be_private",
    "empty",
    "empty_if_not_sysadmin",
    "extra_key_not_in_root_schema",
    "if_empty_guess_format",
    "ignore_empty",
    "ignore_not_package_admin",
    "ignore_not_sysadmin",
    "keep_extras",
    "tag_string_convert",
)


class Level:
    """The schema of one dictionary: its keys in navl's order, and the lists below it."""

    def __init__(self, schema: Mapping[str, Any], lazy: bool = False) -> None:
        lists = {key: value for key, value in schema.items() if isinstance(value, list)}
        self.names = frozenset(lists)
        self.plain = sorted(key for key in lists if not key.startswith("__"))
        compiled = {key: _compile(lists[key]) for key in self.plain}
        # A key without validators is only carried over.
        self.calls = [(key, calls, calls[0][0]) for key, calls in compiled.items() if calls]
        self.absent = [
            key for key, calls in compiled.items() if not (lazy and calls and _drops(calls))
        ]
        self.steps = {step: _compile(lists[step]) for step in _STEPS if step in lists}
        self.children = {
            key: Level(value, lazy)
            for key, value in sorted(schema.items())
            if isinstance(value, dict)
        }


def _drops(calls: list[Call]) -> bool:
    """Whether a missing value is dropped before any other validator of its key sees it."""
    return calls[0][0] in (IGNORE_MISSING, OPTIONAL, IGNORE)


Places = list[tuple[FlatKey, Level]]


def _special(validator: Validator) -> int | None:
    """The kind of a validator that is written in place of a call."""
    special = {
        tk.get_validator("ignore_missing"): IGNORE_MISSING,
        tk.get_validator("unicode_safe"): TO_TEXT,
        tk.get_converter("convert_to_extras"): TO_EXTRAS,
        tk.get_converter("convert_from_extras"): FROM_EXTRAS,
        tk.get_validator("duplicate_extras_key"): NO_DUPLICATES,
        tk.get_validator("not_empty"): NOT_EMPTY,
        tk.get_validator("not_missing"): NOT_MISSING,
        tk.get_validator("cn_govdata_optional"): OPTIONAL,
        tk.get_validator("ignore"): IGNORE,
    }
    return special.get(validator)


def _compile(validators: Iterable[Validator]) -> list[Call]:
    return [(_special(each) or each.__code__.co_argcount, each) for each in validators]


class CompiledSchema:
    """A navl schema that validates many dictionaries.

    `validate` gives what `ckan.plugins.toolkit.navl_validate` gives, except that the errors stay
    flat: the key of an error is the path to the value, `("resources", 2, "url")`. An extra that
    became a field is not validated as an extra any more. Keys that are not among the data and
    would be dropped at once are left out from the start if all validators that could see them are
    known not to mind; `modest` names more of those.
    """

    def __init__(self, schema: Mapping[str, Any], modest: Iterable[Validator] = ()) -> None:
        self.schema = schema
        self._keys = list(schema)
        known = {*modest, *(tk.get_validator(name) for name in _MODEST)}
        self.root = Level(schema, lazy=all(_is_modest(each, known) for each in _all(schema)))
        self._text = tk.get_validator("unicode_safe")

    def validate(self, data: dict[str, Any], context: Context) -> tuple[dict[str, Any], FlatErrors]:
        """The converted dictionary and the errors, empty if there are none."""
        context = {**context, "schema_keys": self._keys}
        empty_lists = [key for key, value in data.items() if value == []]
        walk = _Walk()
        walk.into(data, (), self.root)
        flat, places = walk.flat, walk.places()
        errors: FlatErrors = defaultdict(list)
        self._run(flat, places, errors, context)
        converted = unflatten(flat)
        for key in empty_lists:
            converted.setdefault(key, [])
        return converted, {key: found for key, found in errors.items() if found}

    def _run(self, flat: FlatData, places: Places, errors: FlatErrors, context: Context) -> None:
        self._step("__before", places, flat, errors, context)
        get, drop = flat.get, flat.pop
        for prefix, level in places:
            if prefix in flat.taken:
                continue
            for name, calls, first in level.calls:
                key = (*prefix, name)
                if first in _DROPPING:
                    value = get(key, missing)
                    if (
                        value is missing
                        or value is None
                        or first == IGNORE
                        or (first == OPTIONAL and value in _EMPTY)
                    ):
                        drop(key, None)
                        continue
                self._convert(calls, key, flat, errors, context)
        self._step("__extras", places, flat, errors, context)
        self._step("__after", reversed(places), flat, errors, context)
        self._step("__junk", places[:1], flat, errors, context)

    def _step(
        self,
        step: str,
        places: Iterable[tuple[FlatKey, Level]],
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
        get = flat.get
        put = flat.__setitem__ if key[0] == "extras" else flat.put
        for kind, validator in calls:
            try:
                if kind == 1:
                    put(key, validator(get(key)))
                elif kind == TO_TEXT:
                    value = get(key)
                    if type(value) is not str:
                        put(key, self._text(value))
                elif kind == TO_EXTRAS:
                    value = flat[key]
                    if _EXTRAS_ARE_TEXT and type(value) is not str:
                        value = self._text(value)
                    flat.add_extra(key[-1], value)
                elif kind == IGNORE_MISSING:
                    value = get(key)
                    if value is missing or value is None:
                        flat.pop(key, None)
                        return
                elif kind == OPTIONAL:
                    value = get(key)
                    if value is missing or value is None or value in _EMPTY:
                        flat.pop(key, None)
                        return
                elif kind == NOT_EMPTY:
                    value = get(key)
                    if type(value) is not str or not value:
                        validator(key, flat, errors, context)
                elif kind == NOT_MISSING:
                    if get(key) is missing:
                        validator(key, flat, errors, context)
                elif kind == FROM_EXTRAS:
                    found, value = flat.take_extra(key[-1])
                    if found:
                        put(key, value)
                elif kind == NO_DUPLICATES:
                    if flat.has_extras():
                        validator(key, flat, errors, context)
                elif kind == 2:  # noqa: PLR2004 - a number of arguments
                    put(key, validator(get(key), context))
                elif kind == IGNORE:
                    flat.pop(key, None)
                    return
                else:
                    validator(key, flat, errors, context)
            except Invalid as error:
                errors[key].append(error.error)
            except StopOnError:
                return


class _Walk:
    """From a nested dictionary to navl's flat form, completed as navl does.

    An absent key becomes `missing`; one without a schema goes to `__extras` or `__junk`.
    """

    def __init__(self) -> None:
        self.flat = FlatData()
        self._put = self.flat.put
        self._junk: dict[FlatKey, Any] = {}
        self._by_depth: list[Places] = []

    def places(self) -> Places:
        """Every dictionary in the data, in navl's order."""
        if self._junk:
            self._put(("__junk",), self._junk)
        return list(chain.from_iterable(self._by_depth))

    def into(self, data: Mapping[str, Any], prefix: FlatKey, level: Level) -> None:
        """Take in one dictionary and those below it."""
        self._note(prefix, level)
        unknown: dict[str, Any] = {}
        for name, value in data.items():
            if self._is_junk(name, value, level):
                self._discard(value, (*prefix, name))
            elif name in level.names:
                self._put((*prefix, name), value)
            elif name not in level.children or value == []:
                unknown[name] = value
        for name in level.absent:
            if name not in data:
                self._put((*prefix, name), missing)
        if unknown:
            self._put((*prefix, "__extras"), unknown)
        for name in level.children:
            if data.get(name, []) != []:
                self._into_list(data[name], (*prefix, name), level.children[name])

    def _note(self, prefix: FlatKey, level: Level) -> None:
        depth = len(prefix) // 2
        if depth == len(self._by_depth):
            self._by_depth.append([])
        self._by_depth[depth].append((prefix, level))

    def _into_list(self, values: Any, prefix: FlatKey, level: Level) -> None:  # noqa: ANN401
        if not _is_list_of_dictionaries(values):
            raise DataError(f"Only lists of dicts can be placed against subschema {prefix}")
        for index, each in enumerate(values):
            if not isinstance(each, dict):
                raise DataError("Values in lists need to be dicts")
            if each:
                self.into(each, (*prefix, index), level)

    @staticmethod
    def _is_junk(name: str, value: Any, level: Level) -> bool:  # noqa: ANN401
        """Whether a list of dictionaries stands where the schema has none."""
        if FLATTEN_TAKES_SCHEMA or name in level.children:
            return False
        return _is_list_of_dictionaries(value)

    def _discard(self, values: list[Any], prefix: FlatKey) -> None:
        """A list of dictionaries where the schema has none: CKAN 2.11 takes it for junk."""
        self._junk.update(flatten_dict({prefix[-1]: values}, old_key=list(prefix[:-1])))


def _is_list_of_dictionaries(value: Any) -> bool:  # noqa: ANN401
    return type(value) is list and bool(value) and isinstance(value[0], dict)


def _all(schema: Mapping[str, Any]) -> Iterator[Validator]:
    """Every validator of a schema."""
    for value in schema.values():
        if isinstance(value, dict):
            yield from _all(value)
        else:
            yield from value


def _is_modest(validator: Validator, known: set[Validator]) -> bool:
    sees_all = validator.__code__.co_argcount > 2  # noqa: PLR2004 - value and context
    return not sees_all or validator in known or _special(validator) is not None
