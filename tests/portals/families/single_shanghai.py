"""Shanghai: JSON under a form's content type, camelCase lists and snake_case details."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.portals.records import (
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
    from collections.abc import Mapping

    from tests.portals.exchange import Request
    from tests.portals.records import Record
    from tests.portals.site import Window


class SingleShanghai(JsonPortal):
    """The site."""

    LIST = ("POST", "/zq/api/data_set/search/")
    DETAIL = ("GET", "/zq/api/data_set/")

    def asked(self, request: Request) -> Mapping[str, Any]:
        """Return the members of a body that is JSON, whatever it is called."""
        try:
            asked = json.loads(request.body)
        except ValueError:
            return {}
        return asked if isinstance(asked, dict) else {}

    def find(self, request: Request) -> Record | None:
        """Return the record whose id stands in the address."""
        return self._site.find(request.path[len(self.DETAIL[1]) :].strip("/"))

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        page = {"currentPage": window.page, "pageSize": window.size}
        total = {"totalPageNum": window.pages, "totalNum": window.total}
        return {"code": "000000", "message": "success", "data": {**page, **total, "content": rows}}

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return {"code": "000000", "data": detail}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        files = [
            {"resId": f"gov_resource/{record.id}.{word}", "resName": f"{record.title}.{word}"}
            for word in record.formats[:1]
        ]
        return {
            "datasetId": record.id,
            "datasetName": record.title,
            "updateDate": record.epoch(MODIFIED),
            "dataResources": files,
        }

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        issued, modified = record.moment(ISSUED), record.moment(MODIFIED)
        files = {
            "name": f"{record.title}.{record.formats[0]}" if record.formats else "",
            "path": f"gov_resource/{record.id}",
            "sort": "doc_type",
            "file_type": list(record.formats),
        }
        return {
            "dataset_id": record.id,
            "dataset_name": record.title,
            "open_list_abstract": record.text(NOTES),
            "data_label": record.text(TAGS),
            "data_domain": record.text(("数据领域",)),
            "cou_theme_cls": record.text(("国家主题分类",)),
            "create_date": issued and issued.replace(" ", "T"),
            "update_date": modified and modified.replace(" ", "T"),
            "open_rate": record.text(FREQUENCY),
            "org_name": record.text(PROVIDER),
            "open_type": record.text(OPENNESS),
            "contact_way": record.text(PHONE),
            "docType": [files] if record.formats else [],
        }
