"""jdop (浙江·数据开放): an HTML fragment inside JSON, HTML details, ZIP downloads."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from tests.portals import markup, payload
from tests.portals.exchange import Request, Response, html_page, json_response, whole
from tests.portals.records import (
    COUNT,
    DOMAIN,
    FORMATS,
    FREQUENCY,
    INDUSTRY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PHONE,
    PROVIDER,
    TAGS,
    Watched,
)

from .html_portal import rest, table_rows

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Site

CONTEXT = "/jdop_front"
PAGE_SIZE = 10
EXTENSIONS = ("csv", "xls")
SESSION = ("Set-Cookie", "ZJZWFWSESSIONID=replay; Path=/; HttpOnly")


class Jdop:
    """One site. `count_label` is the city's word for the number of rows."""

    def __init__(self, site: Site, *, count_label: str = "数据条数") -> None:
        self._site = site
        self._count_label = count_label

    def answer(self, request: Request) -> Response | None:
        """Answer one request; a list asked for by other than a form is page 1."""
        if not request.path.startswith(CONTEXT):
            return None
        path = request.path[len(CONTEXT) :]
        if path in {"/index.do", "/channal/data_public.do"}:
            return Response(html_page("数据开放", "").body, headers=(SESSION,))
        if path == "/channal/datapubliclist.do":
            return self._list(request.form) if request.method == "POST" else None
        record = self._site.find(request.query.get("iid", ""))
        if path == "/detail/data.do":
            return self._detail(record)
        if path == "/resource/data/download.do" and record:
            return _download(record, request.query.get("fileType", ""))
        return None

    def _list(self, form: dict[str, str]) -> Response:
        size = whole(form.get("pageSize"), PAGE_SIZE)
        page = max(1, whole(form.get("pageNumber"), 1))
        records = self._site.records
        if form.get("orderField") == "2":
            records = self._site.newest_first()
        window = self._site.window(page, size, default=PAGE_SIZE, records=records)
        cards = [self._site.rendered(row, "card", _card) for row in window.rows]
        total = f'共找到<span class="onColor">{window.total}</span>条数据'
        fragment = f'<div class="search_num">{total}</div>{"".join(cards)}'
        return json_response({"code": "200", "data": fragment})

    def _detail(self, record: Record | None) -> Response:
        """Answer the page of a dataset; one that was withdrawn has no title."""
        if record is None:
            return html_page("", '<span class="sjxqTit1"></span>')
        page = self._site.rendered(record, "detail", self._page)
        return Response(page, headers=(SESSION,))

    def _page(self, record: Record) -> str:
        record = Watched.of(record)
        title = record.title
        visits = f"{record.number('visits', 9000)}/{record.number('downloads', 90)}"
        rows = [
            (("标&nbsp;&nbsp;签", record.text(TAGS)), ("更新周期", record.text(FREQUENCY))),
            (("资源格式", record.text(FORMATS)), ("数源单位", record.text(PROVIDER))),
            (("数据领域", record.text(DOMAIN)), ("行业分类", record.text(INDUSTRY))),
            (("发布日期", record.text(ISSUED)), ("更新日期", record.text(MODIFIED))),
            (("数据分级", "L1"), ("开放条件", record.text(OPENNESS))),
            (("联系方式", record.text(PHONE)), ("访问/下载次数", visits)),
        ]
        cells = "".join(
            "<tr>" + "".join(f"<td>{name}：</td><td>{markup.text(v)}</td>" for name, v in row)
            + "</tr>\n"
            for row in rows
        )  # fmt: skip
        notes, count, links = record.text(NOTES), record.text(COUNT), _links(record)
        others = table_rows(rest(record), colon="：")
        return (
            '<html><head><meta charset="utf-8"></head><body>\n'
            f'<span class="sjxqTit1">{markup.text(title)}</span>\n'
            '<div class="box1"><table>\n<tr><td>摘&nbsp;&nbsp;&nbsp;&nbsp;要：</td>'
            f'<td colspan="3">{markup.text(notes)}</td></tr>\n{cells}'
            f"<tr><td>{self._count_label}：</td><td>{count}</td>"
            f"<td>数据接口：</td><td>{_api(record)}</td></tr>\n"
            f'{others}<tr style="display:none"><td>内部编码：</td><td>x</td></tr>\n'
            f'<tr><td class="sjxz1">数据下载：</td><td>{links}</td></tr>\n'
            "</table></div></body></html>"
        )


def _api(record: Record) -> str:
    if record.number("api", 2):
        return ""
    return f'<a href="../detail/api.do?iid={record.id}0">接口</a>'


def _links(record: Record) -> str:
    address = f"../resource/data/download.do?fileType={{}}&iid={record.id}&"
    links = [
        f'<a href="{address.format(extension)}">{extension.upper()}</a>' for extension in EXTENSIONS
    ]
    if record.text(MODIFIED) > record.text(ISSUED):
        day = record.text(ISSUED)
        old = address.format("csv") + f"history={day.replace('-', '')}"
        links.append(f'<a href="{old}">{day}</a>')
    return "".join(links)


def _card(record: Record) -> str:
    address = f"../detail/data.do?iid={record.id}&searchString="
    links = "".join(
        f'<a href="../resource/data/download.do?fileType={extension}&iid={record.id}&">'
        f"{extension.upper()}</a>"
        for extension in EXTENSIONS
    )
    shown = [("数源单位", record.text(PROVIDER)), ("数据领域", record.text(DOMAIN))]
    facts = "".join(
        f"<span>{name}：<span>{markup.text(value)}</span></span>" for name, value in shown
    )
    return (
        '<div class="search_result"><div class="search_result_left"><div>'
        f'<p class="search_result_left_tit"><a href="{address}" target="_blank">'
        f"{markup.text(record.title)}</a></p>"
        f"<p class='search_result_left_stit'>{markup.text(record.text(NOTES).rstrip(','))}</p>"
        f'<p class="search_result_left_stit1">{links}{_api(record)}</p></div>'
        f'<div><p class="ck">{facts}'
        f"<span><span>更新时间： </span> {record.text(MODIFIED)}</span></p></div></div></div>"
    )


def _download(record: Record, extension: str) -> Response | None:
    """Answer a ZIP file whose members are GBK text."""
    if extension not in {"csv", "json", "xls", "xml", "rdf"}:
        return None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{record.id}.{extension}", payload.content(extension, record.title))
    return Response(packed.getvalue(), content_type=payload.media_type("zip"))
