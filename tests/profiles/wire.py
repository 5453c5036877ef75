"""Crawling stored wire shapes: which request gets which answer."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.messages import Report, Request, Response
from ckanext.cn_govdata.portals import registry
from ckanext.cn_govdata.portals.source import build

from .support import OWN_SAMPLES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.record import Record

_TYPES = {".json": "application/json", ".xml": "application/xml", ".html": "text/html"}


class Wire:
    """Answers a request by the first of `answers` whose words all stand in it.

    Words are parted by blanks and looked for in the method, the address and the body, decoded. An
    answer is a sample's file name, or the text itself.
    """

    def __init__(self, folder: str, answers: Mapping[str, str]) -> None:
        self.folder = OWN_SAMPLES / folder
        self.answers = answers
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Response:
        self.requests.append(request)
        said = unquote_plus(f"{request.method} {request.url} {(request.body or b'').decode()}")
        for words, answer in self.answers.items():
            if all(word in said for word in words.split()):
                return self._response(request, answer)
        raise AssertionError(f"no answer for {said}")

    def _response(self, request: Request, answer: str) -> Response:
        file = self.folder / answer if len(answer) < 100 and "." in answer else None
        if file is None or not file.is_file():
            return Response(200, request.url, {}, answer.encode())
        kind = _TYPES.get(file.suffix, "text/plain")
        return Response(200, request.url, {"content-type": kind}, file.read_bytes())


def crawl(portal_id: str, wire: Wire, **parameters: str) -> tuple[dict[str, Record], Report]:
    """Read a registered portal, as its row says, from stored answers."""
    portal = registry.get(portal_id)
    assert portal is not None
    config = {"family": portal.family, "portal_id": portal_id}
    if portal.parameters or parameters:
        config["parameters"] = {**portal.parameters, **parameters}
    source = build(config, portal.base_url, today=date(2024, 7, 1))
    listing = flow.crawl(source, wire)
    return {item.source_id: item.record for item in listing if item.record}, listing.report
