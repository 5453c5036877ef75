"""Who may call the actions of the schema: anyone, as they show no more than the standards do."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["cn_govdata_division_autocomplete", "cn_govdata_schema_show"]


@tk.auth_allow_anonymous_access
def cn_govdata_division_autocomplete(
    context: dict[str, Any],  # noqa: ARG001
    data_dict: dict[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Anyone."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def cn_govdata_schema_show(
    context: dict[str, Any],  # noqa: ARG001
    data_dict: dict[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Anyone."""
    return {"success": True}
