"""Personal data out of any JSON value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from ckanext.cn_govdata.text.clean import is_placeholder, line, visible
from ckanext.cn_govdata.text.personal.digits import (
    ID_NUMBER,
    MOBILE,
    REMOVED,
    is_identity,
    is_mobile,
    remove_numbers,
)
from ckanext.cn_govdata.text.personal.keys import Meaning, meaning
from ckanext.cn_govdata.text.personal.names import NAME, is_name, remove_all_names, remove_names
from ckanext.cn_govdata.text.personal.office import keep_office, office_name

TOO_DEEP, NOT_JSON = "too_deep", "not_json"

_DEEPEST = 100  # levels; real records have fewer than ten
_HIDING = re.compile(r"[&<\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
_HAS_WORD = re.compile(r"[^\W_]")
_RECORD_ID = re.compile(r"[!-~]+")
_BARE_NUMBER = re.compile(r"[\d,.:/ -]+")
_IDENTITY = re.compile(r"\d{15}|\d{17}[\dXx]")

_Kinds = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A JSON value without personal data, and what was removed: (path, kind), never the value."""

    value: Any
    removed: tuple[tuple[str, str], ...] = ()


def scrub(value: object) -> Scrubbed:
    """Remove mobile numbers, identity numbers and persons' names from a JSON value.

    Members that say who created, uploaded or changed a record, or whom to ask, are left out unless
    they name an office; text keeps `***` in place of what went. Record ids, web addresses, counts
    and times stay as they are. JSON inside text is read too. The value given is not changed; parts
    that are no JSON, or nested more than 100 levels deep, are left out.
    """
    walk = _Walk()
    result = walk.value(value, "", Meaning.TEXT)
    return Scrubbed(None if result is _GONE else result, tuple(walk.removed))


def scrub_text(text: str) -> tuple[str, _Kinds]:
    """Remove personal data from a text; return it and the kinds of what went.

    A text that held nothing else becomes "". Numbers that entities, markup or zero-width
    characters take apart are found as well; the text then comes back without these.
    """
    return _scrub_text(text, remove_names)


def _scrub_text(text: str, without_names: Callable[[str], tuple[str, int]]) -> tuple[str, _Kinds]:
    cleaned, kinds = _once(text, without_names)
    if _HIDING.search(cleaned):
        shown, more = _once(visible(cleaned), without_names)
        if more:
            cleaned, kinds = shown, kinds + more
    if kinds and not _HAS_WORD.search(cleaned):
        return "", kinds
    return cleaned, kinds


def _once(text: str, without_names: Callable[[str], tuple[str, int]]) -> tuple[str, _Kinds]:
    text, kinds = remove_numbers(text)
    text, names = without_names(text)
    return text, kinds + (NAME,) * names


_GONE = object()
_OF_A_PERSON = (Meaning.PERSON, Meaning.CONTACT)


class _Walk:
    """One pass over a value; collects what was removed."""

    def __init__(self) -> None:
        self.removed: list[tuple[str, str]] = []

    def value(
        self, value: object, path: str, kind: Meaning, depth: int = 0, *, in_person: bool = False
    ) -> object:
        """Return the value without personal data, or `_GONE`."""
        if isinstance(value, str):
            inner = self._inner_json(value, path, kind, depth)
            return self._kept(path, *_text(value, kind)) if inner is None else inner
        if value is None or isinstance(value, (bool, int, float)):
            return self._kept(path, *_number(value, kind))
        if not isinstance(value, (Mapping, list, tuple)):
            return self._kept(path, _GONE, (NOT_JSON,))
        if depth >= _DEEPEST:
            return self._kept(path, _GONE, (TOO_DEEP,))
        if isinstance(value, Mapping):
            return self._object(value, path, kind, depth, in_person=in_person)
        members = [
            self.value(member, f"{path}[{i}]", kind, depth + 1, in_person=in_person)
            for i, member in enumerate(value)
        ]
        return [member for member in members if member is not _GONE]

    def _object(
        self,
        value: Mapping[Any, object],
        path: str,
        kind: Meaning,
        depth: int,
        *,
        in_person: bool,
    ) -> object:
        if kind is Meaning.ACCOUNT and value:
            return self._kept(path, _GONE, (NAME,))
        in_person = in_person or kind in _OF_A_PERSON
        result: dict[str, object] = {}
        for key, member in value.items():
            name, kinds = scrub_text(str(key))
            where = f"{path}.{name or REMOVED}" if path else name or REMOVED
            if kinds:
                self._kept(where, _GONE, kinds)
                continue
            means = meaning(name, in_person=in_person)
            kept = self.value(member, where, means, depth + 1, in_person=in_person)
            if kept is not _GONE:
                result[name] = kept
        return result

    def _inner_json(self, text: str, path: str, kind: Meaning, depth: int) -> str | None:
        """The text of a JSON document that holds personal data, without these."""
        if text[:1] + text[-1:] not in ("{}", "[]"):
            return None
        try:
            document = orjson.loads(text)
        except orjson.JSONDecodeError:
            return None
        before = len(self.removed)
        result = self.value(document, path, kind, depth + 1)
        if len(self.removed) == before:
            return None
        return "" if result is _GONE else orjson.dumps(result).decode()

    def _kept(self, path: str, value: object, kinds: _Kinds) -> object:
        self.removed.extend((path, kind) for kind in kinds)
        return value


def _number(value: float | None, kind: Meaning) -> tuple[object, _Kinds]:
    if value is None or isinstance(value, bool):
        return value, ()
    if kind in (Meaning.ACCOUNT, Meaning.PERSON):
        return _GONE, (NAME,)
    if kind in (Meaning.RECORD_ID, Meaning.QUANTITY) or not abs(value) < 10**20:
        return value, ()
    digits = f"{value:.0f}" if isinstance(value, float) else str(value)
    if is_mobile(digits):
        return _GONE, (MOBILE,)
    return (_GONE, (ID_NUMBER,)) if is_identity(digits) else (value, ())


def _text(text: str, kind: Meaning) -> tuple[object, _Kinds]:
    if _is_no_text(text, kind):
        return text, ()
    if kind is Meaning.CONTACT:
        return _scrub_text(text, remove_all_names)
    if kind in (Meaning.ACCOUNT, Meaning.PERSON):
        return _text_of_a_person(text, kind)
    if kind is Meaning.EITHER and is_name(line(text) or ""):
        return _GONE, (NAME,)
    if kind is Meaning.IDENTITY and _IDENTITY.fullmatch(line(text) or ""):
        return _GONE, (ID_NUMBER,)
    return scrub_text(text)


def _is_no_text(text: str, kind: Meaning) -> bool:
    """Whether a value is the bare id or quantity that its member announces."""
    if kind is Meaning.RECORD_ID:
        return "=" not in text and _RECORD_ID.fullmatch(text) is not None
    return kind is Meaning.QUANTITY and _BARE_NUMBER.fullmatch(text) is not None


def _text_of_a_person(text: str, kind: Meaning) -> tuple[object, _Kinds]:
    """Only an office survives, beside a contact person's place its number and mailbox too."""
    if is_placeholder(text):
        return text, ()
    kept = office_name(text) if kind is Meaning.ACCOUNT else keep_office(text)
    if kept is None:
        return _GONE, (NAME,)
    return (text, ()) if kept == line(text) else (kept, (NAME,))
