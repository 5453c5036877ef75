"""Fuzhou in Jiangxi: an Authorization header with an HMAC over method, path, time and query."""

from __future__ import annotations

import base64
import hmac
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.messages import Request


def sign(request: Request, values: Mapping[str, Any]) -> Request:
    """Add the header; without a secret the request goes unsigned, for the portal to refuse.

    What is signed is that of a gateway with the same header: `METHOD&path&time&query`, path and
    sorted query percent-encoded whole.
    """
    secret = values.get("secret")
    if not secret:
        return request
    now = values["now"]
    parts = urlsplit(request.url)
    query = quote_plus(urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True))))
    text = f"{request.method}&{quote_plus(parts.path)}&{now}&{query}"
    digest = hmac.digest(str(secret).encode(), text.encode(), "sha256")
    sign = base64.b64encode(digest).decode()
    header = f"algorithm=HMAC-SHA256,appId={values['appId']},time={now},sign={sign}"
    return replace(request, headers={**request.headers, "authorization": header})
