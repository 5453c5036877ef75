"""Renderers: one class a platform family, written from the documented wire format.

A renderer is made with its site and its own options (path context, labels …) and answers a
request, or None when the family's portals have no such address.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from tests.portals.exchange import Request, Response
    from tests.portals.site import Site

_RENDERERS = {
    "inspur-oportal": "inspur_oportal:InspurOportal",
    "guizhou-search": "guizhou_search:GuizhouSearch",
    "gd-findpage": "gd_findpage:GdFindpage",
    "jdop": "jdop:Jdop",
    "exchangeopengateway": "exchangeopengateway:Exchangeopengateway",
    "athena": "athena:Athena",
    "epoint-openportal": "epoint_openportal:EpointOpenportal",
    "fujian-open-portal": "fujian_open_portal:FujianOpenPortal",
    "hunan-webapp": "hunan_webapp:HunanWebapp",
    "inspur-odweb": "inspur_odweb:InspurOdweb",
    "jiangxi-opendata": "jiangxi_opendata:JiangxiOpendata",
    "open-data-web": "open_data_web:OpenDataWeb",
    "openresource": "openresource:Openresource",
    "portal-dataservice": "portal_dataservice:PortalDataservice",
    "site-label": "site_label:SiteLabel",
    "zs-dataserver": "zs_dataserver:ZsDataserver",
    "single-anhui": "single_anhui:SingleAnhui",
    "single-chuzhou": "single_chuzhou:SingleChuzhou",
    "single-huaian": "single_huaian:SingleHuaian",
    "single-huainan": "single_huainan:SingleHuainan",
    "single-lianyungang": "single_lianyungang:SingleLianyungang",
    "single-neijiang": "single_neijiang:SingleNeijiang",
    "single-shanghai": "single_shanghai:SingleShanghai",
    "single-yancheng": "single_yancheng:SingleYancheng",
    "single-zhoushan": "single_zhoushan:SingleZhoushan",
}


class Renderer(Protocol):
    """Speaks the wire format of one family."""

    def answer(self, request: Request) -> Response | None:
        """Answer as the portal would."""


class RendererType(Protocol):
    """How a renderer is made."""

    def __call__(self, site: Site, **options: Any) -> Renderer:
        """Bind a renderer to the site whose records it shows."""


def families() -> tuple[str, ...]:
    """Return the ids of the families that can be replayed."""
    return tuple(_RENDERERS)


def renderer(family: str) -> RendererType:
    """Return the renderer class of a family; raises KeyError for one that has none."""
    module, _, name = _RENDERERS[family].partition(":")
    loaded: RendererType = getattr(import_module(f"{__name__}.{module}"), name)
    return loaded
