"""Who may call the actions of the harvest room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk


def cn_govdata_harvest_status(
    context: dict[str, Any],  # noqa: ARG001
    data_dict: dict[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Sysadmins only: reasons and evidence may show what a portal answered."""
    return {"success": False}


@tk.auth_allow_anonymous_access
def cn_govdata_portal_list(
    context: dict[str, Any],  # noqa: ARG001
    data_dict: dict[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Everybody: what the registry says is public; the action leaves out what is not."""
    return {"success": True}


cn_govdata_portal_show = cn_govdata_portal_list
