"""What a request may name beside fields: cookies, the secret, the time; and paths of two slashes."""

from __future__ import annotations

import json

import pytest
from lxml import etree

from ckanext.cn_govdata.crawl import flow, labels
from ckanext.cn_govdata.crawl.messages import Outcome, Response
from ckanext.cn_govdata.crawl.profile import Profile, ProfileError
from ckanext.cn_govdata.crawl.templates import Template

from .fake import PROFILE, answer, source

HEADERS = {"X-Token": "{cookie.XSRF-TOKEN}", "Authorization": "Bearer {secret}", "X-Way": "{way}"}


def _profile(**changes):
    return Profile.from_mapping(
        {**PROFILE, "headers": HEADERS, "parameters": {"way": None}, **changes}
    )


def _first_request(**changes):
    seen = []

    def fetch(request):
        seen.append(request)
        return Response(200, request.url, {}, b'{"total": 0}', cookies={"XSRF-TOKEN": "c1"})

    before = {"before": [{"get": "/start"}]}
    list(flow.crawl(source(profile=_profile(**before), **changes), fetch))
    return seen


def test_headers_name_cookies_and_the_secret():
    start, listing = _first_request(secret="s3")
    assert "x-token" not in start.headers
    assert listing.headers["x-token"] == "c1"
    assert listing.headers["authorization"] == "Bearer s3"
    assert "x-way" not in listing.headers


def test_the_secret_is_no_value_for_addresses():
    with pytest.raises(ProfileError, match="secret"):
        Profile.from_mapping({**PROFILE, "landing_page": "/x?key={secret}"})
    assert "s3" not in repr(source(secret="s3"))


def test_what_a_portal_quotes_of_the_secret_is_hidden():
    crawl = flow.crawl(
        source(secret="s3cr3t"), lambda request: answer(b"<html>s3cr3t", url=request.url)
    )
    list(crawl)
    assert crawl.report.outcome is Outcome.BLOCKED
    assert "s3cr3t" not in json.dumps([crawl.report.reason, crawl.report.evidence])


def test_a_request_for_a_cookie_may_fail():
    def fetch(request):
        return answer({}, 404) if request.url.endswith("/start") else answer({"total": 0})

    crawl = flow.crawl(source(profile=_profile(before=[{"get": "/start"}])), fetch)
    list(crawl)
    assert crawl.report.outcome is Outcome.EMPTY


@pytest.mark.parametrize(
    ("template", "address"),
    [
        ("//a/b", "http://h//a/b"),
        ("/a", "http://h/a"),
        ("a", "http://h/a"),
        ("{context}/a", "http://h/a"),
    ],
)
def test_two_slashes_stay(template, address):
    found = Template.compile(template).address("http://h/", {"context": "/"}, {"context"})
    assert found == address


def test_paragraphs_that_are_labels():
    page = "<p>标签:</p><p></p><p>周期:</p><p>每年</p><p>网址：x</p><p>空:</p><p>次:</p><p>2</p>"
    found = labels.read(etree.HTML(page).iter("p"))
    assert found == {"周期": "每年", "网址": "x", "次": "2"}


def test_texts_beside_a_label():
    tree = etree.HTML(
        "<li><span>单位</span>市局</li><li><span>日期</span></li><li><span>量</span>3</li>"
    )
    found = labels.read(tree.xpath("//span | //li/text()"))
    assert found == {"单位": "市局", "量": "3"}


def test_undocumented_parts_are_texts():
    assert _profile(undocumented=["detail"]).undocumented == ("detail",)
    with pytest.raises(ProfileError, match="undocumented must be a list of texts"):
        _profile(undocumented="detail")
