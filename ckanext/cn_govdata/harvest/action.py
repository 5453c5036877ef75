"""Actions of the harvest room."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.harvest import portal_pages, status
from ckanext.cn_govdata.portals import registry, search
from ckanext.cn_govdata.standards import divisions

__all__ = [
    "cn_govdata_harvest_status",
    "cn_govdata_portal_list",
    "cn_govdata_portal_show",
]

_FILTERS = ("q", "division", "level", "family", "state")
_LONGEST = 4  # digits of a page's number
_SHOWN = 8  # divisions named where a name fits several


@tk.side_effect_free
def cn_govdata_harvest_status(context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """How the harvests stand: last job of every source or of one, running and waiting jobs.

    :param id: id of a harvest source (optional)
    :returns: `sources` with outcome, reason, counters, started and ended of the last job of each,
        the latest first; `running` with counters, `per_second` and `estimated_end`; `waiting` with
        the `position` in the queue; `workers` that live; `warnings` in words; `slow_path`, why
        datasets are written one by one; `runner`, the setting
    """
    tk.check_access("cn_govdata_harvest_status", context, data_dict)
    return status.overview(data_dict.get("id"))


@tk.side_effect_free
def cn_govdata_portal_list(context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """The registry of portals with sources, last jobs, checks and coverage; 50 portals a page.

    :param q: words of names, addresses, codes and pinyin (optional)
    :param division: code or name of a division: it and all below it (optional)
    :param level: a level: province, prefecture, county (optional)
    :param family: a platform family (optional)
    :param state: active, no-profile or archived (optional)
    :param page: number of the page, from 1 (optional)
    :returns: `count`, `page`, `pages`, `portals` and `coverage`; reasons and evidence of jobs and
        checks are for system administrators only
    """
    tk.check_access("cn_govdata_portal_list", context, data_dict)
    filters = {name: str(data_dict.get(name) or "") for name in _FILTERS}
    if filters["division"]:
        filters["division"] = _division(filters["division"])
    for name, allowed in (("level", search.levels()), ("state", search.STATES)):
        if filters[name] and filters[name] not in allowed:
            message = tk._("{0} is none of {1}").format(filters[name], ", ".join(allowed))
            raise tk.ValidationError({name: [message]})
    page = str(data_dict.get("page") or "1")
    if not page.isascii() or not page.isdigit() or not 1 <= len(page) <= _LONGEST or int(page) < 1:
        raise tk.ValidationError({"page": [tk._("Not a number of a page")]})
    return portal_pages.listing(context, filters, int(page), whole=_is_sysadmin(context))


@tk.side_effect_free
def cn_govdata_portal_show(context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """One portal of the registry with its source, last job, check and number of datasets.

    :param id: id of the portal
    """
    tk.check_access("cn_govdata_portal_show", context, data_dict)
    portal = registry.get(tk.get_or_bust(data_dict, "id"))
    if portal is None:
        raise tk.ObjectNotFound(tk._("The registry has no such portal"))
    known = portal_pages.Known.read(context)
    return portal_pages.row(portal, known, whole=_is_sysadmin(context))


def _is_sysadmin(context: dict[str, Any]) -> bool:
    try:
        tk.check_access("sysadmin", tk.fresh_context(context))
    except tk.NotAuthorized:
        return False
    return True


def _division(code_or_name: str) -> str:
    code = divisions.normalise(code_or_name)
    if code is not None:
        return code
    found = divisions.find(code_or_name)
    if len(found) == 1:
        return found[0].code
    several = ", ".join(f"{one.code} {one.name_zh}" for one in found[:_SHOWN])
    message = tk._("No division of this code or name") if not found else several
    raise tk.ValidationError({"division": [message]})
