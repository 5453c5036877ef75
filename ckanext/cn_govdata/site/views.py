"""Pages under `/cn-govdata/`, each with the same content as JSON beside it.

JSON is given for `.json` after the address and to clients that prefer it (`Accept`).
"""

# ruff: noqa: ANN401 - JSON values of any shape

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, redirect, request

from ckanext.cn_govdata.site import vocabulary
from ckanext.cn_govdata.standards import divisions

__all__ = ["site"]

site = Blueprint("cn_govdata_site", __name__, url_prefix="/cn-govdata")

_JSON = ".json"
_NAME = "cn_govdata_site"


@site.route("/division/")
def nation() -> Any:
    """Lead to the page of the nation, from where all others are reached."""
    return redirect(tk.h.url_for(f"{_NAME}.division", code=divisions.NATION))


@site.route("/division/<code>")
def division(code: str) -> Any:
    """A division; codes of 9 and 12 digits lead to that of their first six."""
    bare = code.removesuffix(_JSON)
    known = divisions.normalise(bare)
    if known is None:
        return tk.abort(404, tk._("No division has this code (GB/T 2260)"))
    if known != bare:
        suffix = code[len(bare) :]
        return redirect(tk.h.url_for(f"{_NAME}.division", code=known + suffix), 301)
    shown = tk.get_action("cn_govdata_division_show")({}, {"code": known})
    return _answer("division", {"division": shown}, shown, as_json=code != bare)


@site.route("/vocabulary/")
@site.route("/vocabulary.json", defaults={"as_json": True})
def vocabularies(*, as_json: bool = False) -> Any:
    """All code lists."""
    found = vocabulary.all_lists()
    return _answer("vocabularies", {"vocabularies": found}, found, as_json=as_json)


@site.route("/vocabulary/<name>")
def vocabulary_list(name: str) -> Any:
    """One code list."""
    bare = name.removesuffix(_JSON)
    try:
        shown = vocabulary.described({}, bare)
    except KeyError:
        return tk.abort(404, tk._("There is no such code list"))
    return _answer("vocabulary", {"vocabulary": shown}, shown, as_json=name != bare)


@site.route("/vocabulary/<name>/<path:key>")
def concept(name: str, key: str) -> Any:
    """One entry of a code list. `key` is its code, with the portal before it in lists of portals."""
    bare = key.removesuffix(_JSON)
    try:
        shown = vocabulary.concept({}, name, bare)
    except KeyError:
        return tk.abort(404, tk._("There is no such code"))
    return _answer("concept", {"concept": shown}, shown, as_json=key != bare)


def _answer(template: str, variables: dict[str, Any], data: Any, *, as_json: bool) -> Response:
    if as_json or _prefers_json():
        body = json.dumps(data, ensure_ascii=False)
        response = Response(body, mimetype="application/json")
    else:
        response = Response(tk.render(f"cn_govdata/site/{template}.html", variables))
    response.vary.add("Accept")
    return response


def _prefers_json() -> bool:
    offered = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(offered) == "application/json"
