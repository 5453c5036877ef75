"""Actions of the pages."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.site import counts, divisions
from ckanext.cn_govdata.standards.divisions import normalise

__all__ = ["cn_govdata_division_show"]


@tk.side_effect_free
def cn_govdata_division_show(context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """A division with its history, its place in the tree, and what is catalogued in it.

    :param code: six digits of GB/T 2260; nine or twelve digits lie in the division of the first six
    :returns: the division, its `ancestors` from the nation down, its `children` with the number of
        their `datasets`, `predecessors`, today's divisions of a withdrawn code, `datasets` in it and
        below it by level, domain, openness and frequency, and its `organizations`
    """
    code = normalise(tk.get_or_bust(data_dict, "code"))
    if code is None:
        raise tk.ObjectNotFound(tk._("No division has this code (GB/T 2260)"))
    shown = divisions.described(code)
    datasets = counts.of_division(context, code)
    below = datasets.pop("below")
    for child in shown["children"]:
        child["datasets"] = below.pop(child["code"], 0)
    owners = datasets.pop("organizations")
    return {
        **shown,
        "datasets": datasets,
        "organizations": {**counts.organizations_of(code), "with_datasets": owners},
    }
