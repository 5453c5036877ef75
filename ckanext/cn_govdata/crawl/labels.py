"""Pages that show a record as labels and values: `来源部门：市教育局`, or a table of cell pairs."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree  # type: ignore[import-untyped]

from ckanext.cn_govdata.crawl.nodes import Node, text_of
from ckanext.cn_govdata.text import dates

if TYPE_CHECKING:
    from collections.abc import Iterable

_PADDING = re.compile(r"[\s\u00a0\u2000-\u200f\u3000\ufeff:：]+")
# A label has a letter in it: 10:30 is a time, not a label and a value.
_PAIR = re.compile(r"\s*((?=[\d\s.,-]*[^\W\d_])[^:：]{1,30}?)\s*[:：]\s*(.*)", re.DOTALL)
_SPACED = re.compile(r"\s*((?=[\d.,-]*[^\W\d_])\S{1,20})[\s\u00a0]+(\S.*)", re.DOTALL)
# Elements that hold a label and its value in one; all others hold one of the two.
_SELF_CONTAINED = frozenset({"li", "p", "dd", "tr"})
_COLONS = (":", "：")


@lru_cache(maxsize=4096)
def normalise(label: str) -> str:
    """A label as it is compared: without padding, no-break spaces and colons."""
    return _PADDING.sub("", label)


def read(nodes: Iterable[Node]) -> dict[str, str]:
    """The values by normalised label, of elements or texts in document order.

    A node with a colon in it is a label and its value; other nodes take turns as label and value
    within one parent. A paragraph that is a label alone has its value in the next paragraph. A
    label that comes again keeps its most precise value.
    """
    found: dict[str, str] = {}
    pending: str | None = None
    heading: str | None = None  # a paragraph that is a label alone
    parent: object = None
    for node in nodes:
        text = node if isinstance(node, str) else text_of(node)
        above = _parent(node)
        if above is not parent:
            pending, parent = None, above
        if heading is not None and _is_paragraph(node) and not text.rstrip().endswith(_COLONS):
            _keep(found, heading, text)
            heading = None
            continue
        if pending is not None:
            _keep(found, pending, text)
            pending = None
            continue
        pair = _split(node, text)
        heading = None
        if pair is None:
            pending = normalise(text) or None
        elif pair[1] or not _is_paragraph(node):
            _keep(found, normalise(pair[0]), pair[1])
        elif text.rstrip().endswith(_COLONS):
            heading = normalise(pair[0])
    return found


def _parent(node: Node) -> object:
    """The element around an element, or around a text that an XPath found."""
    if etree.iselement(node):
        return node.getparent()
    beside = getattr(node, "getparent", lambda: None)()
    return beside.getparent() if beside is not None and node.is_tail else beside


def _is_paragraph(node: Node) -> bool:
    return bool(etree.iselement(node)) and node.tag == "p"


def _split(node: Node, text: str) -> tuple[str, str] | None:
    match = _PAIR.match(text)
    if match and match.group(2).strip():
        return match.group(1), match.group(2)
    whole = isinstance(node, str) or (etree.iselement(node) and node.tag in _SELF_CONTAINED)
    if match and (whole or _has_empty_value(node)):
        return match.group(1), ""
    if not whole:
        return None
    spaced = _SPACED.match(text)
    return (spaced.group(1), spaced.group(2)) if spaced else (text, "")


def _has_empty_value(node: Node) -> bool:
    """Whether an element is a label with an empty element for its value: <span>标签：<b></b></span>."""
    return (node.text or "").rstrip().endswith(_COLONS) and len(node) > 0


def _keep(found: dict[str, str], label: str, value: str) -> None:
    value = value.strip()
    if not label or not value:
        return
    known = found.get(label)
    if known is None or _more_precise(value, known):
        found[label] = value


def _more_precise(value: str, known: str) -> bool:
    if len(value) <= len(known):
        return False
    if value.startswith(known):
        return True
    after, before = dates.parse(value), dates.parse(known)
    return isinstance(after, datetime) and before is not None and not isinstance(before, datetime)
