"""Formats and kinds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.standards import formats
from ckanext.cn_govdata.standards.codelists import codelist


@pytest.mark.parametrize(
    ("word", "code", "kind"),
    [
        ("CSV", "csv", "file"),
        (".xlsx", "xlsx", "file"),
        ("电子表格-xlsx", "xlsx", "file"),
        ("电子表格/xls", "xls", "file"),
        ("电子文件:wps", "wps", "file"),
        ("JSON-LD", "jsonld", "file"),
        ("jpeg", "jpg", "file"),
        ("application/json", None, None),
        ("接口", "api", "api"),
        ("API接口", "api", "api"),
        ("接口:json", "api", "api"),
        ("链接", None, "link"),
        ("link", None, "link"),
        ("库表", None, "table"),
        ("mysql", None, "table"),
        ("数据库-mysql", None, "table"),
        ("数据库-其他", None, "table"),
        ("自描述:MySQL", None, "table"),
        ("自描述格式-其他", None, None),
        ("excel", None, "file"),
        ("电子表格", None, "file"),
        ("file", None, "file"),
        ("wms", "wms", "map"),
        ("地图", None, "map"),
        ("03,0310", None, None),
        ("http", None, None),
        ("其他", None, None),
        ("xls/xlsx", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_format_and_kind(word, code, kind):
    assert formats.format_code(word) == code
    assert formats.kind_of(word) == kind


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (
            "['xls', 'xml', 'json', 'csv', 'rdf', '接口']",
            ("xls", "xml", "json", "csv", "rdf", "api"),
        ),
        ("[csv,json,rdf,xlsx,xml]", ("csv", "json", "rdf", "xlsx", "xml")),
        ("xls\\json\\csv", ("xls", "json", "csv")),
        ("xls/xlsx", ("xls", "xlsx")),
        ("电子表格:xlsx;数据库:greenplum", ("xlsx",)),
        ("csv, CSV", ("csv",)),
        ("[]", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_formats(text, codes):
    assert formats.formats(text) == codes


def test_format_words_are_kept_as_written():
    assert formats.format_words("['xls', '其他']") == ("xls", "其他")
    assert formats.format_words("数据库/mysql") == ("数据库/mysql",)


def test_media_type():
    assert formats.media_type("csv") == "text/csv"
    assert formats.media_type("nonsense") is None


def test_every_crosswalk_code_is_its_own_word():
    for code in codelist("format_crosswalk"):
        assert formats.format_code(code) == code
        assert formats.format_code(code.upper()) == code
        assert formats.kind_of(code) is not None


@given(st.text())
def test_any_text_gives_listed_codes(text):
    assert set(formats.formats(text)) <= set(codelist("format_crosswalk"))
    assert formats.kind_of(text) in {None, "file", "table", "api", "link", "map"}
