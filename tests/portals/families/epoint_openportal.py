"""epoint-openportal: JSON as text under a form's content type, pages from 0."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

from tests.portals.exchange import FORM, Request, Response, json_response
from tests.portals.records import (
    DOMAIN,
    FREQUENCY,
    INDUSTRY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PROVIDER,
)

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.portals.records import Record
    from tests.portals.site import Site, Window

ROOT = "/extranet/rest/"
FILES = ("json", "xml", "csv", "xls", "xlsx", "rdf")
TAGS = {"api": "接口", "file": "其他"}


class EpointOpenportal(JsonPortal):
    """One site. `service` and `key` are the names of its service and of its list."""

    ASKED = "form"
    PAGE, FIRST, DEFAULT = "currentPage", 0, 15
    ID = "rowGuid"

    def __init__(self, site: Site, *, service: str = "dataOpen", key: str = "resultList") -> None:
        super().__init__(site)
        self._key = key
        self.LIST = ("POST", f"{ROOT}{service}/getResourceList")  # type: ignore[misc]
        self.DETAIL = ("POST", f"{ROOT}{service}/getResourceDetail")  # type: ignore[misc]
        self._services = f"{ROOT}{service}/getServiceList"

    def answer(self, request: Request) -> Response | None:
        """Answer one request; none of the stored records is an interface by itself."""
        if request.path == self._services:
            return json_response(_answer({"total": "0", "serviceList": []}))
        return super().answer(request)

    def asked(self, request: Request) -> Mapping[str, Any]:
        """Return the parameters of the JSON text that a form's body is."""
        if request.content_type != FORM:
            return {}
        try:
            asked = json.loads(unquote_plus(request.body.decode())).get("params", {})
        except (ValueError, AttributeError):
            return {}
        return asked if isinstance(asked, dict) else {}

    def find(self, request: Request) -> Record | None:
        """Return the record that a detail is asked for."""
        return self._site.find(str(self.asked(request).get(self.ID, "")))

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        return _answer({"total": str(window.total), self._key: rows})

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return _answer(detail)

    def missing(self) -> Any:
        """Answer for a record that is not there."""
        return {"status": {"code": "300", "text": "资源不存在"}, "custom": {}}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {
            "rowGuid": record.id,
            "resourcesName": record.title,
            "openresdataCount": record.number("rows", 9_000),
            "tag": [{"name": TAGS.get(word, word.upper())} for word in record.formats],
        }

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        download = f"{ROOT}dataOpen/download?type={{}}&rowGuid={record.id}"
        files = {
            f"{word}Url": download.format(word) if word in record.formats else "" for word in FILES
        }
        return {
            "rowGuid": record.id,
            "resourcesName": record.title,
            "resourceDetail": record.text(NOTES),
            "resourceSubject": record.text(DOMAIN),
            "belongIndustry": record.text(INDUSTRY),
            "provideDepartName": record.text(PROVIDER),
            "openCondition": record.text(OPENNESS),
            "resourceUsage": record.text(("应用场景",)),
            "updateFrequency": record.text(FREQUENCY),
            "registDate": record.text(ISSUED),
            "updateDate": record.text(MODIFIED),
            "editionNum": record.text(("版本号",)),
            "visitCnt": record.number("visits", 2_000),
            "downloadCnt": record.number("downloads", 200),
            **files,
        }


def _answer(custom: dict[str, Any]) -> dict[str, Any]:
    return {"status": {"code": "200", "text": ""}, "custom": custom}
