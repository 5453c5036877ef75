"""Profiles: what they may say, and errors that name the key."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.crawl.messages import Request
from ckanext.cn_govdata.crawl.profile import Profile, ProfileError
from ckanext.cn_govdata.crawl.requests import build
from ckanext.cn_govdata.crawl.templates import Body, Template, compile_content

from .fake import PROFILE, source


def changed(path: str, value: object) -> dict:
    mapping = copy.deepcopy(PROFILE)
    *parents, last = path.split("/")
    target = mapping
    for name in parents:
        target = target.setdefault(name, {})
    if value is ...:
        del target[last]
    else:
        target[last] = value
    return mapping


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("family", ..., "family must be a text"),
        ("famly", "x", "famly is not a key"),
        ("list", ..., "either list or lists"),
        ("lists", {}, "either list or lists"),
        ("list/records", ..., "list.records is needed"),
        ("list/records", "rows", "list.records: 'rows'"),
        ("list/get", ..., "list.get or post is needed"),
        ("list/post", "/x", "list.get and post"),
        ("list/form", {"a": "b"}, "list.form"),
        ("list/page/sise", 3, "list.page.sise is not a key"),
        ("list/page/size", "ten", "list.page.size"),
        ("list/page/by", "leaf", "list.page.by is page or offset"),
        ("list/page/first", -1, "list.page.first"),
        ("list/page/newest_first", "modified", "has no field 'modified'"),
        ("list/page/total", "json:", "list.page.total"),
        ("list/fields/titel", "json:x", "'titel'"),
        ("list/fields/title", {"codes": "x"}, "list.fields.title.from is needed"),
        ("list/fields/title", {"from": "json:x", "codes": 3}, "list.fields.title.codes"),
        ("detail/get", "/detail/{sorce_id}", "{sorce_id}"),
        ("detail/each", {"files": {}}, "detail.each.files is not a key"),
        ("detail/each", {"resources": [{"fields": {}}]}, "detail.each.resources[0].records"),
        (
            "detail/each",
            {"resources": [{"records": "json:f", "fields": {"colour": "json:c"}}]},
            "'colour'",
        ),
        ("download", {"get": "/d"}, "download.anonymous"),
        ("download", {"anonymous": "maybe"}, "download.anonymous"),
        ("hook", "no.such.module:sign", "hook"),
        ("hook", "json:nothing", "hook"),
        ("volatile", "clicks", "volatile must be a list"),
        ("parameters", [], "parameters is not a mapping"),
        ("headers", "x", "headers is not a mapping"),
        ("variants", {"v": {"list": {"pages": 1}}}, "variants.v: list.pages is not a key"),
    ],
)
def test_errors_name_the_key(path, value, words):
    with pytest.raises(ProfileError) as error:
        Profile.from_mapping(changed(path, value))
    assert words in str(error.value)


def test_a_profile_that_is_no_mapping():
    with pytest.raises(ProfileError, match="not a mapping"):
        Profile.from_mapping(["family"])


VARIED = {
    **PROFILE,
    "parameters": {"path": "/list"},
    "variants": {
        "posting": {
            "hosts": ["b.test", "c.test:8080"],
            "parameters": {"path": "/other"},
            "list": {"post": "{path}", "form": {"p": "{page}"}, "page": {"first": 0}},
        }
    },
}


def test_variants_are_merged_over_the_profile():
    base = Profile.from_mapping(VARIED)
    posting = base.variant("c.test:8080")
    assert base.variant("a.test") is base
    assert posting is base.variant(name="posting")
    assert posting.parameters == {"path": "/other"}
    assert posting.lists[0].request.method == "POST"
    assert posting.lists[0].paging.first == 0
    assert str(posting.lists[0].paging.total) == "json:total"
    assert posting.lists[0].fields.keys() == base.lists[0].fields.keys()
    with pytest.raises(ProfileError, match="posting"):
        base.variant(name="none")


def sign(request: Request, values) -> Request:
    """A hook as a signing family has one."""
    headers = {**request.headers, "x-sign": f"{values['page']}-{len(request.body or b'')}"}
    return Request(request.method, request.url, headers, request.body)


def test_a_hook_signs_requests():
    signed = Profile.from_mapping({**PROFILE, "hook": "tests.crawl.test_profile:sign"})
    request = build(signed.lists[0].request, source(profile=signed), {"page": 3}, wants_json=True)
    assert request.headers["x-sign"] == "3-0"


def test_headers_of_profile_step_and_source():
    mapping = changed("list/headers", {"Role": "1", "Content-Type": "text/json"})
    mapping["headers"] = {"role": "0", "X-Requested-With": "XMLHttpRequest"}
    compiled = Profile.from_mapping(mapping)
    settings = source(profile=compiled, headers={"ROLE": "2"})
    request = build(compiled.lists[0].request, settings, {"page": 1}, wants_json=True)
    assert request.headers["role"] == "2"
    assert request.headers["x-requested-with"] == "XMLHttpRequest"
    assert request.headers["accept"].startswith("application/json")


@pytest.mark.parametrize(
    ("template", "values", "expected"),
    [
        ("/a/{id}", {"id": "x/y z&"}, "http://p.test/a/x%2Fy%20z%26"),
        (
            "{context}/c?n={id}",
            {"context": "/oportal", "id": "中"},
            "http://p.test/oportal/c?n=%E4%B8%AD",
        ),
        ("{context}/c", {"context": ""}, "http://p.test/c"),
        ("{context}/c", {}, "http://p.test/c"),
        ("/数据/{id}", {"id": 7}, "http://p.test/%E6%95%B0%E6%8D%AE/7"),
        ("{id}", {"id": "http://q.test/x?a=1"}, "http://q.test/x?a=1"),
        ("{id}", {"id": "../detail/data.do?iid=1"}, "http://p.test/detail/data.do?iid=1"),
        ("https://q.test/{id}", {"id": 1}, "https://q.test/1"),
        ('/q?j={"a":1}', {}, "http://p.test/q?j=%7B%22a%22:1%7D"),
    ],
)
def test_addresses(template, values, expected):
    compiled = Template.compile(template)
    assert compiled.address("http://p.test", values, {"context"}) == expected


@pytest.mark.parametrize(
    ("kind", "content", "body"),
    [
        ("form", {"p": "{page}", "q": "", "s": "a b"}, b"p=2&q=&s=a+b"),
        ("form", {"d": "{none}", "n": 3, "l": [1]}, b"n=3&l=%5B1%5D"),
        (
            "json",
            {"p": "{page}", "t": "第{page}页", "l": [], "d": "{none}"},
            '{"p":2,"t":"第2页","l":[]}'.encode(),
        ),
        ("json", [{"p": "{page}"}], b'[{"p":2}]'),
        (
            "json_in_form",
            {"postData": {"p": {"n": "{page}"}}},
            b"postData=%7B%22p%22%3A%7B%22n%22%3A2%7D%7D",
        ),
        ("json_in_form", {"": {"p": "{page}"}}, b"%7B%22p%22%3A2%7D"),
        ("text", "a={page}", b"a=2"),
    ],
)
def test_bodies(kind, content, body):
    assert Body(kind, compile_content(content)).encode({"page": 2, "none": None}) == body


def test_content_types_go_with_the_body():
    kinds = {kind: Body(kind, {}).content_type for kind in ("form", "json", "json_in_form", "text")}
    assert kinds["form"] == kinds["json_in_form"] == "application/x-www-form-urlencoded"
    assert kinds["json"] == "application/json"
    assert kinds["text"].startswith("text/plain")


@given(st.dictionaries(st.sampled_from(["a", "b", "c"]), st.text(), max_size=3))
def test_values_never_leave_their_place_in_an_address(values):
    address = Template.compile("/x/{a}?b={b}&c={c}").address("http://p.test", values, ())
    assert address.startswith("http://p.test/x/")
    assert address.count("?") == 1
    assert address.count("&") == 1
    assert "#" not in address


@given(st.text())
def test_json_bodies_hold_any_text(text):
    encoded = Body("json", compile_content({"q": "{q}"})).encode({"q": text.replace("\ud800", "")})
    assert json.loads(encoded)["q"] == text
