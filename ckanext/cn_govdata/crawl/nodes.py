"""What expressions pass on: elements, JSON values, texts; and how each becomes text."""

from __future__ import annotations

import json
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

# What expressions are asked of and give: an element, a JSON value, a text, a document.
Node = Any

# Elements that begin a new line where a browser shows them.
_BLOCKS = frozenset({"br", "p", "div", "li", "tr", "td", "th", "dd", "dt", "h1", "h2", "h3", "h4"})
_UNSEEN = frozenset({"script", "style"})


def text_of(node: Node) -> str:
    """The text of an element, as a browser shows it, or of a JSON value; not cleaned."""
    if isinstance(node, str):
        return node
    if etree.iselement(node):
        if len(node) == 0:
            return node.text or ""
        parts: list[str] = []
        _collect(node, parts)
        return "".join(parts)
    return scalar(node)


def _collect(element: etree._Element, parts: list[str]) -> None:
    """Iterative on purpose: a hostile page may nest deeper than Python's stack."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if not isinstance(node.tag, str):  # a comment
            if event == "end" and node.tail:
                parts.append(node.tail)
            continue
        if event == "start":
            if node.tag in _BLOCKS and parts:
                parts.append("\n")
            if node.text and node.tag not in _UNSEEN:
                parts.append(node.text)
        elif node is not element and node.tail:
            parts.append(node.tail)


def scalar(value: object) -> str:
    """A JSON value as text: whole numbers without a fraction, objects as compact JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)
