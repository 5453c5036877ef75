"""Actions of the schema, and those of CKAN that it stands in front of."""

# ruff: noqa: ANN401 - actions return what core's do

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema.division_search import cn_govdata_division_autocomplete
from ckanext.cn_govdata.schema.show import cn_govdata_schema_show
from ckanext.cn_govdata.schema.tags import cleaned

__all__ = [
    "cn_govdata_division_autocomplete",
    "cn_govdata_schema_show",
    "package_create",
    "package_update",
]

Action = Callable[[dict[str, Any], dict[str, Any]], Any]


@tk.chained_action
def package_create(original: Action, context: dict[str, Any], data_dict: dict[str, Any]) -> Any:
    """CKAN's `package_create` with tags that it accepts."""
    return original(context, cleaned(data_dict))


@tk.chained_action
def package_update(original: Action, context: dict[str, Any], data_dict: dict[str, Any]) -> Any:
    """CKAN's `package_update` with tags that it accepts."""
    return original(context, cleaned(data_dict))
