"""Who may call the actions of the pages: anyone. Datasets are counted as far as the reader sees."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

__all__ = ["cn_govdata_division_show", "cn_govdata_vocabulary_list", "cn_govdata_vocabulary_show"]


@tk.auth_allow_anonymous_access
def cn_govdata_division_show(
    context: dict[str, Any],  # noqa: ARG001
    data_dict: dict[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Anyone."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def cn_govdata_vocabulary_list(
    context: dict[str, Any],  # noqa: ARG001
    data_dict: dict[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Anyone."""
    return {"success": True}


@tk.auth_allow_anonymous_access
def cn_govdata_vocabulary_show(
    context: dict[str, Any],  # noqa: ARG001
    data_dict: dict[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Anyone."""
    return {"success": True}
