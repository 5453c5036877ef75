"""hunan-webapp: JSP pages of city sites, one list a theme, paged by offset."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.portals import markup
from tests.portals.exchange import Request, Response, html_page, whole
from tests.portals.records import (
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

PAGE_SIZE = 6


class HunanWebapp:
    """One site; `boxes`, it is as Yueyang: boxes in the list, another page."""

    def __init__(self, site: Site, *, context: str = "/webapp", boxes: bool = False) -> None:
        self._site = site
        self._context = context
        self._boxes = boxes

    def answer(self, request: Request) -> Response | None:
        """Answer one request."""
        path = request.path.removeprefix(self._context)
        if path == "/dataList.jsp":
            return self._themes()
        if path == "/dataListIframe.jsp":
            return self._list(request.query)
        if path != "/dataDetail.jsp":
            return None
        record = self._site.find(request.query.get("id", ""))
        if record is None:
            return html_page("提示", "<p>数据不存在</p>", 404)
        return Response(self._site.rendered(record, "detail", self._detail))

    def _themes(self) -> Response:
        names = dict.fromkeys(record.text(DOMAIN) for record in self._site.records)
        items = "".join(
            f'<li class="list-group-item list-group-item-action"><a href="javascript:void(0)" '
            f"onclick=\"changeList('zt','{number}')\">{markup.text(name or '其他')}</a></li>"
            for number, name in enumerate(names)
        )
        return html_page("数据开放", f"<ul>{items}</ul>")

    def _list(self, asked: dict[str, str]) -> Response:
        names = list(dict.fromkeys(record.text(DOMAIN) for record in self._site.records))
        place = whole(asked.get("id"), -1)
        records = (
            [record for record in self._site.records if record.text(DOMAIN) == names[place]]
            if 0 <= place < len(names)
            else []
        )
        page = whole(asked.get("dataInfo.offset"), 0) // PAGE_SIZE + 1
        window = self._site.window(page, PAGE_SIZE, default=PAGE_SIZE, records=records)
        rows = "".join((_box if self._boxes else _table)(row) for row in window.rows)
        pages = f"{window.page}/{window.pages}页"
        foot = f'<div class="page"><span class="current">{window.page}</span> {pages}</div>'
        return html_page("", rows + foot)

    def _detail(self, record: Record) -> str:
        watched = Watched.of(record)
        title = markup.text(watched.title)
        pairs = [
            ("数据提供方", watched.text(PROVIDER)),
            ("数据主题", watched.text(DOMAIN)),
            ("开放类型", watched.text(OPENNESS)),
            ("更新频率", watched.text(FREQUENCY)),
            ("首次发布时间", watched.text(ISSUED).replace("-", "/")),
            ("更新时间", watched.text(MODIFIED).replace("-", "/")),
            ("数据格式", ",".join(word.upper() for word in watched.formats)),
            ("摘要", watched.text(NOTES)),
            *rest(watched),
        ]
        rows = table_rows(pairs, colon="：")
        if self._boxes:
            body = f'<h1 class="content-title">{title}</h1><table>\n{rows}</table>'
        else:
            head = f'<div class="panel-body"><h2> {title} </h2>'
            body = f'{head}<table class="table-license">\n{rows}</table></div>'
        return f'<html><head><meta charset="utf-8"></head><body>{body}</body></html>'


def _table(record: Record) -> str:
    return (
        f'<table class="table-data"><tr><td>{markup.text(record.title)}</td></tr>'
        f"<tr><td>{markup.text(record.text(PROVIDER))}</td></tr><tr><td>"
        f'<a href="dataDetail.jsp?id={record.id}" target="_blank">详情</a></td></tr></table>\n'
    )


def _box(record: Record) -> str:
    link = f'<a href="dataDetail.jsp?id={record.id}">{markup.text(record.title)}</a>'
    return f'<div class="szkf-box-list"><div class="name">{link}</div></div>\n'
