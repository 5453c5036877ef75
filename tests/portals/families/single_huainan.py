"""Huainan: plain JSON by GET."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.records import MODIFIED, OPENNESS, PROVIDER

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Window

KINDS = {"api": "接口", "table": "数据", "file": "文件"}


class SingleHuainan(JsonPortal):
    """The site. Its openness stands as 无条件 or 有条件; a harvest wrote 开发 for 开放 behind it."""

    LIST = ("GET", "/odssite/govData/getGovDataList")
    DETAIL = ("GET", "/odssite/govData/getGovDataById")
    ASKED = "query"
    PAGE, SIZE = "page", "size"
    ID = "dataId"
    CODED: ClassVar = {
        "open_attribute": {
            "无条件开发": "无条件",
            "有条件开发": "有条件",
            "无条件开放": "无条件",
            "有条件开放": "有条件",
        }
    }

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        return {"code": 0, "total": window.total, "rows": rows}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        return {"dataId": record.id, "dataName": record.title}

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        kind = record.text(("数据类型",))
        return {
            **self.row(record),
            "dataDomainName": record.text(("数据领域",)),
            "dataTypeName": KINDS.get(kind, kind),
            "createTime": record.moment(("创建时间",)),
            "pubTime": record.moment(("发布时间",)),
            "modifyTime": record.moment(MODIFIED),
            "themeName": record.text(("主题分类",)),
            "openAttrName": self.code(record, "open_attribute", OPENNESS),
            "pubDeptName": record.text(PROVIDER),
        }
