"""Actions of the workbook, for pages and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
from ckan import model

from ckanext.cn_govdata.workbook import background, uploads
from ckanext.cn_govdata.workbook.problems import Refused

if TYPE_CHECKING:
    from ckanext.cn_govdata.workbook.uploads import Upload

__all__ = ["cn_govdata_workbook_import", "cn_govdata_workbook_import_show"]


def cn_govdata_workbook_import(
    context: dict[str, Any], data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Check a reporting workbook and import it into an organisation.

    Everything is checked first. Nothing is written on a dry run, nor when a dataset has an error,
    unless `partial`. With a job worker running the answer comes at once with the state `waiting`;
    ask `cn_govdata_workbook_import_show` for the outcome.

    :param organization: name or id of the owner organisation
    :param upload: the file (.xlsx, .xls or .csv; multipart)
    :param id: instead of both, an upload that a dry run has checked
    :param dry_run: only check; the upload can be imported by its `id` for three days
    :param partial: write the datasets that have no error
    :returns: as `cn_govdata_workbook_import_show`
    """
    if data_dict.get("id"):
        tk.check_access("cn_govdata_workbook_import", context, data_dict)
        upload = uploads.get(data_dict["id"])
        # What is written is written in the name of whoever says so.
        upload.user = context["user"]
    else:
        upload = _received(context, data_dict)
    dry_run, partial = (tk.asbool(data_dict.get(name)) for name in ("dry_run", "partial"))
    if not dry_run:
        _claim(upload)
    background.start(upload, dry_run=dry_run, partial=partial)
    return shown(uploads.get(upload.id))


@tk.side_effect_free
def cn_govdata_workbook_import_show(
    context: dict[str, Any], data_dict: dict[str, Any]
) -> dict[str, Any]:
    """What an uploaded workbook came to.

    :param id: the id that `cn_govdata_workbook_import` gave
    :returns: `state` (waiting, checking, checked, importing, imported, refused with a `reason`,
        failed), `done` datasets so far, and the `result`: numbers of datasets `created`, `updated`,
        `unchanged` and `refused`, whether anything was `written`, and the `problems`, each with
        severity, sheet, cell, header, value and rule
    """
    upload = uploads.get(tk.get_or_bust(data_dict, "id"))
    tk.check_access("cn_govdata_workbook_import_show", context, data_dict)
    return shown(upload)


def shown(upload: Upload) -> dict[str, Any]:
    """An upload as actions and pages show it."""
    names = ("id", "organization", "filename", "state", "done", "reason", "result")
    return {name: getattr(upload, name) for name in names}


def _received(context: dict[str, Any], data_dict: dict[str, Any]) -> Upload:
    group = model.Group.get(tk.get_or_bust(data_dict, "organization"))
    if group is None or not group.is_organization or group.state != "active":
        raise tk.ObjectNotFound(tk._("Organization not found"))
    tk.check_access("cn_govdata_workbook_import", context, {"organization": group.id})
    file = data_dict.get("upload")
    if not getattr(file, "filename", None):
        raise tk.ValidationError({"upload": [tk._("Choose a file")]})
    try:
        return uploads.keep(
            file.stream,
            file.filename,
            organization=group.id,
            user=context["user"],
            language=tk.h.lang(),
        )
    except Refused as refused:
        raise tk.ValidationError({"upload": [str(refused)]}) from refused


def _claim(upload: Upload) -> None:
    """Import an upload once only."""
    if upload.state not in (uploads.WAITING, uploads.CHECKED) or not upload.claim():
        raise tk.ValidationError({"id": [tk._("This workbook has been imported already")]})
