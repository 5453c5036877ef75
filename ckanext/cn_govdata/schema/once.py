"""What a page asks several times is found out once a request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from flask import g, has_request_context, request

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

_STORE = "cn_govdata_once"
# Requests that change nothing.
_READING = ("GET", "HEAD")


def once(key: tuple[Any, ...], make: Callable[[], T]) -> T:
    """What `make` gives; in a request that only reads, the same for the same key."""
    if not has_request_context() or not _is_served():
        return make()
    found = g.setdefault(_STORE, {})
    if key not in found:
        found[key] = make()
    return found[key]


def _is_served() -> bool:
    """Whether a server hands this request on: commands and workers run in one of their own making."""
    return request.method in _READING and "REMOTE_ADDR" in request.environ
