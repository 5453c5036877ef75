"""Validators of single fields. Each value has one stored form, the same for form, API and harvest.

A dataset field outside CKAN's own columns is stored as text: lists and objects as JSON, numbers
and truth values as words; the output validators turn them back.
"""

# ruff: noqa: ANN401, ARG001 - CKAN hands a validator whatever a request holds

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.helpers import unified_resource_format

from ckanext.cn_govdata.schema import division_input
from ckanext.cn_govdata.schema.codes import in_reader_language, labels
from ckanext.cn_govdata.schema.registry import validator
from ckanext.cn_govdata.standards.formats import format_code
from ckanext.cn_govdata.text import dates

# PostgreSQL stores no NUL and no lone surrogate, Solr's XML no other control character.
_NOT_STORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WEB_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s/]", re.IGNORECASE)
# A year or a month is a date too: coverage is often stated no closer.
_YEAR_OR_MONTH = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
LARGEST = 2**63 - 1
_TRUE, _FALSE = frozenset({"true", "1", "yes", "是"}), frozenset({"false", "0", "no", "否"})

# A portal gives thousands of records few dates.
_iso_date = lru_cache(maxsize=4096)(dates.iso_date)
_iso_datetime = lru_cache(maxsize=4096)(dates.iso_datetime)

Key = tuple[Any, ...]
Data = dict[Key, Any]
Field = Mapping[str, Any]


@validator
def optional(key: Key, data: Data, errors: Data, context: Mapping[str, Any]) -> None:
    """Store nothing for an empty value. Unlike core's `ignore_empty` 0 and False are values."""
    value = data.get(key)
    if value is tk.missing or value is None or value in ("", [], {}):
        data.pop(key, None)
        raise tk.StopOnError


@validator
def storable(value: Any) -> Any:
    """Remove the characters that the database or the index cannot hold."""
    return _NOT_STORABLE.sub("", value) if isinstance(value, str) else value


def _for_field(function: Callable[[Field], Callable[..., Any]]) -> Callable[..., Any]:
    """A validator made anew for each scheming field that names it."""

    def make(field: Field, schema: Mapping[str, Any]) -> Callable[..., Any]:
        return function(field)

    make.__name__ = function.__name__
    make.is_a_scheming_validator = True
    return validator(make)


@_for_field
def code(field: Field) -> Callable[[Any], str]:
    """One code of the field's `code_list`."""

    def check(value: Any) -> str:
        text = str(value).strip()
        if text not in labels(field["code_list"]):
            raise tk.Invalid(_unknown_code(text, field))
        return text

    return check


@_for_field
def codes(field: Field) -> Callable[[Any], str]:
    """Several codes of the field's `code_list`, in the order of the list, as a JSON list."""

    def check(value: Any) -> str:
        given = dict.fromkeys(_texts(value))
        known = labels(field["code_list"])
        for text in given:
            if text not in known:
                raise tk.Invalid(_unknown_code(text, field))
        return _json([text for text in known if text in given])

    return check


def _unknown_code(text: str, field: Field) -> str:
    return tk._('"{code}" is not a code of {label} (list {list}; {standard})').format(
        code=text,
        label=in_reader_language(field["label"]),
        list=field["code_list"],
        standard=field.get("standard") or "CKAN",
    )


@validator
def text_list(value: Any) -> str:
    """Several texts as a JSON list; empty and repeated ones are left out."""
    return _json(list(dict.fromkeys(_texts(value))))


@validator
def list_output(value: Any) -> list[Any]:
    """The list that a JSON text holds."""
    return value if isinstance(value, list) else json.loads(value)


@validator
def json_object(value: Any) -> str:
    """A JSON object as text."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError as error:
            raise tk.Invalid(tk._("Not valid JSON: {error}").format(error=error)) from error
    if not isinstance(value, dict):
        raise tk.Invalid(tk._("A JSON object is expected"))
    return _json(value)


@validator
def json_output(value: Any) -> Any:
    """What a JSON text holds."""
    return json.loads(value) if isinstance(value, str) else value


@validator
def integer(value: Any) -> int:
    """A whole number from 0 to the largest that PostgreSQL's bigint holds."""
    try:
        number = int(str(value).strip())
    except ValueError as error:
        raise tk.Invalid(tk._("A whole number is expected")) from error
    if not 0 <= number <= LARGEST:
        raise tk.Invalid(tk._("The number is out of range"))
    return number


@validator
def integer_output(value: Any) -> Any:
    """The number that is stored as text; a text that is no number as it is."""
    try:
        return int(value)
    except (TypeError, ValueError):
        return value


@validator
def boolean(value: Any) -> str:
    """`true` or `false`."""
    word = str(value).strip().lower()
    if word in _TRUE | _FALSE:
        return "true" if word in _TRUE else "false"
    raise tk.Invalid(tk._("Yes or no is expected"))


@validator
def boolean_output(value: Any) -> bool:
    """The truth value of a stored word."""
    return str(value).lower() in _TRUE


@validator
def date(value: Any) -> str:
    """An ISO 8601 date, from any of the usual Chinese forms; a year or a month alone may stand."""
    text = str(value).strip()
    iso = text if _YEAR_OR_MONTH.fullmatch(text) else _iso_date(text)
    if not iso:
        raise tk.Invalid(tk._('"{value}" is not a date (GB/T 7408)').format(value=text))
    return iso


@validator
def datetime(value: Any) -> str:
    """An ISO 8601 date and time, or the date alone where no time is known."""
    text = str(value).strip()
    iso = _iso_datetime(text)
    if not iso:
        raise tk.Invalid(tk._('"{value}" is not a date and time (GB/T 7408)').format(value=text))
    return iso


@validator
def url(value: str) -> str:
    """A web address: http, https or ftp. Anything else could run in a reader's browser."""
    text = value.strip()
    if not _WEB_ADDRESS.match(text):
        raise tk.Invalid(tk._('"{value}" is not a web address').format(value=text))
    return text


@validator
def division(value: str) -> str:
    """A code of GB/T 2260, of today or of former years, or a name that only one division bears."""
    text = value.strip()
    try:
        found = division_input.resolve(text)
    except division_input.AmbiguousDivisionError as several:
        candidates = [division_input.described(each.code) for each in several.candidates]
        raise tk.Invalid(
            tk._('Several divisions are named "{name}" (GB/T 2260): {candidates}').format(
                name=text, candidates="; ".join(candidates)
            )
        ) from several
    if found is None:
        raise tk.Invalid(
            tk._('"{code}" is neither a code nor a name of GB/T 2260').format(code=text)
        )
    return found


@validator
def format(value: str) -> str:  # noqa: A001 - named after the field
    """The code of a known format or media type (`csv`, `api`); an unknown one as it is written."""
    return format_code(value) or format_code(unified_resource_format(value)) or value.strip()


def _texts(value: Any) -> list[str]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        with contextlib.suppress(ValueError):
            value = json.loads(value)
    if not isinstance(value, (list, tuple)):
        value = [value]
    texts = (storable(str(part)).strip() for part in value if part is not None)
    return [text for text in texts if text]


def _json(value: Any) -> str:
    return _NOT_STORABLE.sub("", json.dumps(value, ensure_ascii=False))
