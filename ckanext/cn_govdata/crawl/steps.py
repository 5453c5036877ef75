"""The steps a profile is made of, compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.expressions import Expression
    from ckanext.cn_govdata.crawl.templates import Body, Template

# What headers and hooks may name beside fields and parameters.
SECRET = "secret"  # noqa: S105 - the name of a value, none itself
COOKIE = "cookie."

# The key of a published table, or code -> the portal's word.
Codes: TypeAlias = "str | Mapping[str, str]"


class ProfileError(ValueError):
    """A profile that cannot be used; the message names the key."""


@dataclass(frozen=True, slots=True)
class RequestTemplate:
    """A request with placeholders."""

    method: str
    url: Template
    body: Body | None
    headers: Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class FieldRule:
    """Where a field's value stands, and the table that its code belongs to."""

    expression: Expression
    codes: Codes | None = None


Fields = Mapping[str, FieldRule]


@dataclass(frozen=True, slots=True)
class Paging:
    """How a list is paged and how its end is known."""

    first: int = 1
    sizes: tuple[int, ...] = ()  # the largest known to be taken, then the documented default
    by: str = "page"
    total: Expression | None = None
    pages: Expression | None = None
    next: Expression | None = None
    until_empty: bool = False
    newest_first: str | None = None

    @property
    def single(self) -> bool:
        """Whether the list is one answer."""
        return not (self.total or self.pages or self.next or self.until_empty)


@dataclass(frozen=True, slots=True)
class RowsStep:
    """Rows with fields: data items, files, services; from the page at hand or a request of its own."""

    request: RequestTemplate | None
    records: Expression
    labels: Expression | None
    fields: Fields


@dataclass(frozen=True, slots=True)
class BeforeStep:
    """A request made before the list: for its cookie, its values, or rows to repeat the list for."""

    request: RequestTemplate
    records: Expression | None
    fields: Fields


Each = Mapping[str, tuple[RowsStep, ...]]


@dataclass(frozen=True, slots=True)
class DetailStep:
    """The page or answer that describes one record."""

    request: RequestTemplate | None
    record: Expression | None
    labels: Expression | None
    fields: Fields
    withdrawn: Expression | None
    each: Each


@dataclass(frozen=True, slots=True)
class ListStep:
    """One list of a portal, with the detail that belongs to it."""

    name: str
    before: tuple[BeforeStep, ...]
    request: RequestTemplate
    paging: Paging
    records: Expression
    labels: Expression | None
    fields: Fields
    each: Each
    detail: DetailStep | None
    optional: bool = False  # not every portal of the family has it


@dataclass(frozen=True, slots=True)
class Download:
    """When a listed file may be fetched without logging in, and from where."""

    url: Template | None
    anonymous: str  # always | unconditional


def names_used(step: ListStep) -> set[str]:
    """Every name that the addresses and bodies of a list and its details use."""
    return {
        name
        for request in _requests(step)
        for names in (request.url.names, request.body.names() if request.body else ())
        for name in names
    } | {name for request in _requests(step) for name in header_names(request.headers)}


def header_names(headers: Mapping[str, Template]) -> set[str]:
    """Names in headers but for those that only headers know: cookies and the secret."""
    names = {name for template in headers.values() for name in template.names}
    return {name for name in names if name != SECRET and not name.startswith(COOKIE)}


def names_given(step: ListStep) -> set[str]:
    """Every field that a list, its details or their rows fill."""
    fields: list[Fields] = [step.fields, *(before.fields for before in step.before)]
    if step.detail:
        fields.append(step.detail.fields)
    fields += [row.fields for row in _rows(step)]
    return {name for found in fields for name in found}


def _requests(step: ListStep) -> Iterator[RequestTemplate]:
    yield step.request
    yield from (before.request for before in step.before)
    if step.detail and step.detail.request:
        yield step.detail.request
    yield from (row.request for row in _rows(step) if row.request)


def _rows(step: ListStep) -> Iterator[RowsStep]:
    for each in (step.each, step.detail.each if step.detail else {}):
        for rows in each.values():
            yield from rows
