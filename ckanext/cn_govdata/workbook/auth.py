"""Who may import workbooks: whoever may create datasets in the organisation."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.workbook import uploads

__all__ = ["cn_govdata_workbook_import", "cn_govdata_workbook_import_show"]

Context = dict[str, Any]
Answer = dict[str, Any]


def cn_govdata_workbook_import(context: Context, data_dict: dict[str, Any]) -> Answer:
    """Whoever may create datasets in `organization`, or in that of the upload `id`."""
    organization = data_dict.get("organization")
    if data_dict.get("id"):
        organization = uploads.get(data_dict["id"]).organization
    return _may_create(context, organization)


def cn_govdata_workbook_import_show(context: Context, data_dict: dict[str, Any]) -> Answer:
    """As for the import itself: problems quote the file."""
    return _may_create(context, uploads.get(tk.get_or_bust(data_dict, "id")).organization)


def _may_create(context: Context, organization: str | None) -> Answer:
    user = context.get("user")
    if not user or not organization:
        return {"success": False, "msg": tk._("Log in as an editor of the organisation")}
    fresh = {"user": user, "auth_user_obj": context.get("auth_user_obj")}
    try:
        # What a site's own plugins say of `package_create` counts here too.
        tk.check_access("package_create", fresh, {"owner_org": organization})
    except tk.NotAuthorized:
        message = tk._("Not authorized to create datasets in this organisation")
        return {"success": False, "msg": message}
    return {"success": True}
