"""jiangxi-opendata: rows and page side by side; withdrawn records have another code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.exchange import Request, Response, json_response
from tests.portals.records import (
    COUNT,
    DOMAIN,
    FREQUENCY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PROVIDER,
)

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Window

ROOT = "/opendata-portal/prod-api/"
SHARED = "402882a75885fd150158860e3d17000"


class JiangxiOpendata(JsonPortal):
    """One site."""

    LIST = ("POST", ROOT + "openData/page")
    DETAIL = ("GET", ROOT + "openData/infoById")
    PAGE = "current"
    ID = "dataId"
    CODED: ClassVar = {
        "open_attribute": {"有条件开放": SHARED + "6"},
        "frequency": {
            "实时": "1",
            "每日": "2",
            "每周": "3",
            "每月": "4",
            "每季度": "5",
            "每半年": "6",
            "每年": "7",
            "其他": "8",
            "长期": "9",
        },
    }

    def answer(self, request: Request) -> Response | None:
        """Answer one request; none of the stored records is an interface by itself."""
        if request.path == ROOT + "apiService/page":
            page = {"current": 1, "pageSize": 10, "pages": 0, "total": 0}
            return json_response({"code": 200, "msg": "操作成功", "data": [], "page": page})
        return super().answer(request)

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        page = {"current": window.page, "pageSize": window.size, "pages": window.pages}
        full = {**page, "total": window.total}
        return {"code": 200, "msg": "操作成功", "data": rows, "page": full}

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return {"code": 200, "msg": "操作成功", "data": detail}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {
            "dataId": record.id,
            "dataName": record.title,
            "resOrgName": record.text(PROVIDER),
            "dataFieldName": record.text(DOMAIN),
            "filesType": ",".join(record.formats) or None,
            "createTime": record.moment(ISSUED),
            "updateTime": record.moment(MODIFIED),
        }

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        word = record.text(OPENNESS)
        return {
            **self.row(record),
            "resRemark": record.text(NOTES),
            "resShareType": self.CODED["open_attribute"].get(word, SHARED + "7" if word else None),
            "openCondition": "无" if word == "无条件开放" else "",
            "dataUpdateTime": record.moment(MODIFIED),
            "dataSize": record.whole(COUNT),
            "resResourceType": "2",
            "resUpdateCycle": self.code(record, "frequency", FREQUENCY),
            "accessNum": record.number("views", 900),
            "downNum": record.number("downloads", 90),
        }
