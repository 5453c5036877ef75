"""Requests from templates: address, body, headers, and the hook of families that sign."""

from __future__ import annotations

import time
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import responses
from ckanext.cn_govdata.crawl.errors import FetchError, NotModified
from ckanext.cn_govdata.crawl.messages import Report, Request, Response
from ckanext.cn_govdata.crawl.steps import COOKIE, SECRET

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from ckanext.cn_govdata.crawl.document import Document
    from ckanext.cn_govdata.crawl.source import Source
    from ckanext.cn_govdata.crawl.steps import RequestTemplate
    from ckanext.cn_govdata.crawl.templates import Template

_JSON = "application/json, text/plain, */*"
_PAGE = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_HIDDEN = "***"
_LONGEST_VALIDATOR = 200  # characters


def build(
    template: RequestTemplate,
    source: Source,
    values: Mapping[str, Any],
    *,
    wants_json: bool,
    cookies: Mapping[str, str] | None = None,
) -> Request:
    """The request of a step for these values.

    Headers and the hook may also use the secret, the portal's cookies and the time (`now`, in
    milliseconds). A header that is one placeholder without a value is left out.
    """
    known = {
        **values,
        **{COOKIE + name: value for name, value in (cookies or {}).items()},
        SECRET: source.secret,
        "now": time.time_ns() // 1_000_000,
    }
    headers = {
        "accept": _JSON if wants_json else _PAGE,
        **({"content-type": template.body.content_type} if template.body else {}),
    }
    for level in (source.profile.headers, template.headers):
        headers.update(_filled(level, known))
    headers.update((name.lower(), value) for name, value in source.headers.items())
    request = Request(
        method=template.method,
        url=template.url.address(source.base_url, values, source.profile.parameters.keys()),
        headers=headers,
        body=template.body.encode(values) if template.body else None,
    )
    hook = source.profile.hook
    return hook(request, known) if hook else request


def _filled(headers: Mapping[str, Template], known: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.lower(): template.text(known)
        for name, template in headers.items()
        if template.whole is None or known.get(template.whole) is not None
    }


def validator_of(response: Response) -> str | None:
    """What makes the next request for the same address conditional: ETag, else Last-Modified."""
    found = response.headers.get("etag") or response.headers.get("last-modified") or ""
    return found if 0 < len(found) <= _LONGEST_VALIDATOR and found.isprintable() else None


def _condition(validator: str) -> str:
    return "if-none-match" if validator.startswith(('"', "W/")) else "if-modified-since"


class Inquiry:
    """Asks for documents, counts the requests, and knows the portal's cookies."""

    def __init__(self, source: Source, report: Report) -> None:
        self._source = source
        self._report = report
        self._cookies: dict[str, str] = {}

    def ask(
        self,
        template: RequestTemplate,
        values: Mapping[str, Any],
        *,
        wants_json: bool,
        validator: str | None = None,
    ) -> Generator[Request, Response, Document]:
        """One request and its document; raises `FetchError` if there is none.

        With a validator the portal may answer that nothing changed: `NotModified`.
        """
        try:
            request = build(
                template, self._source, values, wants_json=wants_json, cookies=self._cookies
            )
            if validator:
                headers = {**request.headers, _condition(validator): validator}
                request = replace(request, headers=headers)
            self._report.requests += 1
            response = yield request
            self._cookies.update(response.cookies)
            if validator and response.status == HTTPStatus.NOT_MODIFIED:
                raise NotModified("the portal says that the detail has not changed")
            return responses.opened(response, wants_json=wants_json)
        except FetchError as error:
            self._hide_secret(error)
            raise

    def _hide_secret(self, error: FetchError) -> None:
        """Take the secret out of what a portal quoted of its request."""
        secret = self._source.secret
        if secret:
            error.reason = error.reason.replace(secret, _HIDDEN)
            error.evidence = error.evidence and error.evidence.replace(secret, _HIDDEN)
            error.args = (error.reason,)
