"""The formats of RDF that are read and written: names, media types, and one from the other.

Triples are made as N-Triples; the other formats are written by pyoxigraph.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from pyoxigraph import RdfFormat, parse, serialize

from .namespaces import PREFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Format:
    """A serialisation: `suffix` stands after addresses and file names, without a dot."""

    suffix: str
    media_type: str
    rdf: RdfFormat
    with_graphs: bool = False


FORMATS = {
    each.suffix: each
    for each in (
        Format("nt", "application/n-triples", RdfFormat.N_TRIPLES),
        Format("ttl", "text/turtle", RdfFormat.TURTLE),
        Format("rdf", "application/rdf+xml", RdfFormat.RDF_XML),
        Format("xml", "application/rdf+xml", RdfFormat.RDF_XML),
        Format("jsonld", "application/ld+json", RdfFormat.JSON_LD),
        Format("n3", "text/n3", RdfFormat.N3),
        Format("nq", "application/n-quads", RdfFormat.N_QUADS, with_graphs=True),
        Format("trig", "application/trig", RdfFormat.TRIG, with_graphs=True),
    )
}


def by_media_type(media_type: str) -> Format | None:
    """Return the format of a media type, parameters after it left aside."""
    bare = media_type.partition(";")[0].strip().lower()
    return next((each for each in FORMATS.values() if each.media_type == bare), None)


def convert(lines: bytes, suffix: str) -> bytes:
    """Return N-Triples or N-Quads in another format. Raises SyntaxError for broken ones."""
    out = io.BytesIO()
    write(io.BytesIO(lines), suffix, out)
    return out.getvalue()


def write(source: BinaryIO, suffix: str, out: BinaryIO) -> None:
    """Write N-Triples or N-Quads in another format, without holding them in memory.

    JSON-LD is one array of nodes in the order of the triples, each with its full addresses.
    """
    chosen = FORMATS[suffix].rdf
    read = RdfFormat.N_QUADS if chosen.supports_datasets else RdfFormat.N_TRIPLES
    statements = parse(source, format=read)
    triples = statements if chosen.supports_datasets else (each.triple for each in statements)
    target = _Returns(out) if chosen == RdfFormat.RDF_XML else out
    serialize(triples, target, format=chosen, prefixes=PREFIXES)  # type: ignore[arg-type]


class _Returns:
    """Keeps carriage returns in XML, whose readers take bare ones for line feeds (XML 1.0, 2.11)."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, data: bytes) -> int:
        self._out.write(data.replace(b"\r", b"&#13;"))
        return len(data)

    def flush(self) -> None:
        self._out.flush()


def encode(lines: Iterable[str]) -> bytes:
    """Return lines of N-Triples as a document."""
    return "".join(f"{line}\n" for line in lines).encode()


def decoded(lines: bytes) -> Iterator[str]:
    """Yield the lines of N-Triples in a document."""
    yield from lines.decode().splitlines()
