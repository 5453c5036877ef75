"""What portals have in common that answer JSON: one list, and one look-up by id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.exchange import Request, Response, html_page, json_response, whole
from tests.portals.records import Watched

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.portals.records import Record
    from tests.portals.site import Site, Window


class JsonPortal:
    """One site. A family names its addresses and says how a row and a detail look.

    The list's page is read from where `ASKED` says: a form, JSON, or the address. Asked in another
    way, the list is page 1 in its default size. `CODED` are the family's documented codes by word.
    What a record holds beyond the members of the family stands in the detail under its own label.
    """

    LIST: ClassVar[tuple[str, str]]
    DETAIL: ClassVar[tuple[str, str]]
    ASKED: ClassVar[str] = "json"
    PAGE: ClassVar[str] = "pageNum"
    SIZE: ClassVar[str] = "pageSize"
    FIRST: ClassVar[int] = 1
    DEFAULT: ClassVar[int] = 10
    ID: ClassVar[str] = "id"
    FRONT: ClassVar[str] = "/"
    CODED: ClassVar[Mapping[str, Mapping[str, Any]]] = {}

    def __init__(self, site: Site) -> None:
        self._site = site

    def answer(self, request: Request) -> Response | None:
        """Answer one request."""
        if (request.method, request.path) == self.LIST:
            return self._list(request)
        if request.method == self.DETAIL[0] and request.path.startswith(self.DETAIL[1]):
            return self._detail(request)
        return html_page("数据开放平台", '<div id="app"></div>') if request.path == "/" else None

    def _list(self, request: Request) -> Response:
        asked = self.asked(request)
        size = whole(asked.get(self.SIZE), self.DEFAULT)
        page = max(1, whole(asked.get(self.PAGE), self.FIRST) - self.FIRST + 1)
        window = self._site.window(page, size, default=self.DEFAULT, records=self.listed(asked))
        rows = [self._site.rendered(record, "row", self.row) for record in window.rows]
        return json_response(self.envelope(window, rows))

    def _detail(self, request: Request) -> Response:
        record = self.find(request)
        if record is None:
            return json_response(self.missing())
        return json_response(self.found(self._site.rendered(record, "detail", self._whole)))

    def _whole(self, record: Record) -> dict[str, Any]:
        watched = Watched.of(record)
        self.row(watched)
        return {**self.detail(watched), **watched.rest()}

    def asked(self, request: Request) -> Mapping[str, Any]:
        """Return the members of a request for a page."""
        sent = {"json": request.json, "form": request.form, "query": request.query}[self.ASKED]
        return sent if isinstance(sent, dict) else {}

    def listed(self, asked: Mapping[str, Any]) -> Sequence[Record]:
        """Return the records of the list that is asked for."""
        return self._site.records

    def find(self, request: Request) -> Record | None:
        """Return the record that a detail is asked for."""
        asked = {**request.query, **request.form, **request.json}
        return self._site.find(str(asked.get(self.ID, "")))

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Put the rows of a page into the family's answer."""
        raise NotImplementedError

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        raise NotImplementedError

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself."""
        raise NotImplementedError

    def found(self, detail: dict[str, Any]) -> Any:
        """Put a detail into the family's answer."""
        return {"code": 200, "msg": "success", "data": detail}

    def missing(self) -> Any:
        """Answer for a record that is not there."""
        return {"code": 500, "msg": "数据不存在", "data": None}

    def code(self, record: Record, field: str, labels: tuple[str, ...]) -> Any:
        """Return the family's code of a cell's word, None for a word without one."""
        return self.CODED[field].get(record.text(labels))
