"""inspur-oportal: HTML catalogue under a path context, files in the page or by script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tests.portals import markup, payload
from tests.portals.exchange import (
    Request,
    Response,
    html_page,
    json_response,
    redirect,
    whole,
)
from tests.portals.records import MODIFIED

from . import inspur_html
from .inspur_html import Look

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Site

PAGE_SIZE = 10
SESSION = ("Set-Cookie", "OPENSESSION=replay; Path=/; HttpOnly")


class InspurOportal:
    """One site; `options` are those of `inspur_html.Look`."""

    def __init__(self, site: Site, **options: Any) -> None:
        self._site = site
        self._look = Look(**options)

    def answer(self, request: Request) -> Response | None:
        """Answer one request under the site's path context."""
        context, _, path = request.path.partition("/catalog/")
        if not _ or context != self._look.context:
            return self._front(request)
        scripts = {"getResourceWithFormat": self._files, "download": self._download}
        if path in scripts:
            return scripts[path](request.query)
        if "/catalog/" + path == self._look.list_path:
            return self._list(request.query)
        record_id, _, action = path.partition("/")
        record = self._site.find(record_id)
        if record and action == "getData" and request.method == "POST":
            return json_response(_preview(record, request.form))
        return self._detail(record) if not action else None

    def _front(self, request: Request) -> Response | None:
        if request.path in {self._look.context + "/index", self._look.context + "/"}:
            return html_page("公共数据开放平台", "")
        return None

    def _list(self, query: dict[str, str]) -> Response:
        records = self._site.records
        if query.get("Q"):
            records = [record for record in records if query["Q"] in record.title]
        if query.get("openType") == "1":
            records = [record for record in records if not record.conditional]
        page = max(1, whole(query.get("page"), 1))
        window = self._site.window(page, PAGE_SIZE, default=PAGE_SIZE, records=records)
        cards = [
            self._site.rendered(row, "card", lambda record: inspur_html.card(record, self._look))
            for row in window.rows
        ]
        return Response(inspur_html.list_page(cards, window, self._look), headers=(SESSION,))

    def _detail(self, record: Record | None) -> Response:
        if record is None:
            return html_page("提示", "<p>该目录不存在或已下线</p>", 404)
        page = self._site.rendered(
            record, "detail", lambda shown: inspur_html.detail_page(shown, self._look)
        )
        return Response(page, headers=(SESSION,))

    def _files(self, query: dict[str, str]) -> Response:
        record = self._site.find(query.get("cataId", ""))
        wanted = query.get("fileFormat", "")
        number, size = whole(query.get("pageNum"), 1), whole(query.get("pageSize"), 10)
        found = [
            file
            for file in (inspur_html.files(record) if record else [])
            if wanted in {"", file.extension}
        ]
        rows = [
            {
                "idInRc": file.key,
                "fileName": file.name,
                "fileFormat": file.extension,
                "fileSize": file.size,
                "updateTime": f"{record.text(MODIFIED)} {record.clock(MODIFIED[0])}",
            }
            for file in found[(number - 1) * size : number * size]
            if record
        ]
        pages = -(-len(found) // size)
        page = {"total": len(found), "size": size, "current": number, "pages": pages}
        return json_response(
            {"code": 200, "message": "success", "object": {**page, "records": rows}}
        )

    def _download(self, query: dict[str, str]) -> Response | None:
        record = self._site.find(query.get("cataId", ""))
        if record is None:
            return None
        if record.conditional:
            return redirect(f"{self._look.context}/login")
        for file in inspur_html.files(record):
            if file.key == query.get("idInRc"):
                name = quote(f"{file.name}.{file.extension}")
                return Response(
                    payload.content(file.extension, file.name),
                    content_type=payload.media_type(file.extension),
                    headers=(("Content-Disposition", f"attachment; filename*=UTF-8''{name}"),),
                )
        return None


def _preview(record: Record, form: dict[str, str]) -> dict[str, Any]:
    """First rows of the table, as the preview's DataTables script asks for them."""
    shown = inspur_html.columns(record)
    total = whole(record.text(inspur_html.COUNTS), 0) if shown and not record.conditional else 0
    start, length = whole(form.get("start"), 0), whole(form.get("length"), 10)
    rows = range(start, min(total, start + length))
    return {
        "draw": whole(form.get("draw"), 1),
        "recordsTotal": total,
        "recordsFiltered": total,
        "items": [
            {"column_name_en": name.lower(), "name_cn": markup.parentheses(label)}
            for name, label in shown
        ],
        "data": [{name.lower(): f"{label}{row + 1}" for name, label in shown} for row in rows],
    }
