"""Addresses and bodies with `{names}` in them."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urljoin

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.nodes import Node

_NAME = re.compile(r"\{([A-Za-z_][\w.-]*)\}")
_ADDRESS_SAFE = "%/?&=:#+,;@!$'()*~[]"

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Template:
    """A text with placeholders: literals and names in turn, a literal first and last."""

    source: str
    literals: tuple[str, ...]
    encoded: tuple[str, ...]  # the literals as they stand in an address
    names: tuple[str, ...]

    @classmethod
    def compile(cls, source: str) -> Template:
        """Split a text at its placeholders."""
        parts = _NAME.split(source)
        literals = tuple(parts[0::2])
        encoded = tuple(quote(literal, safe=_ADDRESS_SAFE) for literal in literals)
        return cls(source, literals, encoded, tuple(parts[1::2]))

    @property
    def whole(self) -> str | None:
        """The name, if the text is one placeholder and nothing else."""
        return self.names[0] if self.literals == ("", "") else None

    def text(self, values: Values) -> str:
        """The text with the values as they are."""
        parts = [self.literals[0]]
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            parts += (_text(values.get(name)), literal)
        return "".join(parts)

    def address(self, base_url: str, values: Values, paths: Collection[str]) -> str:
        """An absolute address. Values are percent-encoded whole; those named in `paths` keep `/`.

        A template that is one placeholder holds an address of the portal's own, taken as it is.
        """
        if self.whole is not None and self.whole not in paths:
            return urljoin(base_url, _text(values.get(self.whole)).strip())
        parts = [self.encoded[0]]
        for name, literal in zip(self.names, self.encoded[1:], strict=True):
            safe = "/:" if name in paths else ""
            parts += (quote(_text(values.get(name)), safe=safe), literal)
        path = "".join(parts)
        if path.startswith(("http://", "https://")):
            return path
        # A literal that begins with two slashes is meant so: one portal's paths do.
        kept = path if self.encoded[0].startswith("//") else f"/{path.lstrip('/')}"
        return base_url.rstrip("/") + kept


def _text(value: Node) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Body:
    """The body of a request: `kind` is form, json, json_in_form or text."""

    kind: str
    content: Node  # a Template, or dictionaries and lists with templates as leaves

    def names(self) -> Iterable[str]:
        """Every name that its placeholders use."""
        return _names(self.content)

    @property
    def content_type(self) -> str:
        """The content type that goes with the kind."""
        if self.kind == "json":
            return "application/json"
        if self.kind == "text":
            return "text/plain;charset=UTF-8"
        return "application/x-www-form-urlencoded"

    def encode(self, values: Values) -> bytes:
        """The bytes to send."""
        filled = _fill(self.content, values)
        if self.kind == "json":
            return _dumps(filled).encode()
        if self.kind == "text":
            return str(filled).encode()
        if self.kind == "json_in_form":
            members = {name: _dumps(value) for name, value in filled.items()}
            # The nameless member is a body that is encoded JSON and nothing else.
            return b"&".join(
                (f"{quote(name)}=" if name else "").encode() + quote(value, safe="").encode()
                for name, value in members.items()
            )
        return urlencode({name: _form_value(value) for name, value in filled.items()}).encode()


def _form_value(value: Node) -> str:
    return value if isinstance(value, str) else _dumps(value)


def _dumps(value: Node) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def compile_content(value: Node) -> Node:
    """A body's content with every text that has a placeholder compiled."""
    if isinstance(value, Mapping):
        return {str(name): compile_content(part) for name, part in value.items()}
    if isinstance(value, list):
        return [compile_content(part) for part in value]
    if isinstance(value, str) and _NAME.search(value):
        return Template.compile(value)
    return value


_ABSENT = object()


def _fill(content: Node, values: Values) -> Node:
    """The content with its values. A member that is one placeholder without a value is left out."""
    if isinstance(content, Template):
        if content.whole is None:
            return content.text(values)
        value = values.get(content.whole)
        return _ABSENT if value is None else value
    if isinstance(content, dict):
        filled = ((name, _fill(part, values)) for name, part in content.items())
        return {name: part for name, part in filled if part is not _ABSENT}
    if isinstance(content, list):
        return [part for part in (_fill(one, values) for one in content) if part is not _ABSENT]
    return content


def _names(content: Node) -> Iterable[str]:
    if isinstance(content, Template):
        yield from content.names
    elif isinstance(content, dict):
        for part in content.values():
            yield from _names(part)
    elif isinstance(content, list):
        for part in content:
            yield from _names(part)
