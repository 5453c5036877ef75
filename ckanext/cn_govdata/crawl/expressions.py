"""Expressions of a profile: `css:`, `xpath:`, `json:` (JMESPath), `re:`, `label:`, chained by `>>`.

Every expression is compiled once, with its profile. CSS selectors become XPath by parsel's
translator, so that `::text` and `::attr(name)` work.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jmespath
import jmespath.exceptions
from jmespath import functions as jmespath_functions
from lxml import etree  # type: ignore[import-untyped]
from parsel.csstranslator import HTMLTranslator

from ckanext.cn_govdata.crawl import labels
from ckanext.cn_govdata.crawl.document import Document, parse_tree
from ckanext.cn_govdata.crawl.nodes import Node, text_of
from ckanext.cn_govdata.text.clean import is_placeholder

_PLAIN_PATH = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)*")
# What follows the first child reads inside it; a filter's condition takes nothing.
_INSIDE_THE_FIRST = frozenset(
    {"subexpression", "index_expression", "pipe", "projection", "filter_projection"}
)
_KINDS = ("css", "xpath", "json", "re", "label")
Step = Callable[["Scope", list[Any]], list[Any]]


class ExpressionError(ValueError):
    """An expression that cannot be compiled."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression is asked of: a document, a row of it, or a JSON value."""

    node: Node
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Expression:
    """One expression of a profile, with its alternatives: the first that gives a value counts."""

    source: tuple[str, ...]
    chains: tuple[tuple[Step, ...], ...]
    labels: frozenset[str]
    keys: frozenset[tuple[str, ...]]  # paths of the JSON members it reads
    names: tuple[str | None, ...]  # of each alternative: its label, or its member as `a.b`
    wants_json: bool  # whether it reads a document as JSON

    def __str__(self) -> str:
        return " | ".join(self.source)

    def nodes(self, scope: Scope) -> list[Any]:
        """Everything the first fruitful alternative finds."""
        for chain in self.chains:
            found = _run(chain, scope)
            if found:
                return found
        return []

    def texts(self, scope: Scope) -> list[str]:
        """The texts of the first alternative that says something; of the last, if none does."""
        texts: list[str] = []
        for chain in self.chains:
            texts = [text for node in _run(chain, scope) if (text := text_of(node).strip())]
            if texts and (len(self.chains) == 1 or not all(map(is_placeholder, texts))):
                return texts
        return texts

    def passed_over(self, scope: Scope) -> Iterator[tuple[str, str]]:
        """Labels or members of the alternatives after the one that counts, which say another thing."""
        said: list[str] = []
        for chain, name in zip(self.chains, self.names, strict=True):
            if said and name is None:
                continue
            texts = [text for node in _run(chain, scope) if (text := text_of(node).strip())]
            if not texts or all(map(is_placeholder, texts)):
                continue
            if said and name is not None:
                yield from ((name, text) for text in texts if not _is_in(text, said))
            said = said or texts

    def text(self, scope: Scope) -> str | None:
        """The first text, or ``None``."""
        texts = self.texts(scope)
        return texts[0] if texts else None


def _is_in(text: str, said: list[str]) -> bool:
    """Whether one of these texts says it already, perhaps more precisely: a day and its time."""
    return any(one.startswith(text) for one in said)


def _run(chain: tuple[Step, ...], scope: Scope) -> list[Any]:
    values: list[Any] = [scope.node]
    for step in chain:
        values = step(scope, values)
        if not values:
            break
    return values


def compile_expression(source: str | Sequence[str]) -> Expression:
    """Compile one expression, or a list of alternatives. `ExpressionError` says what is wrong."""
    alternatives = (source,) if isinstance(source, str) else tuple(source)
    if not alternatives or not all(isinstance(text, str) for text in alternatives):
        raise ExpressionError(f"an expression or a list of them is needed, not {source!r}")
    chains: list[tuple[Step, ...]] = []
    names: set[str] = set()
    keys: set[tuple[str, ...]] = set()
    wants_json = False
    for text in alternatives:
        parts = [_part(part) for part in text.split(" >> ")]
        chains.append(tuple(_step(kind, body) for kind, body in parts))
        names.update(labels.normalise(body) for kind, body in parts if kind == "label")
        if parts[0][0] == "json":
            wants_json = True
            keys |= _members(parts[0][1])
    return Expression(
        source=tuple(alternatives),
        chains=tuple(chains),
        labels=frozenset(names),
        keys=frozenset(keys),
        names=tuple(_name(text) for text in alternatives),
        wants_json=wants_json,
    )


def _name(text: str) -> str | None:
    """The label or plain path that an alternative is, or nothing where it is more than that."""
    kind, body = _part(text) if " >> " not in text else ("", "")
    if kind == "label":
        return labels.normalise(body)
    return body if kind == "json" and _PLAIN_PATH.fullmatch(body) else None


def _part(text: str) -> tuple[str, str]:
    kind, colon, body = text.strip().partition(":")
    if not colon or kind not in _KINDS or not body.strip():
        raise ExpressionError(
            f"{text!r} does not begin with one of {', '.join(_KINDS)} and a colon"
        )
    return kind, body.strip()


def _step(kind: str, body: str) -> Step:
    try:
        return _COMPILERS[kind](body)
    except ExpressionError:
        raise
    except (re.error, etree.XPathError, jmespath.exceptions.JMESPathError, ValueError) as error:
        raise ExpressionError(f"{kind}:{body} does not compile: {error}") from error
    except SyntaxError as error:  # cssselect's own class derives from it
        raise ExpressionError(f"{kind}:{body} does not compile: {error}") from error


def _css(body: str) -> Step:
    return _xpath(HTMLTranslator().css_to_xpath(body))


def _xpath(body: str) -> Step:
    query = etree.XPath(body, namespaces={"re": "http://exslt.org/regular-expressions"})

    def step(_scope: Scope, values: list[Any]) -> list[Any]:
        found: list[Any] = []
        for value in values:
            result = query(_tree(value))
            found.extend(result) if isinstance(result, list) else found.append(result)
        return found

    return step


def _tree(value: Node) -> etree._Element:
    if etree.iselement(value):
        return value
    if isinstance(value, Document):
        return value.tree
    return parse_tree(text_of(value))


def _re(body: str) -> Step:
    pattern = re.compile(body)

    def step(_scope: Scope, values: list[Any]) -> list[Any]:
        matches = (pattern.search(_plain(value)) for value in values)
        return [match.group(1) if pattern.groups else match.group() for match in matches if match]

    return step


def _plain(value: Node) -> str:
    return value.text if isinstance(value, Document) else text_of(value)


def _label(body: str) -> Step:
    name = labels.normalise(body)

    def step(scope: Scope, _values: list[Any]) -> list[Any]:
        value = scope.labels.get(name)
        return [] if value is None else [value]

    return step


def _json(body: str) -> Step:
    search = _member(body.split(".")) if _PLAIN_PATH.fullmatch(body) else _jmespath(body)

    def step(_scope: Scope, values: list[Any]) -> list[Any]:
        found: list[Any] = []
        for value in values:
            result = search(_value(value))
            if isinstance(result, list):
                found.extend(part for part in result if part is not None)
            elif result is not None:
                found.append(result)
        return found

    return step


def _member(path: list[str]) -> Callable[[Node], Node]:
    def search(value: Node) -> Node:
        for name in path:
            if not isinstance(value, dict):
                return None
            value = value.get(name)
        return value

    return search


def _jmespath(body: str) -> Callable[[Node], Node]:
    compiled = jmespath.compile(body)

    def search(value: Node) -> Node:
        try:
            return compiled.search(value, options=_OPTIONS)
        except jmespath.exceptions.JMESPathError:
            return None  # a function met a value of another type: the member is not as described

    return search


def _value(value: Node) -> Node:
    """The JSON value of a document, of a text that holds JSON, or the value itself."""
    if isinstance(value, Document):
        return _unquoted(value.json)
    text = text_of(value) if etree.iselement(value) else value
    return _unquoted(text)


def _unquoted(value: Node) -> Node:
    """Undo JSON inside a JSON text, as often as it was quoted."""
    for _ in range(3):
        if not isinstance(value, str) or not value.lstrip().startswith(("{", "[", '"')):
            break
        try:
            value = json.loads(value, strict=False)
        except (ValueError, RecursionError):
            break
    return value


def _members(body: str) -> set[tuple[str, ...]]:
    """The paths of the members that a JMESPath expression reads, as far as they are plain."""
    found: set[tuple[str, ...]] = set()
    _walk(jmespath.compile(body).parsed, found)
    return found


def _walk(node: Mapping[str, Any], found: set[tuple[str, ...]]) -> None:
    if path := _path(node):
        found.add(path)
        return
    children: Iterable[Any] = node.get("children", ())
    if node["type"] in _INSIDE_THE_FIRST:
        children = list(children)[:1]
    for child in children:
        if isinstance(child, Mapping):
            _walk(child, found)


def _path(node: Mapping[str, Any]) -> tuple[str, ...]:
    """The names of `a.b.c`, or nothing where the expression is more than that."""
    if node["type"] == "field":
        return (str(node["value"]),)
    if node["type"] != "subexpression":
        return ()
    paths = [_path(child) for child in node["children"]]
    return sum(paths, ()) if all(paths) else ()


class _Functions(jmespath_functions.Functions):
    """Two functions that JMESPath lacks and addresses made of ids need."""

    @jmespath_functions.signature({"types": ["string"]}, {"types": ["string"]})
    def _func_split(self, text: str, separator: str) -> list[str]:
        return text.split(separator)

    @jmespath_functions.signature(
        {"types": ["string"]}, {"types": ["string"]}, {"types": ["string"]}
    )
    def _func_replace(self, text: str, old: str, new: str) -> str:
        return text.replace(old, new)


_OPTIONS = jmespath.Options(custom_functions=_Functions())
_COMPILERS: dict[str, Callable[[str], Step]] = {
    "css": _css,
    "xpath": _xpath,
    "json": _json,
    "re": _re,
    "label": _label,
}
