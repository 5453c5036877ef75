"""Bytes of a portal as text, JSON or XML, whatever its headers claim."""

from __future__ import annotations

import codecs
import json
import re
from email.message import Message
from typing import TYPE_CHECKING, Any

from charset_normalizer import from_bytes
from lxml import etree  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.cn_govdata.crawl.messages import Response

# Labels that are believed, with the codec that reads them. The Encoding Standard reads GBK and
# GB2312 pages as GB18030, their superset. Latin-1 labels are servers' defaults, seldom true, and
# fit every sequence of bytes: they count as no label.
_CODECS = {
    "utf-8": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5hkscs",
    "big5hkscs": "big5hkscs",
    "cp950": "cp950",
    "utf-16": "utf-16",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LABEL_IN_TEXT = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]+)""",
    re.IGNORECASE,
)
_LABEL_WITHIN = 4096
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_REPLACEMENT = "\ufffd"
# Text cut in the middle of a character has a few wrong bytes; GBK read as UTF-8 has nine wrong
# characters in ten beyond ASCII. Between them lies a wide gap, except in very short texts.
_TOLERATED_SHARE = 0.1
_FIRST_THREE_BYTE_CHARACTER = "\u0800"
_LAST_LATIN_1 = "\u00ff"


def decode(response: Response) -> str:
    """Return the text of a body.

    Whole UTF-8 with characters of three bytes is UTF-8 under any label: text in another charset
    is not, by chance. Else, in order: byte order mark, the charset of Content-Type, that of a
    meta element or XML declaration, UTF-8, GB18030, and what charset-normalizer makes of it. A
    charset holds if it leaves less than a tenth of the characters beyond ASCII undecodable.
    """
    return decode_bytes(response.body, response.headers.get("content-type"))


def decode_bytes(body: bytes, content_type: str | None = None) -> str:
    """`decode` for a body without its response."""
    for mark, charset in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(charset, "replace")
    utf8 = _plain_utf8(body)
    if utf8 is not None and _is_telling(utf8):
        return utf8
    for charset in (*_labels(body, content_type), *_unlabelled(utf8)):
        text = body.decode(charset, "replace")
        if _holds(text):
            return text
    best = from_bytes(body).best()
    return str(best) if best else body.decode("utf-8", "replace")


def parse_json(body: Response | bytes | str) -> Any:  # noqa: ANN401 - JSON values of any shape
    """Return the value of a JSON text.

    Integers are exact at any length; raw line breaks within texts are accepted.

    Raises `ValueError` if it is none.
    """
    try:
        return json.loads(_text(body).lstrip("\ufeff"), strict=False, parse_constant=lambda _: None)
    except RecursionError as error:
        raise ValueError("the JSON text is nested too deeply") from error


def parse_xml(body: Response | bytes | str) -> etree._Element:
    """Return the root element of an XML text; no entity is expanded and nothing is fetched.

    Raises `ValueError` if it is not well-formed, declares entities, or is nested beyond libxml2's
    limits.
    """
    # The declaration's own encoding is void once the text is decoded.
    text = _XML_DECLARATION.sub("", _text(body).lstrip("\ufeff"), count=1)
    if "<!ENTITY" in text:
        raise ValueError("the XML text declares entities of its own")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False
    )
    try:
        return etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error}") from error


def _text(body: Response | bytes | str) -> str:
    if isinstance(body, str):
        return body
    return decode_bytes(body) if isinstance(body, bytes) else decode(body)


def _plain_utf8(body: bytes) -> str | None:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _is_telling(text: str) -> bool:
    return text.isascii() or max(text) >= _FIRST_THREE_BYTE_CHARACTER


def _unlabelled(utf8: str | None) -> tuple[str, str]:
    # Greek, Cyrillic, Arabic and nothing else in UTF-8 are hanzi in GBK: a word or two of it, such
    # as 联通, can be valid as both. Signs of Latin-1 (· ° ×) do occur alone.
    if utf8 is not None and min(c for c in utf8 if not c.isascii()) > _LAST_LATIN_1:
        return ("gb18030", "utf-8")
    return ("utf-8", "gb18030")


def _labels(body: bytes, content_type: str | None) -> Iterator[str]:
    header = Message()
    header["content-type"] = content_type or ""
    inside = _LABEL_IN_TEXT.search(body[:_LABEL_WITHIN])
    found = (inside[1] or inside[2]).decode("ascii", "replace") if inside else None
    for label in (header.get_content_charset(), found):
        try:
            name = codecs.lookup((label or "").strip("\"' ")).name
        except LookupError:
            continue
        if name in _CODECS:
            yield _CODECS[name]


def _holds(text: str) -> bool:
    wrong = text.count(_REPLACEMENT)
    beyond = sum(1 for character in text if character > "\x7f")
    return wrong <= beyond * _TOLERATED_SHARE
