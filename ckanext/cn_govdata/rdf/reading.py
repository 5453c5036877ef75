"""A dataset as it is described in RDF, back as a package: what `describe` writes, and foreign DCAT."""

# ruff: noqa: ANN401 - values of any JSON shape

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import orjson

from ckanext.cn_govdata.standards.codelists import codelist

from .addresses import concept_in, division_in
from .graph import IRI, LITERAL, Graph, Value
from .mapping import Mapped, mapped_on
from .values import as_written

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def plain_fields(graph: Graph, subject: str, on: str) -> dict[str, Any]:
    """The plain fields of a dataset, data_item, contact or resource that have a value."""
    found = {}
    for name, mapped in mapped_on(on).items():
        read = _READERS.get(mapped.form)
        if read is None:
            continue
        written = graph.text(subject, bare(as_written(name)))
        value = read(graph.values(subject, bare(mapped.property)), mapped)
        if written is not None:
            value = written.split("\n") if mapped.form == "codes" else written
        if value is not None:
            found[name] = value
    return found


def bare(term: str) -> str:
    """The address in an IRI's term."""
    return term[1:-1]


def _chinese(values: list[Value], _: Mapped) -> str | None:
    texts = [each for each in values if each.kind == LITERAL]
    own = [each.text for each in texts if each.language.startswith("zh")]
    return own[0] if own else next((each.text for each in texts), None)


def _plain(values: list[Value], _: Mapped) -> str | None:
    return next((each.text for each in values if each.kind == LITERAL), None)


def _list(values: list[Value], _: Mapped) -> list[str] | None:
    return sorted(each.text for each in values if each.kind == LITERAL) or None


def _integer(values: list[Value], _: Mapped) -> int | None:
    for each in values:
        try:
            return int(each.text)
        except ValueError:
            continue
    return None


def _boolean(values: list[Value], _: Mapped) -> bool | None:
    return next((each.text in ("true", "1") for each in values), None)


def _json(values: list[Value], _: Mapped) -> Any:
    for each in values:
        try:
            return orjson.loads(each.text)
        except orjson.JSONDecodeError:
            continue
    return None


def _address(values: list[Value], _: Mapped) -> str | None:
    return next((each.text for each in values), None)


def _code(values: list[Value], mapped: Mapped) -> str | None:
    return next(iter(_codes(values, mapped) or ()), None)


def _codes(values: list[Value], mapped: Mapped) -> list[str] | None:
    """The codes of the field's own lists, in the order of these."""
    coded = (concept_in(each.text) for each in values if each.kind == IRI)
    found = {each for each in coded if each is not None and each.list in mapped.lists}
    order = _positions(mapped.lists)
    return [
        each.code for each in sorted(found, key=lambda each: order.get(each, len(order)))
    ] or None


@cache
def _positions(lists: tuple[str, ...]) -> Mapping[tuple[str, str], int]:
    pairs = ((name, code) for name in lists for code in codelist(name))
    return {pair: number for number, pair in enumerate(pairs)}


def _access(values: list[Value], _: Mapped) -> str | None:
    known = _attributes()
    return next((known[each.text] for each in values if each.text in known), None)


@cache
def _attributes() -> Mapping[str, str]:
    """Open attributes by the EU's access rights."""
    listed = codelist("open_attribute")
    return {entry.extra["eu_uri"]: code for code, entry in listed.items() if entry.extra["eu_uri"]}


def _division(values: list[Value], _: Mapped) -> str | None:
    return next((code for each in values if (code := division_in(each.text))), None)


_READERS: dict[str, Callable[[list[Value], Mapped], Any]] = {
    "access": _access,
    "address": _address,
    "boolean": _boolean,
    "chinese": _chinese,
    "code": _code,
    "codes": _codes,
    "division": _division,
    "integer": _integer,
    "json": _json,
    "list": _list,
    "moment": _plain,
    "plain": _plain,
    "size": _integer,
}
