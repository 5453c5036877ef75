"""One page of a list: its rows, and what it says of the end."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import raw
from ckanext.cn_govdata.crawl.expressions import Expression, Scope
from ckanext.cn_govdata.crawl.fingerprint import digest
from ckanext.cn_govdata.crawl.paging import Stated
from ckanext.cn_govdata.text.numbers import count

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.document import Document
    from ckanext.cn_govdata.crawl.nodes import Node
    from ckanext.cn_govdata.crawl.steps import ListStep

_DIGITS = re.compile(r"\d[\d,，]*")


@dataclass(frozen=True, slots=True)
class Row:
    """One record as its list shows it. `found` has the parts `list` and `extra`.

    `served` is a JSON title with the blanks around it, where it has some: a portal that looks its
    records up by title finds none without them.
    """

    source_id: str
    node: Node
    found: raw.Raw
    has_own_id: bool
    served: Mapping[str, str]

    @property
    def values(self) -> dict[str, Any]:
        """What addresses may name."""
        fields = self.found["list"]
        texts = {name: value for name, value in fields.items() if isinstance(value, str)}
        return {**texts, **self.served}

    def list_hash(self, volatile: frozenset[str]) -> str:
        """The fingerprint of what the list shows, without counters."""
        return digest(raw.steady(self.found, volatile))


def rows(step: ListStep, document: Document, used: raw.Used) -> list[Row]:
    """Return the rows of a page, personal data removed; one without id and title is none.

    Raises `ValueError` if the page is not JSON though it should be.
    """
    found = (_row(step, node, used) for node in step.records.nodes(Scope(document)))
    return [row for row in found if row.has_own_id or "title" in row.found["list"]]


def _row(step: ListStep, node: Node, used: raw.Used) -> Row:
    scope = raw.scope_of(node, step.labels)
    fields = raw.fields_of(step.fields, scope)
    own = fields.get("source_id")
    source_id = own or _made_id(fields)
    extra = {
        **raw.passed_over(step.fields, scope, fields),
        **raw.extra_of(scope, used.list_keys | used.detail_keys, used),
    }
    found = raw.scrubbed({"list": {**fields, "source_id": ""}, "extra": extra})
    found["list"]["source_id"] = source_id  # a name, not a text: never scrubbed
    served = _title_as_served(step, scope, found["list"].get("title"))
    return Row(source_id, node, found, own is not None, served)


def _title_as_served(step: ListStep, scope: Scope, title: str | None) -> dict[str, str]:
    if title is None or not isinstance(scope.node, Mapping):
        return {}
    node = next(iter(step.fields["title"].expression.nodes(scope)), None)
    if isinstance(node, str) and node != title and node.strip() == title:
        return {"title": node}
    return {}


def _made_id(fields: Mapping[str, Any]) -> str:
    """The id of a record that bears none: a hash of provider, title and release date."""
    parts = (str(fields.get(name, "")) for name in ("provider_name", "title", "issued"))
    return "h" + hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:24]


def stated(step: ListStep, document: Document) -> Stated:
    """What a page says of its list's end."""
    paging, scope = step.paging, Scope(document)
    return Stated(
        total=_number(paging.total, scope),
        pages=_number(paging.pages, scope),
        next=paging.next.text(scope) if paging.next else None,
    )


def _number(expression: Expression | None, scope: Scope) -> int | None:
    if expression is None:
        return None
    text = expression.text(scope) or ""
    number = count(text)
    if number is None and (match := _DIGITS.search(text)):
        number = count(match.group())
    return number
