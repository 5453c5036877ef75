"""Lists that a content management system writes as `index.html`, `index_1.html`, `index_2.html`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.messages import Request

_FIRST = re.compile(r"/index_0(\.s?html?)$")


def unnumbered_first(request: Request, _values: Mapping[str, Any]) -> Request:
    """Ask for `index.html` where page 0 is meant."""
    return replace(request, url=_FIRST.sub(r"/index\1", request.url))
