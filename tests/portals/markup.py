"""HTML text as the portals write it: named entities wherever HTML 4 has a name."""

from __future__ import annotations

import html
from html.entities import codepoint2name

_NAMED = {code: f"&{name};" for code, name in codepoint2name.items() if code > 127}


def text(value: object) -> str:
    """Escape a cell or attribute; quotation marks, no-break spaces … become named entities."""
    return html.escape(str(value)).translate(_NAMED)


def twice(value: object) -> str:
    """Escape a cell of a portal that stores its texts escaped and escapes them again."""
    return html.escape(text(value))


def parentheses(value: str) -> str:
    """Escape round brackets as numbers, as the preview's column names are."""
    return value.replace("(", "&#40;").replace(")", "&#41;")
