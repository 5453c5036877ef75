"""guizhou-search: one JSON host for a province and its sub-sites, told apart by division."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.exchange import (
    JSON,
    Request,
    Response,
    html_page,
    json_response,
    whole,
)
from tests.portals.records import (
    DOMAIN,
    FREQUENCY,
    INDUSTRY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PROVIDER,
    Watched,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.portals.records import Record
    from tests.portals.site import Site

API = "/api/search/data/"
LISTS = frozenset({"getDataDirectoryListByParams", "getDataListByParams"})
PAGE_SIZE = 12
FREQUENCIES = {
    "每年": 0,
    "每季度": 1,
    "每月": 2,
    "每周": 3,
    "每天": 4,
    "实时": 5,
    "每半年": 6,
    "其他": 7,
    "不定期": 8,
    "归档不更新": 9,
}


class GuizhouSearch:
    """The host. Records say by their `division` to which sub-site they belong."""

    CODED: ClassVar = {
        "frequency": FREQUENCIES,
        "open_attribute": {"无条件开放": 0, "有条件开放": 1},
    }

    def __init__(self, site: Site) -> None:
        self._site = site

    def answer(self, request: Request) -> Response | None:
        """Answer one request: two addresses by POST, and the pages people look at."""
        if not request.path.startswith(API):
            is_page = "/open-data/" in request.path or request.path.endswith("/home")
            return html_page("贵州省政府数据开放平台", '<div id="app"></div>') if is_page else None
        name = request.path[len(API) :]
        if name not in LISTS and name != "getDataDetailByDataId":
            return None
        if request.method != "POST":
            message = f"Request method '{request.method}' not supported"
            return json_response({"code": 405, "msg": message}, 405)
        return self._list(request) if name in LISTS else self._detail(request.json)

    def _list(self, request: Request) -> Response:
        """Answer a page; a body that is not JSON counts as no body: page 1, nothing filtered."""
        asked = request.json if request.content_type == JSON else {}
        division = asked.get("divisionId")
        whole_site = self._site.records
        records = _filtered(
            self._site.of_division(str(division)) if division else whole_site, asked
        )
        size = whole(asked.get("pageSize"), PAGE_SIZE)
        page = max(1, whole(asked.get("pageIndex"), 1))
        window = self._site.window(page, size, default=PAGE_SIZE, records=records)
        rows = [self._site.rendered(row, "row", _row) for row in window.rows]
        return json_response({"code": 200, "msg": "success", "total": window.total, "data": rows})

    def _detail(self, asked: dict[str, Any]) -> Response:
        record = self._site.find(str(asked.get("id", "")))
        if record is None:
            return json_response({"code": 500, "msg": "数据不存在", "data": None})
        data = self._site.rendered(record, "detail", _detail)
        return json_response({"code": 200, "msg": "success", "data": data})


def _filtered(records: Sequence[Record], asked: dict[str, Any]) -> Sequence[Record]:
    if asked.get("openAttribute") not in (None, ""):
        conditional = str(asked["openAttribute"]) == "1"
        records = [record for record in records if record.conditional == conditional]
    for words, value in (("searchText", "title"), ("resourceFormats", "formats")):
        wanted = asked.get(words) or []
        if wanted:
            records = [
                record
                for record in records
                if any(word in getattr(record, value) for word in wanted)
            ]
    return records


def _detail(record: Record) -> dict[str, Any]:
    watched = Watched.of(record)
    row = _row(watched) | {"dataCapacity": record.number("capacity", 50_000)}
    return {**row, **watched.rest()}


def _row(record: Record) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.title,
        "description": record.text(NOTES) or None,
        "topicName": record.text(DOMAIN),
        "orgName": record.text(PROVIDER),
        "industryName": record.text(INDUSTRY),
        "openAttribute": GuizhouSearch.CODED["open_attribute"].get(record.text(OPENNESS)),
        "frequency": FREQUENCIES.get(record.text(FREQUENCY)),
        "resourceFormats": list(record.formats) or None,
        "createTime": record.epoch(ISSUED),
        "updateTime": record.epoch(MODIFIED),
        "views": record.number("views", 5_000),
        "calls": record.number("calls", 2_000),
        "divisionId": record.division or None,
    }
