"""Who may call the actions of the harvest room."""

from __future__ import annotations

from typing import Any


def cn_govdata_harvest_status(
    context: dict[str, Any],  # noqa: ARG001
    data_dict: dict[str, Any],  # noqa: ARG001
) -> dict[str, Any]:
    """Sysadmins only: reasons and evidence may show what a portal answered."""
    return {"success": False}
