"""Huai'an: JSON by GET, six members a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.portals.records import FREQUENCY, ISSUED, MODIFIED, OPENNESS, PROVIDER

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Window


class SingleHuaian(JsonPortal):
    """The site."""

    LIST = ("GET", "/api/catalog")
    DETAIL = ("GET", "/api/catalog/catalogDetail")
    ASKED = "query"
    ID = "catalogId"

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        return {"code": 200, "data": {"total": window.total, "data": rows}}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {"id": record.id, "catalogName": record.title}

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        return {
            "id": record.id,
            "catalogName": record.title,
            "openCondition": record.text(OPENNESS) or None,
            "dataUpdateTime": record.moment(MODIFIED),
            "dataUpdatePeriod": record.text(FREQUENCY),
            "publishTime": record.moment(ISSUED),
            "orgName": record.text(PROVIDER),
        }
