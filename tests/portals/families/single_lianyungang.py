"""Lianyungang: HTML lists, and details of four tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.portals import markup
from tests.portals.exchange import Request, Response, html_page, whole
from tests.portals.records import DOMAIN, ISSUED, OPENNESS, PROVIDER, Record, Watched

from .html_portal import rest

if TYPE_CHECKING:
    from tests.portals.site import Site

ROOT = "/data/showDataController/"
PAGE_SIZE = 10


class SingleLianyungang:
    """The site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def answer(self, request: Request) -> Response | None:
        """Answer one request."""
        if request.path == ROOT + "showdata.do":
            return self._list(max(1, whole(request.query.get("pageNum1"), 1)))
        if request.path == ROOT + "showdetail.do":
            record = self._site.find(request.query.get("dmid", ""))
            if record is None:
                return html_page("提示", "<p>数据不存在</p>", 404)
            return Response(self._site.rendered(record, "detail", _detail))
        return None

    def _list(self, page: int) -> Response:
        window = self._site.window(page, PAGE_SIZE, default=PAGE_SIZE)
        items = "".join(self._site.rendered(row, "row", _row) for row in window.rows)
        footer = f'<div class="page-footer">共<span>{window.pages}</span>页</div>'
        return html_page("数据开放", f'<ul class="data-list">\n{items}</ul>{footer}')


def _row(record: Record) -> str:
    return (
        f"<li><h1 onclick=\"view('{record.id}')\">{markup.text(record.title)}</h1>"
        f"<p>{markup.text(record.text(PROVIDER))}</p></li>\n"
    )


def _detail(record: Record) -> str:
    watched = Watched.of(record)
    pairs = [
        ("信息资源名称", watched.title),
        ("信息资源提供方", watched.text(PROVIDER)),
        ("所属主题", watched.text(DOMAIN)),
        ("是否向社会开放", watched.text(OPENNESS)),
        ("上传时间", watched.moment(ISSUED) or ""),
    ]
    files = "".join(
        f'<tr><th>{word.upper()}</th><td><a href="#">下载</a></td></tr>' for word in watched.formats
    )
    items = "<tr><th>信息项名称</th><th>类型</th></tr>"
    tables = [_rows([*pairs, *rest(watched)]), items, files, "<tr><th>预览</th></tr>"]
    shown = "".join(f'<table class="tw-table-form">\n{table}</table>\n' for table in tables)
    return f'<html><head><meta charset="utf-8"></head><body>\n{shown}</body></html>'


def _rows(pairs: list[tuple[str, str]]) -> str:
    return "".join(
        f"<tr><th>{label}：</th><td>{markup.text(value)}</td></tr>\n" for label, value in pairs
    )
