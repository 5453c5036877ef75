"""The action `cn_govdata_schema_show`: a schema as a program reads it."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import describe
from ckanext.cn_govdata.schema.json_schema import json_schema
from ckanext.cn_govdata.schema.obligations import LEAST
from ckanext.cn_govdata.schema.package import DATASET_TYPE

FIELDS, JSON_SCHEMA = "fields", "json-schema"
FORMATS = [FIELDS, JSON_SCHEMA]


def show_schema() -> dict[str, Any]:
    """What `cn_govdata_schema_show` takes."""
    empty, default, one_of = (
        tk.get_validator(name) for name in ("ignore_empty", "default", "one_of")
    )
    return {
        "type": [default(DATASET_TYPE), one_of(describe.TYPES)],
        "level": [empty, one_of(describe.LEVELS)],
        "format": [default(FIELDS), one_of(FORMATS)],
    }


@tk.side_effect_free
@tk.validate_action_data(show_schema)
def cn_govdata_schema_show(context: dict[str, Any], data_dict: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of a schema, or the JSON Schema of what a level asks.

    :param type: what is catalogued: ``dataset`` (default), ``organization`` or ``theme``
    :type type: string
    :param level: the administrative level of the owner: ``national``, ``province``,
        ``prefecture`` or ``county`` (optional; the JSON Schema is then that of a county, as for an
        organisation without a division)
    :type level: string
    :param format: ``fields`` (default) or ``json-schema``
    :type format: string

    :returns: for ``fields`` the `sections`, `fields` and `resource_fields` in their order: names,
        kind of value, labels and help in all languages, obligations by level, the condition under
        which they hold, what the schema fills itself, codes with labels, the source standard,
        subfields. For ``json-schema`` a JSON Schema of draft 2020-12 with titles in the language of
        the request.
    :rtype: dictionary

    :raises ckan.logic.ValidationError: for an unknown type, level or format
    :raises ckan.logic.NotFound: when the site has no schema of the type
    """
    tk.check_access("cn_govdata_schema_show", context, data_dict)
    type_, level = data_dict["type"], data_dict.get("level")
    if data_dict["format"] == JSON_SCHEMA:
        return json_schema(type_, level or LEAST)
    return describe.described(type_, level)
