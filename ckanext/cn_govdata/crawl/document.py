"""The body of an answer, read as text, JSON or a tree, whichever an expression asks for first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree  # type: ignore[import-untyped]

from ckanext.cn_govdata.crawl.decoding import decode, parse_json, parse_xml

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.messages import Response
    from ckanext.cn_govdata.crawl.nodes import Node

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def parse_tree(text: str) -> etree._Element:
    """Return the tree of an HTML or XML text; a fragment gets `html` and `body` around it."""
    text = _CONTROL.sub("", text)
    if text.lstrip().startswith("<?xml") and "<html" not in text[:1000].lower():
        try:
            return parse_xml(text)
        except ValueError:
            pass  # badly formed XML is read as leniently as HTML
    parser = etree.HTMLParser(encoding="utf-8", recover=True, no_network=True)
    root = etree.fromstring(text.encode(), parser) if text.strip() else None
    return etree.Element("html") if root is None else root


class Document:
    """One answer; each reading of its body is made once."""

    __slots__ = ("_json", "_text", "_tree", "response")

    def __init__(self, response: Response) -> None:
        self.response = response
        self._text: str | None = None
        self._tree: etree._Element | None = None
        self._json: Node = ...

    @property
    def text(self) -> str:
        """The decoded body."""
        if self._text is None:
            self._text = decode(self.response)
        return self._text

    @property
    def tree(self) -> etree._Element:
        """The body as HTML or XML."""
        if self._tree is None:
            self._tree = parse_tree(self.text)
        return self._tree

    @property
    def json(self) -> Node:
        """The body as JSON, with whole numbers of any length; `ValueError` if it is none."""
        if self._json is ...:
            self._json = parse_json(self.text)
        return self._json
