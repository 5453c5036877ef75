"""Compiled schemas give what navl gives."""

import copy

import pytest

from tests.store import sample


def packages(number):
    from ckanext.cn_govdata.crawl import identity
    from ckanext.cn_govdata.schema.package import to_package

    for item in sample.items(number):
        package_id = identity.package_id(sample.PORTAL, item.source_id)
        yield to_package(item.record.as_dict(), owner_org="", package_id=package_id)


def stock(data, schema, context):
    import ckan.plugins.toolkit as tk

    return tk.navl_validate(copy.deepcopy(data), schema, dict(context))


def nested(errors):
    """Flat errors in the form of `navl_validate`."""
    from ckanext.cn_govdata.store.flat import unflatten

    return unflatten(errors)


@pytest.mark.usefixtures("clean_db")
def test_site_schema():
    import ckan.lib.plugins as lib_plugins
    from ckan import model

    from ckanext.cn_govdata.schema.provenance import WRITER
    from ckanext.cn_govdata.store import schemas
    from ckanext.cn_govdata.store.navl import CompiledSchema

    plugin = lib_plugins.lookup_package_plugin("dataset")
    context = {"model": model, "session": model.Session, "user": "", "ignore_auth": True}
    context[WRITER] = True
    schema = schemas._expanded(plugin, "dataset", "create")
    compiled = CompiledSchema(schema)
    for package in packages(200):
        expected = lib_plugins.plugin_validate(
            plugin,
            dict(context),
            copy.deepcopy(package),
            plugin.create_package_schema(),
            "package_create",
        )
        assert not expected[1]
        assert compiled.validate(package, context) == expected


def test_odd_data(app):
    """Junk, extras, missing and wrong values at every level."""
    import ckan.plugins.toolkit as tk
    from ckan.lib.navl.dictization_functions import DataError

    from ckanext.cn_govdata.store.navl import CompiledSchema

    get = tk.get_validator
    schema = {
        "__before": [get("duplicate_extras_key"), get("ignore")],
        "name": [get("not_empty"), get("unicode_safe"), get("name_validator")],
        "count": [
            get("ignore_missing"),
            get("int_validator"),
            tk.get_converter("convert_to_extras"),
        ],
        "note": [get("not_missing"), get("unicode_safe")],
        "empty": [],
        "parts": {
            "label": [get("not_empty")],
            "size": [get("ignore_missing"), get("int_validator")],
            "inner": {"code": [get("ignore_empty"), get("int_validator")]},
            "__extras": [get("ignore_missing"), get("keep_extras")],
        },
        "extras": {"key": [get("not_empty")], "value": [get("not_missing")]},
        "__junk": [get("empty")],
        "__extras": [get("ignore")],
    }
    cases = [
        {},
        {"name": "a-name", "note": None, "count": "7", "empty": {"any": [1]}},
        {"name": "坏 名", "count": "x", "unknown": 1, "parts": []},
        {"name": "n1", "parts": [{"label": "", "size": "y", "odd": 3}, {"label": "b", "size": 4}]},
        {"name": "n2", "parts": [{"label": "c", "inner": [{"code": "5"}, {"code": "z"}]}]},
        {"name": "n3", "extras": [{"key": "k", "value": "v"}, {"key": "k"}], "count": 3},
        {"name": "n4", "strange": [{"deep": [{"deeper": 1}]}]},
        {"name": "n5", "parts": "text"},
    ]
    compiled = CompiledSchema(schema)
    for data in cases:
        try:
            expected = stock(data, schema, {})
        except DataError:
            with pytest.raises(DataError):
                compiled.validate(copy.deepcopy(data), {})
            continue
        converted, errors = compiled.validate(copy.deepcopy(data), {})
        assert converted == expected[0], data
        assert set(nested(errors)) == set(expected[1]), data


def test_unflatten():
    from ckan.lib.navl import dictization_functions as navl

    from ckanext.cn_govdata.store.flat import unflatten

    flat = {
        ("b", 2, "x"): 1,
        ("a",): 0,
        ("b", 0, "x"): 2,
        ("b", 0, "c", 1, "y"): 3,
        ("c",): [],
    }
    assert unflatten(flat) == navl.unflatten(flat)
    clash = {("a",): "text", ("a", 0, "x"): 1}
    with pytest.raises(TypeError):
        unflatten(clash)
