"""Helpers of CKAN that the templates of one page ask several times, asked once.

`page.html` renders the sidebar twice, first to see whether it is empty. The sidebar of a dataset
shows its organisation, which is dear where the organisation is large; and several templates of one
page ask whether the reader may edit.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema.once import once
from ckanext.cn_govdata.schema.registry import HELPERS

if TYPE_CHECKING:
    from collections.abc import Callable


@tk.chained_helper
def get_organization(
    original: Callable[..., dict[str, Any]],
    org: str | None = None,
    include_datasets: bool = False,
) -> dict[str, Any]:
    """CKAN's own, asked once a request."""
    key = ("get_organization", org, bool(include_datasets))
    return dict(once(key, lambda: original(org, include_datasets)))


@tk.chained_helper
def check_access(
    original: Callable[..., bool], action: str, data_dict: dict[str, Any] | None = None
) -> bool:
    """CKAN's own, asked once a request for the same user and data."""
    try:
        data = json.dumps(data_dict, sort_keys=True)
    except (TypeError, ValueError):
        return original(action, data_dict)
    key = ("check_access", action, tk.current_user.name, data)
    return once(key, lambda: original(action, data_dict))


HELPERS["get_organization"] = get_organization
HELPERS["check_access"] = check_access
