"""Neijiang: JSON by POST, the page in body and address, days as milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.portals.exchange import whole
from tests.portals.records import (
    COUNT,
    EMAIL,
    FREQUENCY,
    INDUSTRY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PHONE,
    PROVIDER,
)

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Window


class SingleNeijiang(JsonPortal):
    """The site."""

    LIST = ("POST", "/api/openPortal/resourceCatalog/pageList")
    DETAIL = ("POST", "/api/openPortal/resourceCatalog/getById")
    ASKED = "query"
    PAGE, SIZE = "page", "size"

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        total = {"totalPages": window.pages, "totalElements": window.total}
        return {"code": 200, "data": {**total, "content": rows}}

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return {"code": 200, "data": detail}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {"id": whole(record.id, 0), "catalogName": record.title}

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        return {
            **self.row(record),
            "departmentName": record.text(PROVIDER),
            "topicNameList": record.words(("主题",)),
            "createdDate": record.epoch(ISSUED),
            "lastUpdatedDate": record.epoch(MODIFIED),
            "openTypeValue": record.text(OPENNESS),
            "dataNum": record.whole(COUNT),
            "industryName": record.text(INDUSTRY),
            "accessFrequency": record.text(FREQUENCY),
            "departPhone": record.text(PHONE) or None,
            "departEmail": record.text(EMAIL) or None,
            "resourceFormatValue": record.text(("资源格式",)),
            "catalogDesc": record.text(NOTES) or None,
        }
