"""Pages and answers for those who run the harvests: status, progress, errors as CSV, metrics."""

# ruff: noqa: ANN401 - what a view may return

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckanext.harvest.model import HarvestJob
from flask import Blueprint, Response, request, stream_with_context

from ckanext.cn_govdata.harvest import metrics, status
from ckanext.cn_govdata.store import errors
from ckanext.cn_govdata.text.csv_cells import BYTE_ORDER_MARK, csv_text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["blueprint"]

_NAME = "cn_govdata_harvest"
_ROWS = 500  # a piece of a CSV file

blueprint = Blueprint(_NAME, __name__, url_prefix="/cn-govdata")


@blueprint.before_request
def keep_private() -> None:
    """Have CKAN tell caches that these answers are for one reader."""
    request.environ["__no_cache__"] = True


@blueprint.route("/harvest")
@blueprint.route("/harvest.json", endpoint="overview_json", defaults={"as_json": True})
def overview(*, as_json: bool = False) -> Any:
    """How all harvests stand."""
    try:
        shown = tk.get_action("cn_govdata_harvest_status")(_context(), {})
    except tk.NotAuthorized:
        return tk.abort(403, tk._("Only system administrators may see this page"))
    if as_json:
        return shown
    outcomes: dict[str, int] = {}
    for row in shown["sources"]:
        word = "failed" if row["counters"].get("error") else row["outcome"]
        row["word"] = word
        outcomes[word] = outcomes.get(word, 0) + 1
    return tk.render("cn_govdata/harvest/overview.html", {"shown": shown, "outcomes": outcomes})


@blueprint.route("/harvest/job/<id>/progress.json")
def progress(id: str) -> Any:  # noqa: A002 - CKAN's name for it
    """How far a job is; the state `ended` when it is over."""
    _check(id)
    return status.of_job(id) or {"state": "ended"}


@blueprint.route("/harvest/job/<id>/errors.csv")
def errors_csv(id: str) -> Any:  # noqa: A002 - CKAN's name for it
    """All records that a job refused."""
    _check(id)
    response = Response(stream_with_context(_csv(id)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="errors-{id}.csv"'
    return response


@blueprint.route("/metrics")
def metrics_text() -> Any:
    """The numbers of the harvests, for a monitor."""
    by_token = metrics.may_read(request.headers.get("Authorization", ""))
    if not by_token and not tk.h.check_access("sysadmin"):
        words = "This takes the token of the setting metrics.token or of a system administrator\n"
        response = Response(words, 401, mimetype="text/plain")
        response.headers["WWW-Authenticate"] = 'Bearer realm="metrics"'
        return response
    return Response(metrics.text(), content_type=metrics.CONTENT_TYPE)


def _csv(job_id: str) -> Iterator[bytes]:
    yield (BYTE_ORDER_MARK + csv_text([errors.COLUMNS])).encode()
    piece: list[list[str]] = []
    for row in errors.rows(job_id):
        piece.append([row[name] for name in errors.COLUMNS])
        if len(piece) >= _ROWS:
            yield csv_text(piece).encode()
            piece = []
    yield csv_text(piece).encode()


def _check(job_id: str) -> None:
    """Ends with 404 or 403 unless the reader may see the job's page."""
    # System administrators pass without a look at the job.
    if HarvestJob.get(job_id) is None:
        tk.abort(404, tk._("Harvest job not found"))
    try:
        tk.check_access("harvest_job_show", _context(), {"id": job_id})
    except tk.NotAuthorized:
        tk.abort(403, tk._("You may not see this job"))


def _context() -> dict[str, Any]:
    return {"user": tk.g.user, "auth_user_obj": tk.g.userobj}
