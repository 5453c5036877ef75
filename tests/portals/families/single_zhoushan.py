"""Zhoushan: JSON by POST, themes as numbers, days as milliseconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.exchange import whole
from tests.portals.records import COUNT, ISSUED, MODIFIED, NOTES, PROVIDER

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Window

# The national list of 22 fields, in its order.
DOMAINS = [
    "信用服务",
    "医疗卫生",
    "社保就业",
    "公共安全",
    "城建住房",
    "交通运输",
    "教育文化",
    "科技创新",
    "资源能源",
    "生态环境",
    "工业农业",
    "商贸流通",
    "财税金融",
    "安全生产",
    "市场监督",
    "社会救助",
    "法律服务",
    "生活服务",
    "气象服务",
    "地理空间",
    "机构团体",
]


class SingleZhoushan(JsonPortal):
    """The site."""

    LIST = ("POST", "/catalog/dataOpen/otherPage")
    DETAIL = ("POST", "/catalog/dataOpen/selectOne")
    PAGE = "pageNo"
    CODED: ClassVar = {
        "domain": {**{name: str(n) for n, name in enumerate(DOMAINS, 1)}, "其他": "99"}
    }

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        page = {"current": window.page, "size": window.size, "total": window.total}
        return {"code": 200, "data": {**page, "pages": window.pages, "records": rows}}

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return {"code": 200, "data": detail}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        themes = (self.CODED["domain"].get(word) for word in record.words(("数据领域",)))
        return {
            "id": whole(record.id, 0),
            "resName": record.title,
            "resSummary": record.text(NOTES),
            "datadomain": ",".join(theme for theme in themes if theme),
            "idPocName": record.text(PROVIDER),
            "releaseDate": record.epoch(ISSUED),
            "updateDate": record.epoch(MODIFIED),
            "isopen": None,
        }

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        return {
            **self.row(record),
            "dataCount": record.whole(COUNT),
            "resFormatName": record.text(("资源格式",)),
            "createDate": record.epoch(ISSUED),
        }
