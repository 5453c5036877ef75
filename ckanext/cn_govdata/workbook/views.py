"""Pages below `/cn-govdata/workbook/`: template, export, import with a check beforehand."""

# ruff: noqa: ANN401 - views return what Flask takes

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan.lib.search import SearchError, SearchQueryError
from flask import Blueprint, Response, request, send_file, stream_with_context

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.text.csv_cells import BYTE_ORDER_MARK, csv_text
from ckanext.cn_govdata.workbook import background, export, query, uploads
from ckanext.cn_govdata.workbook.guard import MAX_BYTES, MAX_ROWS
from ckanext.cn_govdata.workbook.result import Result

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["workbook"]

workbook = Blueprint("cn_govdata_workbook", __name__, url_prefix="/cn-govdata/workbook")


@workbook.before_request
def keep_private() -> None:
    """Have CKAN tell caches that these files are for one reader: they may hold private datasets."""
    request.environ["__no_cache__"] = True


_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHOWN_PROBLEMS = 200
_SHOWN_ORGANIZATIONS = 50
_KINDS = "<any(xlsx, csv):kind>"


@workbook.route("/")
def index() -> Any:
    """What there is: template, export, and the organisations that the reader may import into."""
    organizations = []
    if tk.g.user:
        organizations = tk.get_action("organization_list_for_user")(
            _context(), {"permission": "create_dataset"}
        )
    variables = {
        "organizations": organizations[:_SHOWN_ORGANIZATIONS],
        "more": len(organizations) > _SHOWN_ORGANIZATIONS,
    }
    return tk.render("cn_govdata/workbook/index.html", variables)


@workbook.route(f"/template.{_KINDS}")
def template(kind: str) -> Any:
    """An empty workbook."""
    return _file(kind, (), "cn-govdata-template")


@workbook.route(f"/export.{_KINDS}")
def export_search(kind: str) -> Any:
    """The datasets of a search, stated as on the search page, as far as the reader may see them."""
    try:
        wanted = query.of(request.args)
        count = wanted.count(_context())
    except (ValueError, SearchError, SearchQueryError, tk.ValidationError):
        return tk.abort(400, tk._("The search is not understood"))
    most = settings.workbook_max_export()
    if count > most:
        reason = tk._("{count} datasets are found; at most {most} are exported. Narrow the search.")
        return tk.abort(400, reason.format(count=count, most=most))
    datasets = export.found(_context(), wanted.words, wanted.filter, wanted.extras)
    return _file(kind, datasets, "cn-govdata-datasets")


@workbook.route("/import/<organization>", methods=["GET", "POST"])
def import_(organization: str) -> Any:
    """The form for a file, and its answer: the page of the upload."""
    if not tk.g.user:
        return tk.h.redirect_to("user.login", came_from=request.full_path)
    try:
        tk.check_access("cn_govdata_workbook_import", _context(), {"organization": organization})
        shown = tk.get_action("organization_show")(
            _context(), {"id": organization, "include_users": False}
        )
    except tk.NotAuthorized as refused:
        return tk.abort(403, str(refused))
    except tk.ObjectNotFound:
        return tk.abort(404, tk._("Organization not found"))
    variables = {
        "organization": shown,
        "errors": [],
        "most_mb": MAX_BYTES // 1_000_000,
        "most_rows": MAX_ROWS,
    }
    if request.method == "POST":
        data = {"organization": shown["id"], "upload": request.files.get("upload"), "dry_run": True}
        try:
            upload = tk.get_action("cn_govdata_workbook_import")(_context(), data)
        except tk.ValidationError as error:
            variables["errors"] = error.error_dict.get("upload", [])
            return tk.render("cn_govdata/workbook/import.html", variables), 400
        return tk.h.redirect_to("cn_govdata_workbook.upload", id=upload["id"])
    return tk.render("cn_govdata/workbook/import.html", variables)


@workbook.route("/upload/<id>", methods=["GET", "POST"])
def upload(id: str) -> Any:  # noqa: A002 - CKAN's name for it
    """How far an upload is and what it came to; POST imports it."""
    shown = _shown(id)
    if request.method == "POST":
        # `partial`: the button for the datasets without errors.
        data = {"id": id, "partial": "partial" in request.form}
        try:
            if "start" in request.form:
                background.perform_again(id)
            else:
                tk.get_action("cn_govdata_workbook_import")(_context(), data)
        except tk.ValidationError as error:
            tk.h.flash_error(" ".join(error.error_dict.get("id", [])))
        return tk.h.redirect_to("cn_govdata_workbook.upload", id=id)
    found = uploads.get(id)
    variables = {
        "upload": shown,
        "running": found.is_running,
        "stuck": found.state == uploads.WAITING and not background.worker_listens(),
        "result": Result.from_dict(shown["result"]) if shown["result"] else None,
        "organization": tk.get_action("organization_show")(
            _context(), {"id": shown["organization"], "include_users": False}
        ),
        "most_problems": _SHOWN_PROBLEMS,
    }
    return tk.render("cn_govdata/workbook/upload.html", variables)


@workbook.route("/upload/<id>/state.json")
def state(id: str) -> Any:  # noqa: A002 - CKAN's name for it
    """How far an upload is."""
    _shown(id)
    found = uploads.get(id)
    return {"state": found.state, "done": found.done, "running": found.is_running}


@workbook.route("/upload/<id>/problems.csv")
def problems(id: str) -> Any:  # noqa: A002 - CKAN's name for it
    """All problems of an upload."""
    shown = _shown(id)
    found = (shown["result"] or {}).get("problems", [])
    names = ("severity", "sheet", "cell", "header", "value", "rule")
    lines = [names, *([problem[name] for name in names] for problem in found)]
    return _download(BYTE_ORDER_MARK + csv_text(lines), "text/csv", "problems.csv")


def _shown(upload_id: str) -> dict[str, Any]:
    try:
        return tk.get_action("cn_govdata_workbook_import_show")(_context(), {"id": upload_id})
    except tk.ObjectNotFound as missing:
        return tk.abort(404, str(missing))
    except tk.NotAuthorized as refused:
        return tk.abort(403, str(refused))


def _context() -> dict[str, Any]:
    return {"user": tk.g.user, "auth_user_obj": tk.g.userobj}


def _file(kind: str, datasets: Iterable[export.Package], name: str) -> Any:
    if kind == "csv":
        # As it comes: no server waits for the last dataset before the first goes out.
        texts = stream_with_context(text.encode() for text in export.csv_texts(datasets))
        return _download(texts, "text/csv", f"{name}.csv")
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / f"{name}.xlsx"
        export.to_file(path, datasets)
        # An open file outlives its name.
        return send_file(
            path.open("rb"), mimetype=_XLSX, as_attachment=True, download_name=path.name
        )


def _download(body: Any, mimetype: str, name: str) -> Response:
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
