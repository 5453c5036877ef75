"""Telling an answer from a refusal: challenges, log-ins, scripts, HTML where JSON was due."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ckanext.cn_govdata.crawl.decoding import decode_bytes
from ckanext.cn_govdata.crawl.document import Document
from ckanext.cn_govdata.crawl.errors import Blocked, HttpStatus
from ckanext.cn_govdata.text.personal import scrub_text

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.messages import Response

EVIDENCE_CHARACTERS = 200
_SHORT_PAGE = 200  # bytes of visible text; pages of portals have more
# What firewalls answer with; 412 and 521 are challenges, 418 and 567 are WAF pages.
_REFUSALS = frozenset({403, 405, 407, 412, 418, 451, 493, 521, 567})
_NOT_THERE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
_LOGIN_PATH = re.compile(
    r"login|signin|(?:^|[/._-])(?:sso|cas|oauth2?|passport|authcenter|idp)(?:$|[/._-])",
    re.IGNORECASE,
)
_CHALLENGE = re.compile(
    rb"__jsl_clearance|FSSBBIl1UgzbN7N|acw_sc__v2|\$_ts=|/_guard/|cf-chl|safeline|"
    + "|".join(("滑动验证", "安全验证", "访问被拦截", "请求被拦截", "人机验证")).encode()
)
_SCRIPT = re.compile(
    rb"\s*(?:<!doctype html>)?\s*(?:<html[^>]*>)?\s*(?:<head[^>]*>)?\s*<script", re.IGNORECASE
)
_UNSEEN = re.compile(
    rb"<(script|style|noscript|head)\b.*?</\1\s*>|<[^>]*>|<!--.*?-->", re.IGNORECASE | re.DOTALL
)


class LoginWanted(Blocked):
    """The portal sends whoever asks to its log-in."""


def opened(response: Response, *, wants_json: bool) -> Document:
    """The document of an answer. Raises `Blocked` or `HttpStatus` if it is none."""
    if _wants_login(response):
        raise LoginWanted("blocked: a log-in is wanted", evidence(response, "log-in"))
    kind = _refusal(response, wants_json=wants_json)
    if kind is not None:
        raise Blocked(f"blocked: {kind}", evidence(response, kind))
    if response.status >= HTTPStatus.BAD_REQUEST:
        reason = f"the portal answered HTTP {response.status}"
        raise HttpStatus(response.status, reason, evidence(response, "status"))
    return Document(response)


def evidence(response: Response, kind: str) -> str:
    """What was seen on the wire: status, kind, first bytes; personal data removed."""
    start = decode_bytes(
        response.body[: EVIDENCE_CHARACTERS * 4], response.headers.get("content-type")
    )
    # No NUL, which the database does not take, nor any other control character.
    shown = "".join(each if each.isprintable() else " " for each in start)
    line = " ".join(shown.split())[:EVIDENCE_CHARACTERS]
    return f"HTTP {response.status}, {kind}: {scrub_text(line)[0]}"


def _wants_login(response: Response) -> bool:
    if response.status == HTTPStatus.UNAUTHORIZED:
        return True
    return response.redirected and bool(_LOGIN_PATH.search(urlsplit(response.url).path))


def _refusal(response: Response, *, wants_json: bool) -> str | None:
    if response.status in _REFUSALS:
        return f"HTTP {response.status}"
    body = response.body
    if _CHALLENGE.search(body[:20000]) and len(_visible(body)) < _SHORT_PAGE:
        return "challenge page"
    if _SCRIPT.match(body) and not _visible(body):
        return "script instead of a page"
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    if wants_json and start == b"<" and response.status not in _NOT_THERE:
        return "HTML where JSON was due"
    return None


def _visible(body: bytes) -> bytes:
    """The text a reader would see, of the first part of a body."""
    return re.sub(rb"\s+", b"", _UNSEEN.sub(b"", body[:20000]))
