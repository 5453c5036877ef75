"""Triples that have been read, by subject and property."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Value(NamedTuple):
    """An object of a triple. `kind` is `IRI`, `BLANK` or `LITERAL`."""

    kind: str
    text: str
    language: str = ""  # in lower case
    datatype: str = ""


IRI, BLANK, LITERAL = "iri", "blank", "literal"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(slots=True)
class Graph:
    """Triples by the text of subject and property; a blank node's text begins with `_:`."""

    by_subject: dict[str, dict[str, list[Value]]] = field(default_factory=dict)

    def add(self, subject: str, prop: str, value: Value) -> None:
        """Add a triple."""
        values = self.by_subject.setdefault(subject, {}).setdefault(prop, [])
        if value not in values:
            values.append(value)

    def values(self, subject: str, prop: str) -> list[Value]:
        """The objects of a property, in the order in which they were read."""
        return self.by_subject.get(subject, {}).get(prop, [])

    def nodes(self, subject: str, prop: str) -> list[str]:
        """Of the objects of a property those that are no literals, as subjects."""
        return [each.text for each in self.values(subject, prop) if each.kind != LITERAL]

    def text(self, subject: str, prop: str) -> str | None:
        """The text of a property: in Chinese if there is one, else the first."""
        found = [each for each in self.values(subject, prop) if each.kind == LITERAL]
        chinese = (each for each in found if each.language.startswith("zh"))
        best = next(chinese, found[0] if found else None)
        return best.text if best else None

    def of_type(self, kind: str) -> Iterator[str]:
        """The subjects of a class."""
        for subject, properties in self.by_subject.items():
            if any(value.text == kind for value in properties.get(_TYPE, ())):
                yield subject


def parsed(data: bytes | str, format_: pyoxigraph.RdfFormat, base: str | None = None) -> Graph:
    """Return the triples of a document, of all its graphs.

    Raises SyntaxError for what is not of that format.
    """
    return of(pyoxigraph.parse(data, format=format_, base_iri=base))


def of(quads: Iterable[pyoxigraph.Quad | pyoxigraph.Triple]) -> Graph:
    """Return these triples."""
    graph = Graph()
    for quad in quads:
        graph.add(_name(quad.subject), quad.predicate.value, _value(quad.object))
    return graph


def _name(node: object) -> str:
    if isinstance(node, pyoxigraph.BlankNode):
        return f"_:{node.value}"
    if isinstance(node, pyoxigraph.NamedNode):
        return node.value
    raise TypeError(f"{type(node).__name__} cannot be the subject of a triple here")


def _value(node: object) -> Value:
    if isinstance(node, pyoxigraph.Literal):
        return Value(LITERAL, node.value, (node.language or "").lower(), node.datatype.value)
    return Value(BLANK if isinstance(node, pyoxigraph.BlankNode) else IRI, _name(node))
