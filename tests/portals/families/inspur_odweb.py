"""inspur-odweb: the older Inspur catalogue, lists as JSON, details as HTML."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals import markup, payload
from tests.portals.exchange import Request, Response, html_page, json_response, whole
from tests.portals.records import (
    COUNT,
    DOMAIN,
    FREQUENCY,
    INDUSTRY,
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
from .inspur_html import columns

if TYPE_CHECKING:
    from tests.portals.site import Site

PAGE_SIZE = 6
FORMATS = {"xls": "1", "xlsx": "1", "xml": "2", "json": "3", "csv": "4"}


class InspurOdweb:
    """One site under its path context."""

    CODED: ClassVar = {
        "frequency": {
            "自定义": "1",
            "每天": "2",
            "每日": "2",
            "每月": "4",
            "每季度": "5",
            "每半年": "6",
            "每年": "7",
            "实时": "8",
        }
    }

    def __init__(self, site: Site, *, context: str = "/odweb") -> None:
        self._site = site
        self._context = context

    def answer(self, request: Request) -> Response | None:
        """Answer one request; the method stands in the address."""
        path, method = request.path.removeprefix(self._context), request.query.get("method", "")
        asked = {**request.query, **request.form}
        if path == "/catalog/catalog.do" and method.lower() == "getcatalog":
            return self._list(asked)
        record = self._site.find(asked.get("cata_id", ""))
        if path == "/catalog/catalogDetail.htm":
            if record is None:
                return html_page("提示", "<p>目录不存在</p>", 404)
            return Response(self._site.rendered(record, "detail", _page))
        if path.lower() == "/catalog/catalogdetail.do" and method.lower() in {
            "getdownloadpageinfo",
            "getdownloadinfo",
        }:
            return _files(record)
        if path == "/catalog/CatalogDetailDownload.do":
            name = request.query.get("fileId", "")
            return Response(payload.content("csv", name), content_type=payload.media_type("csv"))
        return html_page("数据开放", "") if path in {"/", "/index.htm"} else None

    def _list(self, asked: dict[str, str]) -> Response:
        size = whole(asked.get("length") or asked.get("pageLength"), PAGE_SIZE)
        page = whole(asked.get("start"), 0) // max(size, 1) + 1
        records = self._site.records
        if "update_time desc" in asked.get("_order", ""):
            records = self._site.newest_first()
        window = self._site.window(page, size, default=PAGE_SIZE, records=records)
        rows = [self._site.rendered(row, "row", self._row) for row in window.rows]
        total = {"recordsTotal": window.total, "recordsFiltered": window.total}
        return json_response({**total, "draw": 0, "data": rows})

    def _row(self, record: Record) -> dict[str, Any]:
        watched = Watched.of(record)
        row = _members(watched) | {
            "conf_update_cycle": self.CODED["frequency"].get(watched.text(FREQUENCY))
        }
        _pairs(watched)
        return row


def _members(record: Record) -> dict[str, Any]:
    formats = [FORMATS[word] for word in record.formats if word in FORMATS]
    domain, industry = record.text(DOMAIN), record.text(INDUSTRY)
    rows, visits, downloads = (
        record.whole(COUNT),
        record.number("visits", 9_000),
        record.number("downloads", 900),
    )
    statistic = {
        "data_count": rows,
        "file_count": len(record.formats),
        "api_count": 0,
        "use_visit": visits,
        "use_file_count": downloads,
        "use_api_count": 0,
        "use_grade": 0,
        "use_points": 0,
        "use_scores": 0,
        "use_task_count": 0,
        "use_comments": 0,
        "use_favs": 0,
        "use_data_count": 0,
    }
    return {
        "cata_id": record.id,
        "cata_title": record.title,
        "open_type": record.text(OPENNESS),
        "org_name": record.text(PROVIDER),
        "org_code": record.hexadecimal("organ", 6),
        "cata_tags": record.text(TAGS) or None,
        "description": record.text(NOTES),
        "cata_items": ",".join(name for _, name in columns(record)),
        "conf_use_type": "1,2",
        "conf_catalog_format": ",".join(dict.fromkeys(formats)),
        "released_time": record.moment(ISSUED),
        "update_time": record.moment(MODIFIED),
        "conf_released_time": _exact(record.moment(ISSUED)),
        "conf_update_time": _exact(record.moment(MODIFIED)),
        "conf_datafile_update_time": record.moment(MODIFIED),
        "cataLogGroups": [{"group_id": "sub-1", "group_name": domain}] if domain else [],
        "cataLogIndustrys": [{"group_id": "ind-1", "group_name": industry}] if industry else [],
        "catalogStatistic": statistic,
        "suffixes": ",".join(record.formats),
        "resource_type": "file",
        "resource_format_type": "2",
        "total_storage": rows,
        "conf_view_num": visits,
        "DOWNLOADS": downloads,
    }


def _read(moment: str | None) -> datetime | None:
    """A moment in China, None for a cell that no ISO 8601 is in."""
    try:
        return datetime.fromisoformat(f"{moment}+08:00") if moment else None
    except ValueError:
        return None


def _exact(moment: str | None) -> int | None:
    """Milliseconds since 1970 of a moment in China."""
    at = _read(moment)
    return int(at.timestamp()) * 1000 if at else None


def _pairs(record: Record) -> list[tuple[str, str]]:
    modified = record.moment(MODIFIED)
    shown, at = modified or "", _read(modified)
    if at:
        shown = f"{at:%b} {at.day}, {at.year} {at.hour % 12 or 12}:{at:%M:%S} {at:%p}"
    return [
        ("开放状态", record.text(OPENNESS)),
        ("所属主题", record.text(DOMAIN)),
        ("最后更新", shown),
        ("来源部门", record.text(PROVIDER)),
        ("标签", record.text(TAGS)),
        ("更新频率", record.text(FREQUENCY)),
        ("发布时间", record.moment(ISSUED) or ""),
        ("所属行业", record.text(INDUSTRY)),
        ("浏览次数", str(record.number("visits", 9_000))),
        ("下载次数", str(record.number("downloads", 900))),
        ("描述", record.text(NOTES)),
    ]


def _page(record: Record) -> str:
    watched = Watched.of(record)
    _members(watched)
    pairs = _pairs(watched)
    items = "".join(_item(label, value) for label, value in [*pairs, *rest(watched)])
    rows = "".join(
        f"<tr><td>{markup.text(name)}</td><td>字符型</td><td>{markup.text(name)}</td></tr>"
        for _, name in columns(record)
    )
    files = "".join(f"<li>{word.upper()}</li>" for word in record.formats)
    return (
        '<html><head><meta charset="utf-8"/></head><body><div class="detail-header">'
        f'<span class="detail-title">{markup.text(record.title)}</span></div>'
        '<div class="detail-info-list tab-body"><ul><li action="data-info"> '
        '<div class="detail-base-list"><div class="info-title">基本信息</div>  '
        f'<div class="info-list"><ul>\n{items}</ul></div></div> <div class="detail-table"><table>'
        f"<tr><th>名称</th><th>类型</th><th>描述</th></tr>{rows}</table></div></li>"
        f'<li action="data-download"><div class="tab-header"><ul>{files}</ul></div></li></ul>'
        "</div></body></html>"
    )


def _item(label: str, value: str) -> str:
    if label == "标签":
        body = f'<div class="info-body" tags="{markup.text(value)}"></div>'
    else:
        body = f'<div class="info-body"><span>{markup.text(value)}</span></div>'
    return f'   <li><div class="info-header">{label}</div>{body}</li>\n'


def _files(record: Record | None) -> Response:
    found = [] if record is None or record.conditional else list(record.formats)
    rows = [
        {
            "fileId": record.hexadecimal(f"file {number}", 8),
            "fileName": record.title,
            "fileFormat": word,
            "fileType": 1,
            "fileSize": 1024,
            "formattedFileSize": "1KB",
            "updateTime": record.moment(MODIFIED),
            "dataCount": record.whole(COUNT),
        }
        for number, word in enumerate(found)
        if record
    ]
    total = {"recordsTotal": len(rows), "recordsFiltered": len(rows)}
    return json_response({"draw": 1, **total, "data": rows})
