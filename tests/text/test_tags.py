from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.text.tags import MAX_TAGS, split

from .test_clean import DIRTY, JSON_VALUES


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("财政\r\n\t金融业", ("财政", "金融业")),
        (
            "水利、环境和公共设施管理业\xa0\r\n\t    城乡建设、环境保护",
            ("水利", "环境和公共设施管理业", "城乡建设", "环境保护"),
        ),
        ("行业,SODA2022", ("行业", "SODA2022")),
        ("民生；教育;医疗/卫生|交通，路桥", ("民生", "教育", "医疗", "卫生", "交通", "路桥")),
        ("['xls', 'json']", ("xls", "json")),
        ('["公路", "铁路"]', ("公路", "铁路")),
        ("[csv,json]", ("csv", "json")),
        (["教育", "教育 卫生", None, ["体育"]], ("教育", "卫生", "体育")),
        ("【民生】，“教育”、#交通#", ("民生", "教育", "交通")),
        ("１２月,ＰＭ２．５", ("12月", "PM2.5")),
        ("&lt;b&gt;就业&lt;/b&gt;&nbsp;住房", ("就业", "住房")),
        ("暂无", ()),
        ("null", ()),
        ("其他", ("其他",)),
        (None, ()),
        (float("nan"), ()),
        ({"a": "b"}, ()),
    ],
)
def test_split(value, kept):
    assert split(value).kept == kept


def test_what_ckan_refuses_is_dropped_and_known():
    tags = split("科协、个、a:b、A+B协会、科协、" + "长" * 101)
    assert tags.kept == ("科协",)
    assert tags.dropped == ("个", "a:b", "A+B协会", "科协", "长" * 101)


def test_repeated_in_another_case():
    assert split("SODA2022,soda2022") == split(["SODA2022", "soda2022"])
    assert split("SODA2022,soda2022").kept == ("SODA2022",)


def test_at_most_sixty_and_fast():
    start = time.perf_counter()
    tags = split("、".join(f"标签{i}" for i in range(30_000)))
    assert time.perf_counter() - start < 3
    assert len(tags.kept) == MAX_TAGS == 60
    assert len(tags.kept) + len(tags.dropped) == 30_000


def test_hostile_literals():
    assert split("[" * 100_000 + "]" * 100_000).kept == ()
    assert split("[" * 400 + "'甲乙'" + "]" * 400).kept == ("甲乙",)


@given(st.one_of(DIRTY, st.text(), st.lists(st.text()), JSON_VALUES))
def test_ckan_takes_every_tag(value):
    tags = split(value)
    assert len(tags.kept) <= MAX_TAGS
    for tag in tags.kept:
        assert 2 <= len(tag) <= 100
        assert tag == tag.strip()
        assert re.fullmatch(r"[\w \-.]*", tag)  # tag_name_validator of CKAN 2.11 and 2.12
    assert len({tag.casefold() for tag in tags.kept}) == len(tags.kept)
    assert split(list(tags.kept)).kept == tags.kept
