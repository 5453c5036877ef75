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
