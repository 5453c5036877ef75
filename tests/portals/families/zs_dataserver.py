"""zs-dataserver: fragments of HTML by POST, details with days as 2022年07月01日."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.portals import markup
from tests.portals.exchange import Request, Response, html_page, whole
from tests.portals.records import (
    COUNT,
    DOMAIN,
    FREQUENCY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PROVIDER,
    Record,
    Watched,
)

from .html_portal import rest, table_rows

if TYPE_CHECKING:
    from tests.portals.site import Site

PAGE_SIZE = 10


class ZsDataserver:
    """One site under its path context."""

    def __init__(self, site: Site, *, context: str = "/web") -> None:
        self._site = site
        self._context = context

    def answer(self, request: Request) -> Response | None:
        """Answer one request; a list asked for by other than a form is page 1."""
        path = request.path.removeprefix(self._context)
        if path == "/queryDomain" and request.method == "POST":
            return self._list(max(1, whole(request.form.get("page"), 1)))
        if path != "/dataServerView":
            return None
        record = self._site.find(request.query.get("id", ""))
        if record is None:
            return html_page("提示", "<p>数据不存在</p>", 404)
        return Response(self._site.rendered(record, "detail", _detail))

    def _list(self, page: int) -> Response:
        window = self._site.window(page, PAGE_SIZE, default=PAGE_SIZE)
        items = "".join(self._site.rendered(row, "row", _row) for row in window.rows)
        pages = (
            (1, "首页"),
            (min(window.page + 1, window.pages), "下一页"),
            (window.pages, "末页"),
        )
        links = "".join(
            f'<li><a href="javascript:toPage({number});">{word}</a></li>' for number, word in pages
        )
        return Response(f'<dl>{items}</dl><div class="f-page"><ul>{links}</ul></div>')


def _row(record: Record) -> str:
    return (
        f"<dd><div><h2><a href=\"javascript:dataserver.view('{record.id}')\">"
        f"{markup.text(record.title)}</a></h2><p>{markup.text(record.text(PROVIDER))}</p></div>"
        "</dd>\n"
    )


def _day(value: str) -> str:
    return re.sub(r"^(\d{4})-(\d\d)-(\d\d)$", r"\1年\2月\3日", value)


def _detail(record: Record) -> str:
    watched = Watched.of(record)
    title = watched.title
    pairs = [
        ("部门名称", watched.text(PROVIDER)),
        ("数据主题", watched.text(DOMAIN)),
        ("摘要信息", watched.text(NOTES)),
        ("开放等级", watched.text(OPENNESS)),
        ("数据条数", watched.text(COUNT)),
        ("更新频率", watched.text(FREQUENCY)),
        ("创建时间", _day(watched.text(ISSUED))),
        ("更新时间", _day(watched.text(MODIFIED))),
        *rest(watched),
    ]
    return (
        f'<html><body><div class="header"><h2><a>{markup.text(title)}</a></h2></div>'
        f'<table class="table-main">\n{table_rows(pairs, head="th")}</table></body></html>'
    )
