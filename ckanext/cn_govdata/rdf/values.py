"""The fields that are one triple a value, written by the form that `data/mapping.csv` gives them."""

# ruff: noqa: ANN401 - values of any JSON shape

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import orjson

from . import terms
from .mapping import Mapped, mapped_on
from .namespaces import CNGOV, RDF
from .terms import chinese, text, typed

if TYPE_CHECKING:
    from .shared import Shared

Used = set[str]
# No terms: the value has none of this form, and is kept as it is written.
Form = Callable[[Any, Mapped, "Shared", Used], Sequence[str]]


class PlainFields:
    """Writes the plain fields of a dataset, data_item, contact or resource."""

    def __init__(self, on: str, shared: Shared) -> None:
        self._shared = shared
        self._fields = [
            (name, FORMS[mapped.form], mapped)
            for name, mapped in mapped_on(on).items()
            if mapped.form in FORMS
        ]
        self._addresses = [each for each in mapped_on(on).values() if each.form == "address"]

    def lines(self, subject: str, values: Mapping[str, Any], used: Used) -> Iterator[str]:
        """The triples of the fields that have a value; adds the shared terms in them to `used`."""
        for name, form, mapped in self._fields:
            value = values.get(name)
            if value is None or value == "":
                continue
            found = form(value, mapped, self._shared, used)
            for term in found:
                yield f"{subject} {mapped.property} {term} ."
            if not found:
                written = "\n".join(value) if isinstance(value, list) else str(value)
                yield f"{subject} {as_written(name)} {text(written)} ."
        for mapped in self._addresses:
            if value := values.get(mapped.field):
                yield from address(subject, mapped.property, mapped.field, value)


def address(subject: str, prop: str, field: str, value: str) -> Iterator[str]:
    """A web address, and the text as written where that says more or is no web address."""
    term = terms.web_address(value)
    if term is not None:
        yield f"{subject} {prop} {term} ."
    if term != f"<{value}>":
        yield f"{subject} {as_written(field)} {text(value)} ."


def as_written(field: str) -> str:
    """The property that holds a field's text where its own cannot."""
    first, *others = field.split("_")
    return CNGOV(first + "".join(other.capitalize() for other in others) + "AsWritten")


def _chinese(value: Any, _m: Mapped, _s: Shared, _u: Used) -> Sequence[str]:
    return (chinese(str(value)),)


def _plain(value: Any, _m: Mapped, _s: Shared, _u: Used) -> Sequence[str]:
    return (text(str(value)),)


def _list(value: Any, _m: Mapped, _s: Shared, _u: Used) -> Sequence[str]:
    return [text(str(each)) for each in value]


def _integer(value: Any, _m: Mapped, _s: Shared, _u: Used) -> Sequence[str]:
    return (typed(value, "integer"),)


def _size(value: Any, _m: Mapped, _s: Shared, _u: Used) -> Sequence[str]:
    return (typed(value, "nonNegativeInteger"),)


def _boolean(value: Any, _m: Mapped, _s: Shared, _u: Used) -> Sequence[str]:
    return (terms.boolean(bool(value)),)


def _moment(value: Any, _m: Mapped, _s: Shared, _u: Used) -> Sequence[str]:
    return (terms.moment(str(value)),)


def _json(value: Any, _m: Mapped, _s: Shared, _u: Used) -> Sequence[str]:
    encoded = orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return (f"{text(encoded)}^^{RDF.JSON}",)


def _code(value: Any, mapped: Mapped, shared: Shared, used: Used) -> Sequence[str]:
    return _concepts([value], mapped, shared, used)


def _codes(value: Any, mapped: Mapped, shared: Shared, used: Used) -> Sequence[str]:
    found = _concepts(value, mapped, shared, used)
    return found if len(found) == len(value) else ()


def _access(value: Any, _m: Mapped, shared: Shared, used: Used) -> Sequence[str]:
    return _noted(shared.access_right(value), used)


def _division(value: Any, _m: Mapped, shared: Shared, used: Used) -> Sequence[str]:
    return _noted(shared.division(value), used)


def _concepts(codes: Iterable[Any], mapped: Mapped, shared: Shared, used: Used) -> Sequence[str]:
    """The concepts of the codes, each of the first list that has it."""
    found = []
    for code in codes:
        terms_ = (shared.concept(name, str(code)) for name in mapped.lists)
        if (term := next(filter(None, terms_), None)) is not None:
            used.add(term)
            found.append(term)
    return found


def _noted(term: str | None, used: Used) -> Sequence[str]:
    if term is None:
        return ()
    used.add(term)
    return (term,)


FORMS: dict[str, Form] = {
    "access": _access,
    "boolean": _boolean,
    "chinese": _chinese,
    "code": _code,
    "codes": _codes,
    "division": _division,
    "integer": _integer,
    "json": _json,
    "list": _list,
    "moment": _moment,
    "plain": _plain,
    "size": _size,
}
