"""Schemas for showing without the flat form: what navl gives, or the flat form itself."""

import pytest


def compiled(schema):
    from ckanext.cn_govdata.store.navl import CompiledSchema

    return CompiledSchema(schema)


@pytest.fixture
def schema(app):
    import ckan.plugins.toolkit as tk

    get = tk.get_validator
    from_extras = tk.get_converter("convert_from_extras")
    return {
        "__before": [get("ignore")],
        "name": [get("not_empty"), get("unicode_safe")],
        "title": [get("if_empty_same_as")("name"), get("unicode_safe")],
        "note": [from_extras, get("ignore_missing")],
        "count": [from_extras, get("ignore_missing"), get("int_validator")],
        "kept": [from_extras],
        "save": [get("ignore")],
        "plain": [],
        "stated": [get("not_missing")],
        "tags": {"__extras": [get("keep_extras")]},
        "parts": {
            "label": [get("ignore_missing")],
            "size": [get("ignore_missing"), get("int_validator")],
            "plain": [],
            "__extras": [get("ignore")],
            "inner": {"code": [get("ignore_missing"), get("unicode_safe")]},
        },
        "apart": {"x": []},
        "extras": {"key": [get("not_missing")], "value": [get("not_missing")]},
        "__junk": [get("empty")],
        "__extras": [get("ignore")],
    }


CASES = [
    {},
    {"name": "n", "title": None, "plain": 0, "save": "x", "stated": None, "unknown": 1},
    {"name": 7, "title": "t", "extras": [{"key": "note", "value": "v"}]},
    {"name": "n", "extras": [{"key": "count", "value": "x"}, {"key": "other", "value": ""}]},
    {"extras": [{"key": "count", "value": "4"}, {"key": "count", "value": "5"}], "count": 3},
    {"tags": [{"name": "a", "state": None}], "parts": [], "apart": []},
    {"parts": [{"label": None, "size": "y", "odd": 3}, {"label": None, "plain": [1]}]},
    {"parts": [{"inner": [{"code": 5, "odd": 1}], "size": "6"}, {"inner": []}]},
    {"apart": [{"x": 1, "y": 2}], "unknown": [], "strange": {"deep": 1}},
]


@pytest.mark.parametrize("number", range(len(CASES)))
def test_as_by_the_flat_form(schema, number):
    from ckanext.cn_govdata.store.navl_direct import DirectSchema

    flat = compiled(schema)
    data = CASES[number]
    assert DirectSchema(flat).validate(data, {}) == flat.validate(data, {})[0]


def test_what_looks_at_other_fields_is_left_to_the_flat_form(schema):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.store.navl_direct import DirectSchema, NeedsFlat

    def looks_around(key, data, errors, context):
        data[key] = len(data)

    with pytest.raises(NeedsFlat):
        DirectSchema(compiled({**schema, "plain": [looks_around]}))
    with pytest.raises(NeedsFlat):
        DirectSchema(compiled({**schema, "__after": [looks_around]}))
    later = [tk.get_validator("ignore_missing"), looks_around]
    direct = DirectSchema(compiled({**schema, "plain": later}))
    assert "plain" not in direct.validate({"name": "n"}, {})
    with pytest.raises(NeedsFlat):
        direct.validate({"name": "n", "plain": 1}, {})


@pytest.mark.parametrize("data", [{"parts": "text"}, {"parts": [{"label": "a"}, {}]}])
def test_odd_lists_are_left_to_the_flat_form(schema, data):
    from ckanext.cn_govdata.store.navl_direct import DirectSchema, NeedsFlat

    with pytest.raises(NeedsFlat):
        DirectSchema(compiled(schema)).validate(data, {})
