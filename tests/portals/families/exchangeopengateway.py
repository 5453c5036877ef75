"""exchangeopengateway: JSON in, JSON out, fields named by the initials of their Chinese words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.exchange import JSON, Request, Response, html_page, json_response, whole
from tests.portals.records import (
    COUNT,
    FREQUENCY,
    INDUSTRY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PHONE,
    PROVIDER,
    TAGS,
    Watched,
)

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Site

ROOT = "/exchangeopengateway/v1.0"
PAGE_SIZE = 10
CYCLES = {"每日": "01", "每周": "02", "每月": "03", "季度": "04", "年": "05", "半年": "06"}
SERVICE = "03"


class Exchangeopengateway:
    """One site of the family."""

    CODED: ClassVar = {
        "frequency": CYCLES,
        "open_attribute": {"有条件开放": "01", "无条件开放": "02"},
    }

    def __init__(self, site: Site) -> None:
        self._site = site

    def answer(self, request: Request) -> Response | None:
        """Answer one request: the list by POST, details by GET, the shell of the pages."""
        if request.path == f"{ROOT}/mh/sjml/getMlxxList" and request.method == "POST":
            return self._list(request)
        if request.path == f"{ROOT}/mlxx/getSjmlxq":
            record = self._site.find(request.query.get("mlbh", ""))
            if record is None:
                return json_response({"code": "500", "msg": "目录不存在", "data": None})
            data = self._site.rendered(record, "detail", _detail)
            return json_response({"code": "200", "msg": "操作成功", "data": data})
        return html_page("数据开放平台", '<div id="app"></div>') if request.path == "/" else None

    def _list(self, request: Request) -> Response:
        """Answer a page; a body that is not JSON counts as no body."""
        asked = request.json if request.content_type == JSON else {}
        size = whole(asked.get("pageSize"), PAGE_SIZE)
        page = max(1, whole(asked.get("pageNo"), 1))
        records = self._site.records
        if asked.get("zylx") == [SERVICE]:
            records = []  # none of the stored records is an interface by itself
        elif str(asked.get("gxsjPx")) == "2":
            records = self._site.newest_first()
        if asked.get("mlmc"):
            records = [record for record in records if asked["mlmc"] in record.title]
        window = self._site.window(page, size, default=PAGE_SIZE, records=records)
        data = {
            "pageNo": window.page,
            "pageSize": window.size,
            "total": window.total,
            "totalPage": window.pages,
            "rows": [self._site.rendered(row, "row", _row) for row in window.rows],
        }
        return json_response({"code": "200", "msg": "操作成功", "data": data})


def _row(record: Record) -> dict[str, Any]:
    return {
        "mlbh": record.id,
        "mlmc": record.title,
        "mlms": record.text(NOTES),
        "ssbmmc": record.text(PROVIDER),
        "fbsj": record.epoch(ISSUED),
        "xgsj": record.epoch(MODIFIED),
        "gxzq": CYCLES.get(record.text(FREQUENCY)),
        "gxlx": "02",
        "kflx": _openness(record),
        "wjlx": record.formats[0] if record.formats else "",
        "jghxxjls": record.whole(COUNT),
        "kfptLlsl": record.number("visits", 900),
        "kfptSqsl": record.number("applications", 9),
        "wjxxsl": len(record.formats),
        "zylx": "02" if record.formats else "01",
    }


def _detail(record: Record) -> dict[str, Any]:
    record = Watched.of(record)
    _row(record)
    issued, modified = record.epoch(ISSUED), record.epoch(MODIFIED)
    tags = record.cell(TAGS)
    members = {
        "mlbh": record.id,
        "mlmc": record.title,
        "xxzymc": record.title,
        "zyzy": record.text(NOTES),
        "xxzytgf": record.text(PROVIDER),
        "ssztlmmc": record.text(("主题分类",)),
        "ssqtlmmc": record.text(INDUSTRY),
        "sslymc": record.text(("领域名称", "领域")),
        "sshy": record.text(INDUSTRY),
        "kflx": _openness(record),
        "kftj": "需申请" if record.conditional else "无",
        "gxzq": CYCLES.get(record.text(FREQUENCY)),
        "fbrq": issued and str(issued),
        "gxrq": modified and str(modified),
        "sjl": record.whole(COUNT),
        "zygs": "\\".join(record.formats),
        "mlbqmcList": tags if isinstance(tags, list) else [tags] if tags else [],
        "zjhm": record.text(PHONE),
        "sjhm": "",
        "llsl": record.number("visits", 900),
        "sqsl": record.number("applications", 9),
    }
    return {**members, **record.rest()}


def _openness(record: Record) -> str | None:
    return Exchangeopengateway.CODED["open_attribute"].get(record.text(OPENNESS))
