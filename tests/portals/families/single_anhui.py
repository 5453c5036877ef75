"""Anhui province: forms in, JSON out, compact dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.portals.records import (
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


class SingleAnhui(JsonPortal):
    """The site."""

    LIST = ("POST", "/dataopen-web/data/findByPage")
    DETAIL = ("POST", "/dataopen-web/data/findByRid")
    ASKED = "form"
    ID = "rid"

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        page = {"pageNum": window.page, "pageSize": window.size}
        data = {**page, "pages": window.pages, "total": window.total, "rows": rows}
        return {"code": 200, "data": data}

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return {"code": 200, "data": detail}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {"rid": record.id, "catalogName": record.title}

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        return {
            **self.row(record),
            "publishTime": record.compact(ISSUED),
            "updateTime": record.compact(MODIFIED),
            "providerDept": record.text(PROVIDER),
            "belongFieldName": record.text(DOMAIN),
            "openTypeName": record.text(OPENNESS),
            "summary": record.text(NOTES),
            "updateCycleTxt": record.text(FREQUENCY),
            "formats": [word.upper() for word in record.formats],
        }
