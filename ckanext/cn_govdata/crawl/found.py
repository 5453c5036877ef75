"""What the engine yields beside requests."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from ckanext.cn_govdata.crawl.errors import FetchError
from ckanext.cn_govdata.crawl.messages import ItemStatus, Request, Response

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Found:
    """One distinct record of a portal.

    `status` is unchanged (no detail was needed), withdrawn or refused; ``None`` where `raw` was
    read and is to be compared.
    """

    source_id: str
    status: ItemStatus | None = None
    raw: Mapping[str, Any] | None = None
    list_hash: str | None = None
    detail_read: bool = False
    validator: str | None = None
    reason: str | None = None


# Requests that may be made at one time; the answers or failures come back in their order.
Batch = tuple[Request, ...]
Answers = list[Response | FetchError]
Talk = Generator[Request | Batch | Found, Response | Answers | None, _T]
