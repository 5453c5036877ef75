"""The page of a dataset that another portal owns now leads to the owner's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema.provenance import owner_of

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

_PAGE = "dataset.read"
_MOVED = 301


def register(app: Flask) -> None:
    """Answer before the page does, which would say that there is no such dataset."""
    app.before_request(to_owner)


def to_owner() -> Response | None:
    """Redirect from a deleted dataset that has an owner; None for all other requests."""
    request = tk.request
    if request.endpoint != _PAGE or request.method not in ("GET", "HEAD"):
        return None
    owner = owner_of((request.view_args or {}).get("id", ""))
    if owner is None:
        return None
    response: Response = tk.redirect_to(_PAGE, id=owner)
    response.status_code = _MOVED
    return response
