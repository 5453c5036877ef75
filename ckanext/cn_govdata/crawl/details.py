"""The details of one record: its own page or answer, then its rows of items, files and services."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import raw
from ckanext.cn_govdata.crawl.document import Document
from ckanext.cn_govdata.crawl.errors import HttpStatus, Unfamiliar
from ckanext.cn_govdata.crawl.expressions import Scope
from ckanext.cn_govdata.crawl.requests import validator_of
from ckanext.cn_govdata.crawl.responses import LoginWanted

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ckanext.cn_govdata.crawl.messages import Request, Response
    from ckanext.cn_govdata.crawl.nodes import Node
    from ckanext.cn_govdata.crawl.requests import Inquiry
    from ckanext.cn_govdata.crawl.steps import DetailStep, Each, ListStep, RowsStep

Rows = dict[str, list[dict[str, Any]]]


class Withdrawn(Exception):  # noqa: N818 - not an error: what a detail says
    """The detail says that the record is no longer offered."""


def has_requests(step: ListStep) -> bool:
    """Whether reading a record of this list needs more than the list."""
    detail = step.detail
    if detail and detail.request:
        return True
    each = [step.each, detail.each if detail else {}]
    return any(row.request for one in each for rows in one.values() for row in rows)


class DetailReader:
    """Reads what a list says where to find."""

    def __init__(self, step: ListStep, used: raw.Used, inquiry: Inquiry) -> None:
        self._step = step
        self._used = used
        self._inquiry = inquiry
        # Files and items that are asked for by themselves can change while the detail does not.
        each = [step.each, step.detail.each if step.detail else {}]
        self._whole = not any(row.request for one in each for rows in one.values() for row in rows)

    def read(
        self,
        node: Node,
        values: Mapping[str, Any],
        *,
        ask: bool,
        validator: str | None = None,
    ) -> Generator[Request, Response, raw.Raw]:
        """The parts `detail`, `extra` and `each` of a raw record, and its `validator`.

        `node` is the list's row and `values` what addresses may name. Without `ask` no request is
        made. With the validator of an earlier reading raises `NotModified` if the portal says so.
        Raises `Withdrawn`, or `FetchError` when the record cannot be read now.
        """
        found: raw.Raw = {}
        detail, row = self._step.detail, node
        if detail and (ask or detail.request is None):
            validator = validator if self._whole else None
            node, values = yield from self._detail(detail, node, values, found, validator)
        rows: Rows = {}
        yield from self._each(detail.each if detail else {}, node, values, rows, ask=ask)
        yield from self._each(self._step.each, row, values, rows, ask=ask)
        if rows:
            found["each"] = rows
        return found

    def _detail(
        self,
        detail: DetailStep,
        node: Node,
        values: Mapping[str, Any],
        found: raw.Raw,
        validator: str | None,
    ) -> Generator[Request, Response, tuple[Any, Mapping[str, Any]]]:
        if detail.request:
            node = yield from self._inquiry.ask(
                detail.request, values, wants_json=_wants_json(detail), validator=validator
            )
            found["validator"] = validator_of(node.response) if self._whole else None
        document = node
        try:
            if detail.withdrawn and detail.withdrawn.text(Scope(document)) not in (None, "false"):
                raise Withdrawn
            if detail.record:
                node = next(iter(detail.record.nodes(Scope(document))), None)
            scope = raw.scope_of(node, detail.labels)
            found["detail"] = raw.fields_of(detail.fields, scope)
        except ValueError as error:
            raise Unfamiliar("the detail is not JSON", str(error)[:200]) from error
        if detail.fields and not found["detail"]:
            raise Unfamiliar(f"the detail shows none of its fields: {_looked_for(detail)}")
        record = node.json if isinstance(node, Document) and _wants_json(detail) else node
        extra_scope = Scope(record, scope.labels)
        found["extra"] = {
            **raw.passed_over(detail.fields, scope, found["detail"], found.get("list", {})),
            **raw.extra_of(extra_scope, self._used.detail_keys, self._used),
        }
        return document, {**values, **_single(found["detail"])}

    def _each(
        self, each: Each, node: Node, values: Mapping[str, Any], rows: Rows, *, ask: bool
    ) -> Generator[Request, Response, None]:
        for kind, steps in each.items():
            for step in steps:
                if rows.get(kind):
                    break
                if step.request and not ask:
                    continue
                found = yield from self._rows(step, node, values)
                if found:
                    rows[kind] = found

    def _rows(
        self, step: RowsStep, node: Node, values: Mapping[str, Any]
    ) -> Generator[Request, Response, list[dict[str, Any]]]:
        if step.request:
            try:
                node = yield from self._inquiry.ask(
                    step.request, values, wants_json=step.records.wants_json
                )
            except (LoginWanted, HttpStatus) as error:
                if isinstance(error, HttpStatus) and error.status != HTTPStatus.NOT_FOUND:
                    raise
                return []  # the portal's answer: these files are not for everyone
        try:
            return raw.rows_of(step, node)
        except ValueError as error:
            raise Unfamiliar("a list of files or items is not JSON", str(error)[:200]) from error


def _wants_json(detail: DetailStep) -> bool:
    expressions = [rule.expression for rule in detail.fields.values()]
    if detail.record:
        expressions = [detail.record]
    return any(one.wants_json for one in expressions)


def _looked_for(detail: DetailStep) -> str:
    """The expressions that found nothing, as far as they make a readable line."""
    record = [f"record by {detail.record}"] if detail.record else []
    fields = [f"{name} by {rule.expression}" for name, rule in detail.fields.items()]
    return ", ".join([*record, *fields][:4])


def _single(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if isinstance(value, str)}
