"""Actions of the harvest room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.store import remembered


@tk.side_effect_free
def cn_govdata_harvest_status(
    context: dict[str, Any], data_dict: dict[str, Any]
) -> list[dict[str, Any]]:
    """The last job of every source, or of one.

    :param id: id of a harvest source (optional)
    :returns: outcome, reason, counters, started and ended of each, the latest first
    """
    tk.check_access("cn_govdata_harvest_status", context, data_dict)
    rows = remembered.last_jobs(data_dict.get("id"))
    for row in rows:
        for name in ("started", "ended"):
            row[name] = row[name].isoformat() if row[name] else None
    return rows
