"""open-data-web (Hefei): JSON behind a script that sets a cookie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tests.portals.exchange import Request, Response
from tests.portals.records import DOMAIN, FREQUENCY, ISSUED, MODIFIED, NOTES, PROVIDER

from .json_portal import JsonPortal

if TYPE_CHECKING:
    from tests.portals.records import Record
    from tests.portals.site import Site, Window

FIRST_STEP = (
    "<script>document.cookie=('_')+('_')+('j')+('s')+('l')+('_clearance_s=1687229999.1|-1|abc;"
    "max-age=3600;path=/');location.href=location.pathname+location.search</script>"
)
SECOND_STEP = (
    '<script>/* ... */;go({"bts":["1687230000.22|0|Zz","pQ%3D"],"chars":'
    '"abcdefghijklmnopqrstuvwxyz","ct":"d41d8cd98f00b204e9800998ecf8427e","ha":"md5",'
    '"tn":"__jsl_clearance_s","vt":"3600","wt":"1500"})</script>'
)


class OpenDataWeb(JsonPortal):
    """One site; `guarded`, it answers with its two scripts until their cookie is there."""

    LIST = ("GET", "/open-data-web/kfzy/queryKfZyPage.do")
    DETAIL = ("POST", "/open-data-web/kfzy/getKfzyDetail.do")
    ASKED = "query"
    PAGE = "currentPageNo"
    CODED: ClassVar = {"frequency": {"每年": "6", "每两年": "8"}}

    def __init__(self, site: Site, *, guarded: bool = False) -> None:
        super().__init__(site)
        self._guarded = guarded

    def answer(self, request: Request) -> Response | None:
        """Answer one request, or the guard's script in its place."""
        cookies = request.headers.get("cookie", "")
        if self._guarded and "__jsl_clearance_s=1687230000" not in cookies:
            if "__jsl_clearance_s" in cookies:
                return Response(SECOND_STEP, 521)
            cookie = ("Set-Cookie", "__jsluid_s=replay; Path=/; HttpOnly")
            return Response(FIRST_STEP, 521, headers=(cookie,))
        return super().answer(request)

    def envelope(self, window: Window, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a page."""
        page = {
            "currentPageNo": window.page,
            "pageSize": window.size,
            "totalPageCount": window.pages,
        }
        return {"success": True, "data": {**page, "result": rows}}

    def found(self, detail: dict[str, Any]) -> Any:
        """Answer a detail."""
        return {"success": True, "data": detail}

    def row(self, record: Record) -> dict[str, Any]:
        """Show a record in the list."""
        modified = record.compact(MODIFIED)
        return {
            "id": record.id,
            "zyId": record.hexadecimal("resource"),
            "zy": record.title,
            "zymc": record.text(NOTES),
            "tgdwmc": record.text(PROVIDER),
            "filedName": record.text(DOMAIN),
            "cjsj": record.compact(ISSUED),
            "gxsj": modified,
            "zxtbsj": modified,
            "gxpl": self.code(record, "frequency", FREQUENCY),
            "fjhzm": " ".join(record.formats),
            "fws": record.number("visits", 900),
            "xzs": record.number("downloads", 90),
        }

    def detail(self, record: Record) -> dict[str, Any]:
        """Show a record by itself: the same members, and what the site shows beside them."""
        return self.row(record)
