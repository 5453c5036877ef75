"""What a replay portal receives and answers, free of sockets."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

HTML = "text/html"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Request:
    """One request as it arrived; header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""
    at: float = field(default_factory=time.monotonic)

    @cached_property
    def path(self) -> str:
        """The path, as sent (not unquoted)."""
        return urlsplit(self.target).path

    @cached_property
    def query(self) -> dict[str, str]:
        """Query parameters; of a repeated name the last one counts."""
        return dict(parse_qsl(urlsplit(self.target).query, keep_blank_values=True))

    @property
    def content_type(self) -> str:
        """Media type of the body without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @cached_property
    def form(self) -> dict[str, str]:
        """Form fields; empty when the body was not declared as a form."""
        if self.content_type != FORM:
            return {}
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @cached_property
    def json(self) -> dict[str, Any]:
        """A JSON object; empty when the body was not declared as JSON or is not an object."""
        if self.content_type != JSON:
            return {}
        try:
            value = json.loads(self.body or b"{}")
        except ValueError:
            return {}
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True)
class Response:
    """An answer; text is encoded when it is sent, because a portal may speak GBK."""

    body: str | bytes = ""
    status: int = 200
    content_type: str = HTML
    headers: tuple[tuple[str, str], ...] = ()
    endless: bool = False  # the body again and again, until the client hangs up


def whole(value: Any, default: int) -> int:
    """Read a whole number, thousands commas allowed; anything else is the default."""
    try:
        return int(str(value).replace(",", ""))
    except ValueError:
        return default


def json_response(value: Any, status: int = 200) -> Response:
    """Answer `value` as JSON with Chinese characters as they are."""
    return Response(json.dumps(value, ensure_ascii=False), status, JSON)


def html_page(title: str, body: str, status: int = 200) -> Response:
    """Answer a small page of a portal that is not under test, such as its log-in page."""
    return Response(
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body>{body}</body></html>",
        status,
    )


def not_found() -> Response:
    """Answer as a portal's web server does for an address it does not know."""
    return html_page("404 Not Found", "<h1>404 Not Found</h1>", 404)


def redirect(location: str) -> Response:
    """Send the client elsewhere, as portals do when they want a log-in."""
    return Response("", 302, headers=(("Location", location),))
