"""portal-dataservice: lists as JSON, details as HTML, days without leading zeros."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.portals import markup
from tests.portals.exchange import Request, Response, html_page
from tests.portals.records import (
    DOMAIN,
    FREQUENCY,
    INDUSTRY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PHONE,
    PROVIDER,
    TAGS,
    Record,
    Watched,
)

from .html_portal import rest
from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.site import Window


class PortalDataservice(JsonPortal):
    """One site."""

    LIST = ("POST", "/portal/dataservice/getPage")
    DETAIL = ("GET", "/portal/service_detail")
    ASKED = "form"
    PAGE, SIZE = "page", "rows"

    def _detail(self, request: Request) -> Response:
        record = self.find(request)
        if record is None:
            return html_page("提示", "<p>服务不存在</p>", 404)
        return Response(self._site.rendered(record, "detail", _page))

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        page = {"page": window.page, "pages": window.pages, "total": window.total}
        return {"success": True, "result": {**page, "rows": rows}}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {
            "id": record.id,
            "serviceName": record.title,
            "openType": record.text(OPENNESS),
            "publishTime": _day(record.text(ISSUED)),
            "updateTime": _day(record.text(MODIFIED)),
            "serviceViewCount": record.number("views", 900),
            "serviceApplyCount": record.number("applications", 9),
        }


def _day(value: str) -> str:
    return re.sub(r"-0", "-", value)


def _page(record: Record) -> str:
    watched = Watched.of(record)
    title, notes = watched.title, watched.text(NOTES)
    watched.text(MODIFIED)
    head = [
        ("服务名称", title),
        ("提供方", watched.text(PROVIDER)),
        ("数据领域", watched.text(DOMAIN)),
        ("行业名称", watched.text(INDUSTRY)),
        ("发布时间", _day(watched.text(ISSUED))),
        ("联系电话", watched.text(PHONE)),
        ("服务描述", notes),
    ]
    cells = [
        ("目录编码", f"{record.number('code', 899999) + 100000}/000123"),
        ("更新周期", watched.text(FREQUENCY)),
        ("关键字", watched.text(TAGS)),
        ("开放属性", watched.text(OPENNESS)),
        ("资源摘要", notes),
        ("资源格式", ",".join(watched.formats)),
        *rest(watched),
    ]
    items = "".join(
        f"<li><span>{label}：</span><span>{markup.text(value)}</span></li>" for label, value in head
    )
    rows = "".join(
        f"<tr><td>{label}</td><td>{markup.text(value)}</td></tr>\n" for label, value in cells
    )
    return (
        '<html><head><meta charset="utf-8"></head><body>'
        f'<h2 class="dt-name"><p>{markup.text(title)}</p></h2><div id="tabLink1">'
        f'<ul class="desc-list-info clearfix">\n{items}</ul>\n'
        '<table class="table table-striped table-bordered table-advance table-hover">\n'
        f"{rows}</table></div></body></html>"
    )
