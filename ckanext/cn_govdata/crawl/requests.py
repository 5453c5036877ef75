"""Requests from templates: address, body, headers, and the hook of families that sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import responses
from ckanext.cn_govdata.crawl.messages import Report, Request, Response

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ckanext.cn_govdata.crawl.document import Document
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.crawl.steps import RequestTemplate

_JSON = "application/json, text/plain, */*"
_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def build(
    template: RequestTemplate, source: Source, values: Mapping[str, Any], *, wants_json: bool
) -> Request:
    """The request of a step for these values."""
    headers = {
        "accept": _JSON if wants_json else _PAGE,
        **({"content-type": template.body.content_type} if template.body else {}),
    }
    for level in (source.profile.headers, template.headers, source.headers):
        headers.update((name.lower(), value) for name, value in level.items())
    request = Request(
        method=template.method,
        url=template.url.address(source.base_url, values, source.profile.parameters.keys()),
        headers=headers,
        body=template.body.encode(values) if template.body else None,
    )
    hook = source.profile.hook
    return hook(request, values) if hook else request


class Inquiry:
    """Asks for documents and counts the requests."""

    def __init__(self, source: Source, report: Report) -> None:
        self._source = source
        self._report = report

    def ask(
        self, template: RequestTemplate, values: Mapping[str, Any], *, wants_json: bool
    ) -> Generator[Request, Response, Document]:
        """One request and its document; raises `FetchError` if there is none."""
        request = build(template, self._source, values, wants_json=wants_json)
        self._report.requests += 1
        response = yield request
        return responses.opened(response, wants_json=wants_json)
