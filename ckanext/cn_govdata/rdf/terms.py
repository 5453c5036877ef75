"""Terms of RDF in the form of N-Triples, as which all triples are made and stored.

A term is the text that stands for it in N-Triples; a triple is a line. W3C RDF 1.1 N-Triples.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final
from urllib.parse import quote

XSD: Final = "http://www.w3.org/2001/XMLSchema#"
CHINESE, ENGLISH = "zh", "en"

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_SPECIAL = re.compile('[\\\\"\\n\\r\\t]')
# RDF/XML can hold none of these (XML 1.0, 2.2), and all formats say the same.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# RFC 3987, 2.2: beyond ASCII only `ucschar`, which leaves out private use and non-characters.
_PLANES = "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14))
_NOT_IN_IRI = re.compile(
    rf"[^!-~\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef{_PLANES}\U000e1000-\U000efffd]"
    r'|[\s<>"{}|\\^`]|%(?![0-9A-Fa-f]{2})'
)
_ABSOLUTE = re.compile(r"(?:https?|ftp)://[^/?#\s]+", re.IGNORECASE)
_HOST = re.compile(r"(?:[^/?#@\[\]]*@)?(?:\[[0-9a-f:.]+\]|[^/?#@\[\]:]+)(?::\d*)?", re.IGNORECASE)


class Namespace:
    """The terms of a vocabulary: `DCT.title`, or `CNGOV("shareType")`."""

    def __init__(self, base: str) -> None:
        self.base = base

    def __call__(self, name: str) -> str:
        """Return the term of this name."""
        return f"<{self.base}{name}>"

    def __getattr__(self, name: str) -> str:
        term = f"<{self.base}{name.rstrip('_')}>"
        setattr(self, name, term)
        return term


def iri(address: str) -> str:
    """Return the term of an absolute IRI; characters that no IRI may hold are percent-encoded."""
    return f"<{_NOT_IN_IRI.sub(_encoded, address)}>"


def web_address(text: str) -> str | None:
    """Return the term of a web address as a person wrote it, or None where it is none.

    Only http, https and ftp with a host: anything else would be read relative to the document.
    """
    address = text.strip()
    start = _ABSOLUTE.match(address)
    if start is None or not _HOST.fullmatch(start.group().partition("//")[2]):
        return None
    # Brackets may only stand around the host, and one # begins the fragment.
    head, tail = address[: start.end()], address[start.end() :]
    tail = tail.replace("[", "%5B").replace("]", "%5D")
    before, mark, fragment = tail.partition("#")
    return iri(head + before + mark + fragment.replace("#", "%23"))


def text(value: str, language: str | None = None) -> str:
    """Return a literal: a string, or with a language tag a text of that language."""
    return f"{_quoted(value)}@{language}" if language else _quoted(value)


def chinese(value: str) -> str:
    """Return a literal in Chinese."""
    return f"{_quoted(value)}@zh"


def typed(value: object, datatype: str) -> str:
    """Return a literal of an XML Schema datatype, named without its namespace."""
    return f"{_quoted(str(value))}^^<{XSD}{datatype}>"


def boolean(value: bool) -> str:
    """Return a literal of xsd:boolean."""
    return typed(str(value).lower(), "boolean")


@lru_cache(maxsize=8192)
def moment(value: str) -> str:
    """Return a literal of the date or time that a text of ISO 8601 holds.

    `2026`, `2026-11`, `2026-11-25` and times of day each have their own datatype (DCAT 3,
    6.4.7). Times without a zone stay so. Anything else is a plain string.
    """
    for shape, datatype in _MOMENTS:
        if shape.fullmatch(value):
            return typed(value, datatype)
    return text(value)


_ZONE = r"(?:Z|[+-]\d{2}:\d{2})?"
_DAY = r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
_MOMENTS = (
    (re.compile(_DAY), "date"),
    (re.compile(rf"{_DAY}T\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d+)?{_ZONE}"), "dateTime"),
    (re.compile(r"\d{4}-(?:0[1-9]|1[0-2])"), "gYearMonth"),
    (re.compile(r"\d{4}"), "gYear"),
)


def _quoted(value: str) -> str:
    if _SPECIAL.search(value):
        value = _SPECIAL.sub(_escape, value)
    return f'"{_NOT_IN_XML.sub(_REPLACEMENT, value)}"'


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES[match.group()]


def _encoded(match: re.Match[str]) -> str:
    return quote(match.group(), safe="", errors="replace")
