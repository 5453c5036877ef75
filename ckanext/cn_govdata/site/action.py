"""Actions of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.site import counts, divisions, members, vocabulary
from ckanext.cn_govdata.standards.codelists import codelist_names
from ckanext.cn_govdata.standards.divisions import normalise

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "cn_govdata_division_show",
    "cn_govdata_vocabulary_list",
    "cn_govdata_vocabulary_show",
    "group_show",
    "organization_show",
]


@tk.side_effect_free
def cn_govdata_division_show(context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """A division with its history, its place in the tree, and what is catalogued in it.

    :param code: six digits of GB/T 2260; nine or twelve digits lie in the division of the first six
    :returns: the division, its `ancestors` from the nation down, its `children` with the number of
        their `datasets`, `predecessors`, today's divisions of a withdrawn code, `datasets` in it and
        below it by level, domain, openness and frequency, and its `organizations`
    """
    tk.check_access("cn_govdata_division_show", context, data_dict)
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


def vocabulary_schema() -> dict[str, Any]:
    """What `cn_govdata_vocabulary_show` takes."""
    names = ("not_empty", "unicode_safe", "ignore_empty")
    needed, text, empty = (tk.get_validator(name) for name in names)
    return {"name": [needed, text], "code": [empty, text]}


@tk.side_effect_free
def cn_govdata_vocabulary_list(
    context: dict[str, Any], data_dict: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the code lists of the standards and of the portals.

    :returns: of each list its `name`, `title` in the language of the request, `size` in codes, and
        the `fields` of the dataset schema that take its codes
    :rtype: list of dictionaries
    """
    tk.check_access("cn_govdata_vocabulary_list", context, data_dict)
    return vocabulary.all_lists()


@tk.side_effect_free
@tk.validate_action_data(vocabulary_schema)
def cn_govdata_vocabulary_show(
    context: dict[str, Any], data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Return a code list with its codes, or one code of it.

    :param name: the name of the list, one of `cn_govdata_vocabulary_list`
    :type name: string
    :param code: the `key` of one code, in lists of portals `<portal>/<code>` (optional)
    :type code: string

    :returns: the list with its `concepts`: `key`, `code`, `label` in the language of the request,
        `label_zh`, `label_en`, `source`, the list's further columns as `extra`, and how many
        `datasets` that the caller may see use it (None for a list of no searched field); with
        `code` that concept alone
    :rtype: dictionary

    :raises ckan.logic.NotFound: when there is no such list or code
    """
    tk.check_access("cn_govdata_vocabulary_show", context, data_dict)
    name, code = data_dict["name"], data_dict.get("code")
    try:
        if code:
            return vocabulary.concept(context, name, code)
        return vocabulary.described(context, name)
    except KeyError as error:
        is_list = name in codelist_names()
        missing = tk._("There is no such code") if is_list else tk._("There is no such code list")
        raise tk.ObjectNotFound(missing) from error


@tk.chained_action
@tk.side_effect_free
def organization_show(
    original: Callable[..., dict[str, Any]], context: dict[str, Any], data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Return an organisation as CKAN does, without counting all harvested datasets."""
    return members.shown(original, context, data_dict)


@tk.chained_action
@tk.side_effect_free
def group_show(
    original: Callable[..., dict[str, Any]], context: dict[str, Any], data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Return a group as CKAN does, without counting all harvested datasets."""
    return members.shown(original, context, data_dict)
