"""Pages of the registry of portals, and what administrators do there. JSON stands beside each page.

JSON is given for `.json` after the address and to clients that prefer it (`Accept`).
"""

# ruff: noqa: ANN401 - what a view may return

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from flask import Blueprint, Response, current_app, g, redirect, request

from ckanext.cn_govdata.harvest import jobs, preview, registered, sources
from ckanext.cn_govdata.portals import registry, search
from ckanext.cn_govdata.portals.source import ConfigError
from ckanext.cn_govdata.standards import divisions

__all__ = ["blueprint"]

_NAME = "cn_govdata_portals"
_JSON = ".json"
_FILTERS = ("q", "division", "level", "family", "state")

blueprint = Blueprint(_NAME, __name__, url_prefix="/cn-govdata")


@blueprint.before_request
def protect() -> None:
    """Ask every form for its token: CKAN 2.11 leaves the pages of extensions out.

    What a user sees is for no cache: system administrators see more.
    """
    if tk.current_user.is_authenticated:
        request.environ["__no_cache__"] = True
    if current_app.config["WTF_CSRF_ENABLED"] and not g.get("login_via_auth_header"):
        current_app.extensions["csrf"].protect()


@blueprint.route("/federation")
@blueprint.route("/portals/")
def moved() -> Any:
    """Lead to the page of the portals."""
    return redirect(tk.h.url_for(f"{_NAME}.index"))


@blueprint.route("/portals")
@blueprint.route("/portals.json", endpoint="index_json", defaults={"as_json": True})
def index(*, as_json: bool = False) -> Any:
    """The registry with search, health and coverage."""
    data = {name: request.args.get(name, "").strip() for name in _FILTERS}
    data["page"] = request.args.get("page", "1")
    try:
        shown = tk.get_action("cn_govdata_portal_list")({}, data)
        problem = ""
    except tk.ValidationError as error:
        if as_json or _prefers_json():
            return _json(error.error_dict, 400)
        problem = "; ".join(f"{text}" for texts in error.error_summary.values() for text in [texts])
        shown = tk.get_action("cn_govdata_portal_list")({}, {})
    variables = {
        "found": shown,
        "asked": data,
        "problem": problem,
        "families": search.known_families(),
        "levels": shown["coverage"]["levels"],
        "states": search.STATES,
        "is_sysadmin": _is_sysadmin(),
    }
    return _answer("index", variables, shown, as_json=as_json)


@blueprint.route("/portals/<portal_id>")
def portal(portal_id: str) -> Any:
    """One portal; the code of a division without one leads to where it is harvested."""
    bare = portal_id.removesuffix(_JSON)
    if registry.get(bare) is None:
        return _elsewhere(bare, portal_id[len(bare) :])
    shown = tk.get_action("cn_govdata_portal_show")({}, {"id": bare})
    variables = {"portal": shown, "is_sysadmin": _is_sysadmin()}
    return _answer("portal", variables, shown, as_json=bare != portal_id)


@blueprint.route("/portals/<portal_id>/source", methods=["POST"])
def create_source(portal_id: str) -> Any:
    """Make the harvest source of a portal."""
    if not _is_sysadmin():
        return tk.abort(403, tk._("Only system administrators may create sources here"))
    found = registry.get(portal_id)
    if found is None:
        return tk.abort(404, tk._("The registry has no such portal"))
    [planned] = registered.plan([found])
    registered.carry_out([planned])
    if planned.status == registered.CREATED:
        tk.h.flash_success(tk._("The harvest source was created"))
    else:
        tk.h.flash_notice(tk._("No source was created: {status}").format(status=planned.status))
    return redirect(tk.h.url_for(f"{_NAME}.portal", portal_id=portal_id))


@blueprint.route("/harvest-preview", methods=["POST"])
def preview_form() -> Any:
    """Read the first records of what a source form holds; nothing is written."""
    source_id = request.form.get("id", "")
    name, data = "harvest_source_create", {}
    if source_id:
        name, data = "harvest_source_update", {"id": source_id}
    try:
        tk.check_access(name, {"user": tk.current_user.name}, data)
    except (tk.NotAuthorized, tk.ObjectNotFound):
        return tk.abort(403, tk._("You may not preview this source"))
    url, found, problem = request.form.get("url", ""), None, ""
    try:
        config = _config()
        if source_id and "config" not in request.form:
            row = jobs.find_source(source_id)
            url, config = row.url, sources.config_of(row)
        found = preview.for_page(config, url)
    except tk.ObjectNotFound as error:
        return tk.abort(404, str(error))
    except ValueError as error:  # ConfigError included
        problem = str(error)
    variables = {"found": found, "problem": problem, "url": url}
    return Response(tk.render("cn_govdata/portals/preview.html", variables))


def _config() -> dict[str, Any]:
    text = request.form.get("config") or "{}"
    try:
        config = json.loads(text)
    except ValueError as error:
        raise ConfigError(tk._("The configuration is not JSON: {0}").format(error)) from error
    if not isinstance(config, dict):
        raise ConfigError(tk._("The configuration is not JSON: {0}").format(text[:40]))
    return config


def _elsewhere(code: str, suffix: str) -> Any:
    rows = registry.publishing(code)
    if rows:
        return redirect(tk.h.url_for(f"{_NAME}.portal", portal_id=rows[0].portal_id + suffix))
    if divisions.get(code):
        return tk.abort(404, tk._("The registry has no portal of this division"))
    return tk.abort(404, tk._("The registry has no such portal"))


def _is_sysadmin() -> bool:
    return bool(tk.h.check_access("sysadmin"))


def _answer(template: str, variables: dict[str, Any], data: Any, *, as_json: bool) -> Response:
    if as_json or _prefers_json():
        return _json(data)
    response = Response(tk.render(f"cn_govdata/portals/{template}.html", variables))
    response.vary.add("Accept")
    return response


def _json(data: Any, status: int = 200) -> Response:
    body = json.dumps(data, ensure_ascii=False)
    response = Response(body, status, mimetype="application/json")
    response.vary.add("Accept")
    return response


def _prefers_json() -> bool:
    offered = ["text/html", "application/json"]
    return request.accept_mimetypes.best_match(offered) == "application/json"
