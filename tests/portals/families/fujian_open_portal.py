"""fujian-open-portal: one host for a province and its cities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.exchange import Request, Response, json_response
from tests.portals.records import (
    COUNT,
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
)

from .inspur_html import columns
from .json_portal import JsonPortal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.portals.records import Record
    from tests.portals.site import Window

ROOT = "/datadevelop/prod-api/open-portal/catalog/"


class FujianOpenPortal(JsonPortal):
    """The host. Records say by their `division` to which city they belong."""

    LIST = ("GET", ROOT + "list")
    DETAIL = ("GET", ROOT + "getCataInfo")
    ASKED = "query"
    ID = "cataId"
    CODED: ClassVar = {"open_attribute": {"无条件开放": "1", "有条件开放": "0", "依申请开放": "0"}}

    def answer(self, request: Request) -> Response | None:
        """Answer one request."""
        if request.path == ROOT + "getCataItem":
            record = self.find(request)
            items = [
                {"nameEn": english, "nameCn": chinese}
                for english, chinese in (columns(record) if record else [])
            ]
            return json_response({"code": 200, "data": items})
        return super().answer(request)

    def listed(self, asked: Mapping[str, Any]) -> Sequence[Record]:
        """Return the records of the city that is asked for."""
        city = str(asked.get("cityCode") or "")[:6]
        if asked.get("type") != "2" or not city:
            return self._site.records
        return self._site.of_division(city)

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        data = {"total": window.total, "rows": rows}
        return {"code": 200, "msg": "操作成功", "data": data}

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return {"code": 200, "msg": "操作成功", "data": detail}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {
            "catalogID": record.id,
            "catalogName": record.title,
            "catalogDes": record.text(NOTES),
            "orgName": record.text(PROVIDER),
            "themeName": record.text(DOMAIN),
            "openType": self.code(record, "open_attribute", OPENNESS),
            "dataUpdateTime": record.moment(MODIFIED),
            "updateTime": record.moment(MODIFIED),
            "releasedTime": record.moment(ISSUED),
            "updateCycle": record.text(FREQUENCY),
        }

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        return {
            **self.row(record),
            "industryName": record.text(INDUSTRY),
            "dataVol": record.text(COUNT),
            "organPhone": record.text(PHONE),
            "organEmail": record.text(EMAIL),
            "tags": record.text(TAGS),
        }
