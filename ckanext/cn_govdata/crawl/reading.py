"""Compiling the steps of a profile. Every error names the key by its path in the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl.expressions import (
    Expression,
    ExpressionError,
    compile_expression,
)
from ckanext.cn_govdata.crawl.steps import (
    BeforeStep,
    DetailStep,
    Each,
    FieldRule,
    Fields,
    ListStep,
    Paging,
    ProfileError,
    RequestTemplate,
    RowsStep,
)
from ckanext.cn_govdata.crawl.templates import Body, Template, compile_content

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.nodes import Node

BODY_KINDS = ("form", "json", "json_in_form", "text")
EACH_FIELDS: Mapping[str, frozenset[str]] = {
    "data_items": frozenset(
        {"name_zh", "name_en", "data_type", "length", "description", "sensitivity"}
    ),
    "resources": frozenset(
        {"name", "url", "download_url", "format", "kind", "size", "issued", "modified"}
    ),
    "services": frozenset({"name", "url", "format", "issued", "modified"}),
}


class Reader:
    """One mapping of the file: hands out its keys and knows which nobody asked for."""

    def __init__(self, mapping: Node, path: str = "") -> None:
        if not isinstance(mapping, Mapping):
            raise ProfileError(f"{path or 'the profile'} is not a mapping")
        self._mapping = mapping
        self._path = path
        self._asked: set[str] = set()

    def path(self, key: str) -> str:
        """The path of a key, for messages."""
        return f"{self._path}.{key}" if self._path else key

    def get(self, key: str) -> Node:
        """The value of a key, or ``None``."""
        self._asked.add(key)
        return self._mapping.get(key)

    def text(self, key: str) -> str | None:
        """Return a text, if there is one."""
        return None if self.get(key) is None else self.needed(key)

    def needed(self, key: str) -> str:
        """Return a text that must be there."""
        value = self.get(key)
        if not isinstance(value, str) or not value:
            raise ProfileError(f"{self.path(key)} must be a text")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self.get(key) or []
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise ProfileError(f"{self.path(key)} must be a list of texts")
        return tuple(value)

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise ProfileError(f"{self.path(key)} must be a whole number")
        return value

    def mapping(self, key: str) -> Mapping[str, Any]:
        """A mapping, as it stands in the file."""
        value = self.get(key)
        if value is None:
            return {}
        if not isinstance(value, Mapping):
            raise ProfileError(f"{self.path(key)} is not a mapping")
        return value

    def child(self, key: str) -> Reader | None:
        """The reader of a mapping, if there is one."""
        value = self.get(key)
        return None if value is None else Reader(value, self.path(key))

    def children(self, key: str) -> list[Reader]:
        """The readers of a list of mappings, or of a single one."""
        value = self.get(key)
        if value is None:
            return []
        parts = value if isinstance(value, list) else [value]
        return [Reader(part, f"{self.path(key)}[{i}]") for i, part in enumerate(parts)]

    def template(self, key: str) -> Template | None:
        """A text with placeholders."""
        value = self.text(key)
        return None if value is None else Template.compile(value)

    def expression(self, key: str) -> Expression | None:
        """An expression, or a list of alternatives."""
        value = self.get(key)
        return None if value is None else compile_at(self.path(key), value)

    def finish(self) -> None:
        """Refuse keys that nobody asked for."""
        if unknown := set(map(str, self._mapping)) - self._asked:
            raise ProfileError(f"{self.path(min(unknown))} is not a key of a profile")


def compile_at(path: str, value: Node) -> Expression:
    """An expression, with the path of its key in the error."""
    try:
        return compile_expression(value)
    except ExpressionError as error:
        raise ProfileError(f"{path}: {error}") from error


def headers(reader: Reader) -> dict[str, Template]:
    """Headers of requests."""
    given = reader.mapping("headers").items()
    return {str(name): Template.compile(str(value)) for name, value in given}


def lists(reader: Reader) -> tuple[ListStep, ...]:
    """The lists of a portal: `lists` by name, or the only one as `list`."""
    only, several = reader.child("list"), reader.child("lists")
    if (only is None) == (several is None):
        raise ProfileError("either list or lists is needed")
    before = tuple(_before(one) for one in reader.children("before"))
    detail = reader.child("detail")
    shared = _detail(detail) if detail else None
    if only is not None:
        return (_list("datasets", only, before, shared),)
    assert several is not None  # noqa: S101 - for the type checker; checked above
    names = list(reader.mapping("lists"))
    steps = [(name, several.child(name)) for name in names]
    return tuple(_list(name, one, before, shared) for name, one in steps if one is not None)


def _list(
    name: str, reader: Reader, before: tuple[BeforeStep, ...], shared: DetailStep | None
) -> ListStep:
    own = reader.child("detail")
    records = reader.expression("records")
    if records is None:
        raise ProfileError(f"{reader.path('records')} is needed")
    step = ListStep(
        name=name,
        before=before + tuple(_before(one) for one in reader.children("before")),
        request=_needed(reader),
        paging=_paging(reader.child("page")),
        records=records,
        labels=reader.expression("labels"),
        fields=_fields(reader),
        each=_each(reader),
        detail=_detail(own) if own else shared,
        optional=reader.get("optional") is True,
    )
    reader.finish()
    return step


def _needed(reader: Reader) -> RequestTemplate:
    request = _request(reader)
    if request is None:
        raise ProfileError(f"{reader.path('get')} or post is needed")
    return request


def _request(reader: Reader) -> RequestTemplate | None:
    get, post = reader.text("get"), reader.text("post")
    bodies = [(kind, reader.get(kind)) for kind in BODY_KINDS]
    given = [(kind, value) for kind, value in bodies if value is not None]
    own_headers = headers(reader)
    if get and post:
        raise ProfileError(f"{reader.path('get')} and post exclude each other")
    url = get or post
    if url is None:
        if given:
            raise ProfileError(f"{reader.path(given[0][0])} needs post")
        return None
    if given and (get or len(given) > 1):
        raise ProfileError(f"{reader.path(given[-1][0])}: one body, and only with post")
    body = None
    if given:
        kind, value = given[0]
        if kind not in {"text", "json"} and not isinstance(value, Mapping):
            raise ProfileError(f"{reader.path(kind)} is not a mapping")
        body = Body(kind, compile_content(value))
    return RequestTemplate("GET" if get else "POST", Template.compile(url), body, own_headers)


def _paging(reader: Reader | None) -> Paging:
    if reader is None:
        return Paging()
    size = reader.get("size")
    sizes = size if isinstance(size, list) else [] if size is None else [size]
    if not all(isinstance(one, int) and one > 0 for one in sizes):
        raise ProfileError(f"{reader.path('size')} is a number, or [largest, default]")
    by = reader.text("by") or "page"
    if by not in {"page", "offset"}:
        raise ProfileError(f"{reader.path('by')} is page or offset")
    paging = Paging(
        first=reader.number("first", 1),
        sizes=tuple(sizes),
        by=by,
        total=reader.expression("total"),
        pages=reader.expression("pages"),
        next=reader.expression("next"),
        until_empty=reader.get("until_empty") is True,
        newest_first=reader.text("newest_first"),
    )
    reader.finish()
    return paging


def _fields(reader: Reader) -> Fields:
    path = reader.path("fields")
    return {
        name: _rule(f"{path}.{name}", value) for name, value in reader.mapping("fields").items()
    }


def _rule(path: str, value: Node) -> FieldRule:
    if not isinstance(value, Mapping):
        return FieldRule(compile_at(path, value))
    reader = Reader(value, path)
    expression, codes = reader.expression("from"), reader.get("codes")
    reader.finish()
    if expression is None:
        raise ProfileError(f"{path}.from is needed")
    if isinstance(codes, Mapping):
        codes = {str(code): str(word) for code, word in codes.items()}
    elif not isinstance(codes, str):
        raise ProfileError(f"{path}.codes is the key of a code table or a mapping")
    return FieldRule(expression, codes)


def _before(reader: Reader) -> BeforeStep:
    step = BeforeStep(_needed(reader), reader.expression("records"), _fields(reader))
    reader.finish()
    return step


def _detail(reader: Reader) -> DetailStep:
    step = DetailStep(
        request=_request(reader),
        record=reader.expression("record"),
        labels=reader.expression("labels"),
        fields=_fields(reader),
        withdrawn=reader.expression("withdrawn"),
        each=_each(reader),
    )
    reader.finish()
    return step


def _each(reader: Reader) -> Each:
    each = reader.child("each")
    if each is None:
        return {}
    steps: dict[str, tuple[RowsStep, ...]] = {}
    for name in EACH_FIELDS:
        steps[name] = tuple(_rows(one) for one in each.children(name))
    each.finish()
    return {name: found for name, found in steps.items() if found}


def _rows(reader: Reader) -> RowsStep:
    records = reader.expression("records")
    if records is None:
        raise ProfileError(f"{reader.path('records')} is needed")
    step = RowsStep(_request(reader), records, reader.expression("labels"), _fields(reader))
    reader.finish()
    return step
