"""site-label: fragments of a government CMS, at Bengbu and at Huangshan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.portals import markup
from tests.portals.exchange import Request, Response, html_page, json_response, whole
from tests.portals.records import (
    COUNT,
    DOMAIN,
    FREQUENCY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PROVIDER,
    TAGS,
    Record,
    Watched,
)

from .html_portal import rest

if TYPE_CHECKING:
    from tests.portals.site import Site

LABEL, PAGE, API_PAGE = "/site/label/8888", "/site/tpl/6621", "/site/tpl/6541"
OTHER_PAGE = "/site/tpl/4656"
CYCLES = {"不定期": 9}


class SiteLabel:
    """One site; `catalogue`, it is as Huangshan: other labels, and details as JSON."""

    def __init__(self, site: Site, *, catalogue: bool = False) -> None:
        self._site = site
        self._catalogue = catalogue

    def answer(self, request: Request) -> Response | None:
        """Answer one request."""
        asked = request.query
        if request.path in {PAGE, API_PAGE} and not self._catalogue:
            record = self._site.find(asked.get("resourceId", ""))
            if record is None:
                return html_page("提示", "<p>该信息不存在</p>", 404)
            return Response(self._site.rendered(record, "detail", _detail))
        if request.path == OTHER_PAGE and self._catalogue:
            return html_page("数据资源", '<div id="app"></div>')
        if request.path != LABEL:
            return None
        lists = {
            "dataOpenResourcePageList": self._list,
            "dataOpenResourceCatalogList": self._catalogue_list,
            "dataOpenResourceCatDetail": self._catalogue_detail,
        }
        answer = lists.get(asked.get("labelName", ""))
        return answer(asked) if answer else Response("")

    def _list(self, asked: dict[str, str]) -> Response:
        wanted = asked.get("resourceType") == "api"
        records = [record for record in self._site.records if _is_api(record) == wanted]
        size, page = whole(asked.get("pageSize"), 10), whole(asked.get("pageIndex"), 0) + 1
        window = self._site.window(page, size, default=10, records=records)
        address = API_PAGE if wanted else PAGE
        items = "".join(
            f'<li><div class="sjinfo"><a href="{address}?resourceId={row.id}" target="_blank">'
            f"{markup.text(row.title)}</a></div></li>\n"
            for row in window.rows
        )
        total = f'<script>var info="共({window.total})条数据";</script>'
        return Response(f'<div class="sj_list"><ul>\n{items}</ul></div>\n{total}')

    def _catalogue_list(self, asked: dict[str, str]) -> Response:
        size, page = whole(asked.get("pageSize"), 8), whole(asked.get("pageIndex"), 1)
        window = self._site.window(page, size, default=8)
        numbers = f"pageIndex:{window.page},pageCount:{window.pages},total:{window.total}"
        items = "".join(_card(row) for row in window.rows)
        return Response(
            f'<script>var opt={{{numbers}}};</script><ul class="clearfix">\n{items}</ul>'
        )

    def _catalogue_detail(self, asked: dict[str, str]) -> Response:
        record = self._site.find(asked.get("resourceId", ""))
        return json_response({} if record is None else _members(record))


def _is_api(record: Record) -> bool:
    return record.formats == ("api",)


def _detail(record: Record) -> str:
    watched = Watched.of(record)
    title = watched.title
    pairs = [
        ("数据提供方", watched.text(PROVIDER)),
        ("数据主题", watched.text(DOMAIN)),
        ("发布时间", watched.moment(ISSUED) or ""),
        ("更新时间", watched.moment(MODIFIED) or ""),
        ("公开属性", watched.text(OPENNESS)),
        ("更新频率", watched.text(FREQUENCY)),
        ("摘要", watched.text(NOTES)),
        ("下载格式", "，".join(watched.formats)),
        ("关键字", watched.text(TAGS)),
    ]
    count = watched.text(COUNT)
    pairs += [("数据条数", count)] if count else []
    items = "".join(
        f'<li><span class="tit">{label}：</span>{markup.text(value)}</li>'
        for label, value in [*pairs, *rest(watched)]
    )
    return (
        f'<html><body><div class="data_newtitle"><h1 class="tit">{markup.text(title)}</h1></div>'
        f'<div class="data_sj"><ul class="clearfix">\n{items}</ul></div></body></html>'
    )


def _card(record: Record) -> str:
    words = "".join(f"<em>{word.upper()}</em>" for word in record.formats)
    link = f'<a class="j-login">{words}</a>' if words else ""
    return (
        '<li><div class="sjcon clearfix"><div class="dataresources-con">'
        f'<a href="{OTHER_PAGE}?resourceId={record.id}&amp;p_isPage=1">'
        f'{markup.text(record.title)}</a><p class="xx clearfix">'
        f'<span class="n1">更新时间：{record.text(MODIFIED)}</span>'
        f'<span class="n2">提供机构：{markup.text(record.text(PROVIDER))}</span>'
        f'<span class="n3">数据领域：{markup.text(record.text(DOMAIN))}</span></p>'
        f'<p class="zyzy clearfix"><span class="link">{link}</span></p></div></div></li>\n'
    )


def _members(record: Record) -> dict[str, Any]:
    watched = Watched.of(record)
    _card(watched)
    count = watched.text(COUNT)
    return {
        "name": watched.title,
        "publishDate": watched.moment(ISSUED),
        "refreshDate": watched.moment(MODIFIED),
        "dataCounts": whole(count, 0) if count else None,
        "updateCycle": CYCLES.get(watched.text(FREQUENCY)),
        "resourceAbstract": watched.text(NOTES) or None,
        **watched.rest(),
    }
