"""HTML in metadata cells: tags out, text kept, "a<b" left alone.

A ``<`` counts as markup only where a whole tag of a known HTML element stands, with attributes
written ``name=value`` or known to take no value. Everything else is escaped before the standard
library's parser reads the text, so that no comparison sign, bracketed word or cut-off tag can
swallow what follows it.
"""

from __future__ import annotations

import re
from html import escape, unescape
from html.parser import HTMLParser


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Element names of the HTML Living Standard, with the obsolete ones that office software writes.
_BLOCK = _names(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset"
    " figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html legend"
    " main menu nav noscript ol optgroup p pre search section summary table tbody tfoot thead"
    " title ul"
)
_LINE = _names("br li option tr")
_CELL = _names("td th")
_INLINE = _names(
    "a abbr acronym area audio b base basefont bdi bdo big button canvas cite code col colgroup"
    " data datalist del dfn em embed font frame i iframe img input ins kbd label link map mark"
    " meta meter nobr object output param picture progress q rp rt ruby s samp small source span"
    " strike strong sub sup svg template textarea time track tt u var video wbr"
)
_DROPPED = _names("script style")
_RAW_TEXT = _names("textarea title")  # the parser knows no tags inside these
_ELEMENTS = _BLOCK | _LINE | _CELL | _INLINE | _DROPPED

_BARE = "allowfullscreen|async|autoplay|checked|compact|controls|defer|disabled|hidden|ismap|loop"
_BARE += "|multiple|muted|noshade|nowrap|open|readonly|required|reversed|selected"
# Word processors write elements of their own name spaces: <o:p>, <w:sdt>, <st1:place>.
_NAME = r"(?P<name>(?:[ovwmx]|st1):[A-Za-z]+|[A-Za-z][A-Za-z0-9]*)"
_VALUE = r"""(?:"[^"]*"|'[^']*'|[^\s"'<>`=]+)"""
_TAG = re.compile(
    rf"<(?P<close>/?){_NAME}(?:\s+(?:[A-Za-z_][\w:.-]*\s*=\s*{_VALUE}|(?:{_BARE})(?=[\s/>])))*\s*/?>"
)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_DECLARATION = re.compile(r"<(?:!DOCTYPE|\?xml)\b[^<>]*>", re.IGNORECASE)
# An abstract that a portal cut at a length may end inside a tag.
_CUT_OFF = re.compile(rf"<{_NAME}\s+[A-Za-z-]+\s*=[^<>]*\Z")

# What an element leaves in the text. `clean` makes paragraphs, lines and spaces of these.
PARAGRAPH_BREAK = "\n\n"


class _TextParser(HTMLParser):
    """Collects the text between tags that `_escape_others` has already found sound."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - the parser's API
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._break(tag)

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def _break(self, tag: str) -> None:
        if tag in _BLOCK:
            self.parts.append(PARAGRAPH_BREAK)
        elif tag in _LINE:
            self.parts.append("\n")
        elif tag in _CELL:
            self.parts.append(" ")


def strip_markup(text: str) -> str:
    """Return the text without HTML tags, comments, scripts and styles.

    Block elements leave an empty line, line elements a line break, table cells a space. Character
    references are not decoded: the caller has done that. The time is linear in the length.
    """
    if "<" not in text:
        return text
    text = _CUT_OFF.sub(_cut_off, _DECLARATION.sub(" ", _without_comments(text)))
    sound = _escape_others(text)
    if sound is None:
        return text
    parser = _TextParser()
    parser.feed(sound)
    parser.close()
    return "".join(parser.parts)


def _without_comments(text: str) -> str:
    """Remove comments up to the last closing mark: an opening behind it would search in vain."""
    end = text.rfind("-->") + len("-->")
    return _COMMENT.sub(" ", text[:end]) + text[end:] if end > len("-->") else text


def _cut_off(match: re.Match[str]) -> str:
    return "" if _is_element(match["name"]) else match[0]


def _is_element(name: str) -> bool:
    return ":" in name or name.lower() in _ELEMENTS


def _escape_others(text: str) -> str | None:
    """Escape all but the known tags; ``None`` when there is no tag.

    Attributes are left out: nothing in them is text. So is what a script or style holds, unless it
    is never closed: the parser would take all that follows for its content.
    """
    parts: list[str] = []
    closings = {name: _last_closing(text, name) for name in _DROPPED}
    dropping: str | None = None
    end = 0
    for match in _TAG.finditer(text):
        name = match["name"].lower()
        if not _is_element(name):
            continue
        if dropping:
            if name == dropping and match["close"]:
                dropping, end = None, match.end()
            continue
        parts.append(escape(text[end : match.start()], quote=False))
        if name in _DROPPED:
            dropping = name if match.start() < closings[name] and not match["close"] else None
        elif name not in _RAW_TEXT:
            parts.append(f"<{match['close']}{name}>")
        end = match.end()
    if not end:
        return None
    parts.append(escape(text[end:], quote=False))
    return "".join(parts)


def _last_closing(text: str, name: str) -> int:
    """Where the last closing tag of an element begins, or -1."""
    for spelling in (name, name.upper()):
        start = text.rfind(f"</{spelling}")
        if start >= 0 and _TAG.match(text, start):
            return start
    return -1


_ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});|&nbsp(?![a-zA-Z])"
)
_AMPERSAND = re.compile(r"&(?:(?:amp|AMP|#0*38|#[xX]0*26);)+")


def decode_entities(text: str) -> str:
    """Decode character references, also those escaped more than once.

    Only references that end in a semicolon count (and a bare ``&nbsp``): in an address such as
    ``?a=1&copy=2`` nothing may change.
    """
    if "&" not in text:
        return text
    return _ENTITY.sub(lambda match: unescape(match[0]), _AMPERSAND.sub("&", text))
