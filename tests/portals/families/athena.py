"""athena: lists by POST of JSON, details by GET; interfaces have a list of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.exchange import Request, Response, json_response, whole
from tests.portals.records import (
    COUNT,
    DOMAIN,
    FREQUENCY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PHONE,
    PROVIDER,
    TAGS,
)

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Window

SERVICES = "/athena/interface/getInterfaceDataByPage"


class Athena(JsonPortal):
    """One site."""

    LIST = ("POST", "/athena/catalog/page")
    DETAIL = ("GET", "/athena/catalog/getDetails")
    ID = "dataId"
    CODED: ClassVar = {
        "frequency": {
            "每日": 1,
            "每周": 2,
            "每月": 3,
            "每季度": 4,
            "每半年": 5,
            "每年": 6,
            "不定期": 7,
            "不更新": 8,
            "分钟级": 9,
            "小时级": 10,
        }
    }

    def answer(self, request: Request) -> Response | None:
        """Answer one request; none of the stored records is an interface by itself."""
        if (request.method, request.path) == ("POST", SERVICES):
            return json_response({"code": 200, "data": {"total": 0, "list": []}})
        return super().answer(request)

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        return {"code": 200, "msg": "success", "data": {"total": window.total, "rows": rows}}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {
            "iid": whole(record.id, 0),
            "title": record.title,
            "content": record.text(NOTES),
            "deptName": record.text(PROVIDER),
            "domainStr": record.text(DOMAIN),
            "keywords": record.text(TAGS) or None,
            "createDate": record.text(ISSUED),
            "modifyDate": record.text(MODIFIED),
            "dataUpdateDate": record.text(MODIFIED),
            "visitCount": record.number("visits", 900),
            "useCount": record.number("uses", 90),
        }

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        count, openness = record.whole(COUNT), record.text(OPENNESS)
        return {
            **self.row(record),
            "openCond": openness,
            "openCondition": openness,
            "dataCount": count,
            "dataSize": count,
            "deptContact": record.text(PHONE),
            "updateFreq": self.code(record, "frequency", FREQUENCY),
            "interfaceId": None,
            "invokes": 0,
            "downloadDataInfo": {
                "themeName": record.text(DOMAIN),
                "openCondition": openness,
                "dataType": ",".join(record.formats),
            },
        }
