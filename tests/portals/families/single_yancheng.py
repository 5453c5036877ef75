"""Yancheng: nearly everything stands in the list; the search is JSON in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.records import FREQUENCY, INDUSTRY, ISSUED, NOTES, OPENNESS, PROVIDER, TAGS

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.exchange import Request, Response
    from tests.portals.records import Record
    from tests.portals.site import Window

GATEWAY = "/ump_gateway/open/"
PUBLISHED = tuple(label for label in ISSUED if not label.startswith("创建"))
FLAGS = {"isJson": "json", "isExcel": "excel", "isCsv": "csv"}


class SingleYancheng(JsonPortal):
    """The site; its gateway answers beside the pages and below them."""

    LIST = ("GET", GATEWAY + "data_service/listPageCatalogVo")
    ASKED = "query"
    PAGE = "pageNumber"
    ID = "catalogId"
    CODED: ClassVar = {
        "open_attribute": {"无条件开放": "无条件开放", "有条件开放": "有条件开放"},
        "formats": {word: name for name, word in FLAGS.items()},
    }

    def answer(self, request: Request) -> Response | None:
        """Answer one request."""
        path = request.path.removeprefix("/opendata")
        if request.method != "GET":
            return None
        if path == self.LIST[1]:
            return self._list(request)
        return self._detail(request) if path.endswith("/dataSetDetailById") else None

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        pager = {
            "pageNumber": window.page,
            "pageSize": window.size,
            "pageCount": window.pages,
            "recordCount": window.total,
        }
        return {"resultCode": "0", "resultData": {"pager": pager, "list": rows}}

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return {"resultCode": "0", "resultData": detail}

    def missing(self) -> Any:
        """Answer for a record that is not there."""
        return {"resultCode": "1", "resultData": None}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        flags = {name: int(word in record.formats) for name, word in FLAGS.items()}
        return {
            "catalogPk": record.id,
            "catalogName": record.title,
            "catalogAbstract": record.text(NOTES),
            "catalogKeywords": record.text(TAGS),
            "deptName": record.text(PROVIDER),
            "createTime": record.moment(("创建日期",)),
            "publishTime": record.moment(PUBLISHED),
            "shareType": record.text(("开放类型",)),
            **flags,
            "viewCount": record.number("views", 900),
            "downloadCount": record.number("downloads", 90),
            "dataCount": record.number("rows", 9_000),
        }

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        return {
            **self.row(record),
            "openCondition": record.text(OPENNESS),
            "updateCycle": record.text(FREQUENCY),
            "openType": "1" if record.text(OPENNESS) else None,
            "industryName": record.text(INDUSTRY),
            "subjectName": record.text(("领域分类",)),
        }
