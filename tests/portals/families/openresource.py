"""openresource: one interface that answers JSON (Zhenjiang) or XML (Jingmen), pages from 0."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.exchange import Request, Response, json_response, whole
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
)

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Site, Window

ROOT = "/prod-api/"


class Openresource(JsonPortal):
    """One site; `xml`, it answers JSON only to those who ask for it."""

    LIST = ("GET", ROOT + "openResource/rest/page")
    DETAIL = ("GET", ROOT + "openResource/rest/findView")
    ASKED = "query"
    PAGE, SIZE, FIRST = "page", "size", 0
    CODED: ClassVar = {
        "open_attribute": {"无条件开放": "0", "有条件开放": "1"},
        "frequency": {
            "其他": "1",
            "每日": "2",
            "每周": "3",
            "每月": "4",
            "每季度": "5",
            "每半年": "6",
            "每年": "7",
            "实时": "8",
        },
    }

    def __init__(self, site: Site, *, xml: bool = False) -> None:
        super().__init__(site)
        self._xml = xml

    def answer(self, request: Request) -> Response | None:
        """Answer one request; none of the stored records is an interface by itself."""
        if request.path == ROOT + "openService/rest/page":
            return json_response({"code": 200, "data": {"content": [], "totalPages": 0}})
        answer = super().answer(request)
        if answer is None or not self._xml or "json" in request.headers.get("accept", ""):
            return answer
        return self._as_xml(request)

    def _as_xml(self, request: Request) -> Response:
        if request.path == self.LIST[1]:
            size, page = whole(request.query.get("size"), 10), whole(request.query.get("page"), 0)
            window = self._site.window(page + 1, size, default=10)
            rows = "".join(f"<content>{_xml(self.row(record))}</content>" for record in window.rows)
            totals = f"<totalElements>{window.total}</totalElements>"
            content = f"<content>{rows}</content>{totals}<totalPages>{window.pages}</totalPages>"
        else:
            record = self.find(request)
            content = _xml(self._whole(record)) if record else ""
        body = f"<BusinessMessage><code>200</code><data>{content}</data></BusinessMessage>"
        head = '<?xml version="1.0" encoding="UTF-8"?>'
        return Response(head + body, content_type="application/xml")

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        page = {"number": window.page - 1, "size": window.size}
        total = {"totalElements": window.total, "totalPages": window.pages}
        return {"code": 200, "data": {"content": rows, **total, **page}}

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return {"code": 200, "data": detail}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {
            "id": record.id,
            "instanceId": record.hexadecimal("instance", 8),
            "resourceName": record.title,
            "resourceRes": record.text(NOTES),
            "organName": record.text(PROVIDER),
            "topicClassify": record.text(DOMAIN),
            "industryType": record.text(INDUSTRY),
            "dataRelam": record.text(DOMAIN),
            "keyWords": record.text(TAGS) or None,
            "isOpen": self.code(record, "open_attribute", OPENNESS),
            "updateCycle": self.code(record, "frequency", FREQUENCY),
            "publishTime": record.moment(ISSUED),
            "updateTime": record.moment(MODIFIED),
            "resMountType": record.formats[0].upper() if record.formats else None,
            "storageCount": record.whole(COUNT),
            "serviceInterfaceCount": 0,
            "browseCount": record.number("views", 900),
            "downCount": record.number("downloads", 90),
        }

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        return {
            **self.row(record),
            "openCondition": record.text(OPENNESS),
            "resourceShapeType": ",".join(record.formats),
        }


def _xml(members: dict[str, Any]) -> str:
    return "".join(
        f"<{name}>{escape(str(value))}</{name}>" if value not in (None, "") else f"<{name}/>"
        for name, value in members.items()
    )
