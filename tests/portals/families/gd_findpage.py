"""gd-findpage, first version of its interface: forms in, JSON text inside JSON out."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals import payload
from tests.portals.exchange import Request, Response, html_page, json_response, whole
from tests.portals.records import (
    DOMAIN,
    EMAIL,
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

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Site

PAGE_SIZE = 6
CYCLES = {
    "实时": "1",
    "每日": "2",
    "每周": "3",
    "每月": "4",
    "每季度": "5",
    "每半年": "6",
    "每年": "7",
    "不更新": "8",
    "其他": "99",
}
LIST, FILES = "/data/dataSet/findPage", "/data/dataSet/getFileList"
DETAIL, COLUMNS = "/data/catalog/selectDataCatalogByResId", "/data/dataSet/getPreviewDataItem"
PAGE, DOWNLOAD = "/data/dataSet/toDataDetails/", "/downloadFiles/open-file/"


class GdFindpage:
    """One site. `counties` is the share of records that the total counts for counties."""

    CODED: ClassVar = {"frequency": CYCLES}

    def __init__(self, site: Site, *, counties: float = 0.2) -> None:
        self._site = site
        self._counties = counties

    def answer(self, request: Request) -> Response | None:
        """Answer one request; forms that were not sent as forms count as empty."""
        if request.path == LIST and request.method == "POST":
            return self._list(request.form)
        if request.path.startswith((PAGE, DOWNLOAD)):
            return self._page(request)
        answers = {DETAIL: _detail, FILES: _files, COLUMNS: _columns}
        if request.path not in answers:
            return None
        asked = request.form if request.method == "POST" else request.query
        record = self._site.find(asked.get("resId", ""))
        if record is None:
            return json_response({} if request.path == DETAIL else [])
        return json_response(answers[request.path](record))

    def _list(self, form: dict[str, str]) -> Response:
        size = whole(form.get("pageSize"), PAGE_SIZE)
        page = max(1, whole(form.get("pageNo"), 1))
        records = self._site.records
        if form.get("sortType") == "DESC":
            records = self._site.newest_first()
        window = self._site.window(page, size, default=PAGE_SIZE, records=records)
        counties = int(window.total * self._counties)
        inner = {
            "pageNo": window.page,
            "pageSize": window.size,
            "total": window.total,
            "pages": window.pages,
            "otherData": {"cityCount": window.total - counties, "countyCount": counties},
            "list": [self._site.rendered(row, "detail", _detail) for row in window.rows],
        }
        return json_response({"dataList": json.dumps(inner, ensure_ascii=False)})

    def _page(self, request: Request) -> Response | None:
        """Answer a human's page, or a file `<resId with _>/<fileUrl>`."""
        if request.path.startswith(PAGE):
            return html_page("数据详情", '<div id="app"></div>')
        key, _, name = request.path[len(DOWNLOAD) :].partition("/")
        record = self._site.find(key.replace("_", "/"))
        for file in _files(record) if record else []:
            if record and file["fileUrl"] == name:
                extension = file["sourceSuffix"]
                return Response(
                    payload.content(extension, record.title),
                    content_type=payload.media_type(extension),
                )
        return None


def _detail(record: Record) -> dict[str, Any]:
    record = Watched.of(record)
    files, issued = len(record.formats), record.moment(ISSUED)
    modified, provider = record.moment(MODIFIED), record.text(PROVIDER)
    members = {
        "id": record.hexadecimal("id", 4),
        "resId": record.id,
        "resTitle": record.title,
        "resAbstract": record.text(NOTES),
        "keyword": record.text(TAGS),
        "officeName": provider,
        "fullName": provider,
        "subjectName": record.text(DOMAIN),
        "tradeName": record.text(INDUSTRY),
        "openLevel": "2" if record.conditional else "1",
        "openLevelName": record.text(OPENNESS),
        "openMode": _mode(record),
        "openCondition": "需审核" if record.conditional else "",
        "updateCycle": CYCLES.get(record.text(FREQUENCY), ""),
        "sourceType": "2",
        "sourceSuffix": ",".join(record.formats),
        "sourceTableName": None,
        "publishDate": issued,
        "pubDate": issued,
        "dataUpdateTime": modified,
        "updateDate": modified,
        "lastModifyTime": modified,
        "recordTotal": str(record.number("rows", 90_000)),
        "fileCount": files,
        "fileSize": f"{record.number('size', 900) + 1}KB",
        "visits": record.number("visits", 20_000),
        "downloads": record.number("downloads", 900),
        "invokedCount": record.number("calls", 900),
        "phone": record.text(PHONE) or None,
        "email": record.text(EMAIL),
        "address": "",
        "dataVersion": None,
    }
    return {**members, **record.rest()}


def _mode(record: Record) -> str | None:
    if record.conditional:
        return "有条件开放"
    return "普遍开放" if record.text(OPENNESS) == "无条件开放" else None


def _files(record: Record) -> list[dict[str, str]]:
    if record.conditional:
        return []
    day = record.text(MODIFIED)
    stamp = day.replace("-", "")
    return [
        {
            "id": record.hexadecimal(f"file {extension}", 8),
            "fileName": f"{record.title}_{stamp}.{extension}",
            "fileUrl": f"{record.hexadecimal('url', 8)}-{stamp}.{extension}",
            "sourceSuffix": extension,
            "fileSize": f"{record.number(extension, 900) + 1}KB",
            "updateTime": day,
        }
        for extension in record.formats
    ]


def _columns(record: Record) -> list[dict[str, str]]:
    names = [name for name in re.split("[、,，]", record.text(TAGS)) if name]
    return [
        {"field_name": f"COLUMN_{number}", "field_cn_name": name}
        for number, name in enumerate(names, 1)
    ]
