"""Chuzhou: a Spring page; the detail is looked up by title and holds JSON as text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.exchange import Request, whole
from tests.portals.records import ISSUED, MODIFIED, NOTES, OPENNESS, PHONE, PROVIDER, TAGS

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Window


class SingleChuzhou(JsonPortal):
    """The site."""

    LIST = ("GET", "/data/api/OpenDirectory/select")
    DETAIL = ("GET", "/data/api/OpenDirectory/selectName")
    ASKED = "query"
    PAGE, SIZE, FIRST = "page", "size", 0
    CODED: ClassVar = {"open_attribute": {"无条件开放": "2"}}

    def find(self, request: Request) -> Record | None:
        """Return the first record of the title that is asked for."""
        name = request.query.get("name")
        return next((record for record in self._site.records if record.title == name), None)

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        total = {"totalElements": window.total, "totalPages": window.pages}
        return {**total, "number": window.page - 1, "size": window.size, "content": rows}

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return {"data": detail}

    def missing(self) -> Any:
        """Answer for a title that no record has."""
        return {"data": None}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {
            "id": whole(record.id, 0),
            "name": record.title,
            "companys": {"id": record.number("body", 90), "title": record.text(PROVIDER)},
            "fields": {"id": record.number("field", 20), "title": record.text(("开放主题",))},
            "themes": {"id": record.number("theme", 20), "title": record.text(("开放领域",))},
            "createtime": record.moment(ISSUED),
            "updatetime": record.moment(MODIFIED),
            "sharetype": self.code(record, "open_attribute", OPENNESS),
            "description": record.text(NOTES),
            "keyword": record.text(TAGS),
        }

    def detail(self, record: Record) -> dict[str, Any]:
        """Show what only the detail has."""
        files = [
            {"name": f"{record.title}.{extension}", "url": f"/file/{number}.{extension}"}
            for number, extension in enumerate(record.formats, 1)
        ]
        return {
            "id": whole(record.id, 0),
            "phone": record.text(PHONE),
            "url": json.dumps(files, ensure_ascii=False),
            "fileUrl": "[]",
        }
