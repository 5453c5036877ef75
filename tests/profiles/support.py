"""Reading the replay portals in memory, without sockets."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.errors import HttpStatus
from ckanext.cn_govdata.crawl.messages import Item, Report, Request, Response
from ckanext.cn_govdata.portals.source import build
from tests.portals import catalogue
from tests.portals import exchange as replay

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.portals.site import Site

BASE = "http://portal.test"
SAMPLES = Path(__file__).parent.parent / "portals" / "samples"
OWN_SAMPLES = Path(__file__).parent / "samples"
RETRIED = 500


def fetcher(site: Site) -> Callable[[Request], Response]:
    """What a client does with a site: redirects followed, server errors raised."""

    def fetch(request: Request) -> Response:
        parts = urlsplit(request.url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        found = site.answer(
            replay.Request(request.method, target, dict(request.headers), request.body or b"")
        )
        if found.status >= RETRIED:
            raise HttpStatus(found.status, f"HTTP {found.status}")
        location = dict(found.headers).get("Location")
        body = (
            found.body.encode(site.faults.encoding, "replace")
            if isinstance(found.body, str)
            else found.body
        )
        if location:
            return Response(
                200, BASE + location, {"content-type": "text/html"}, b"<html>", redirected=True
            )
        return Response(found.status, request.url, {"content-type": found.content_type}, body)

    return fetch


def portal(code: str) -> catalogue.Portal:
    """One of the stored portals."""
    return next(one for one in catalogue.portals() if one.portal == code)


def site_of(code: str, limit: int | None = None) -> Site:
    """A stored portal as a site in memory."""
    one = portal(code)
    return catalogue.site([one], {code: one.records()[:limit]})


def read(
    site: Site, known=None, *, code: str | None = None, config: dict | None = None, **settings
) -> tuple[list[Item], Report]:
    """Crawl a site as its portal's harvest source would."""
    stored = portal(code) if code else None
    whole = {"family": site.family, "parameters": dict(stored.parameters) if stored else {}}
    if code:
        whole["portal_id"] = code
    source = build({**whole, **(config or {})}, BASE, today=date(2024, 5, 1), **settings)
    crawl = flow.crawl(source, fetcher(site), known)
    return list(crawl), crawl.report
