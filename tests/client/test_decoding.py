"""Bytes as text, JSON, XML."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.crawl.decoding import decode, decode_bytes, parse_json, parse_xml
from ckanext.cn_govdata.crawl.messages import Response

SENTENCE = "全市公共数据资源目录：行政许可信息（含企业名称），共1,024条，更新频率为每月。"
PAGE = f"<html><head>%s<title>目录</title></head><body>{SENTENCE}</body></html>"


def response(body, content_type=None):
    headers = {"content-type": content_type} if content_type else {}
    return Response(200, "https://data.example/", headers, body)


@pytest.mark.parametrize("charset", ["utf-8", "gbk", "gb18030", "gb2312"])
@pytest.mark.parametrize("label", [None, "right", "latin", "utf-8", "gbk", "nonsense", "zip"])
def test_chinese_is_read_whatever_the_header_says(charset, label):
    named = {None: "text/html", "right": f"text/html; charset={charset}"}.get(
        label, f'text/html;charset="{"ISO-8859-1" if label == "latin" else label}"'
    )
    assert decode(response(SENTENCE.encode(charset), named)) == SENTENCE


@pytest.mark.parametrize(
    "mark",
    [
        '<meta charset="gb2312">',
        "<META http-equiv=Content-Type content='text/html; charset=GBK'>",
        "",
    ],
)
def test_a_page_names_its_own_charset(mark):
    page = PAGE % mark
    assert decode(response(page.encode("gbk"), "text/html")) == page


def test_rare_characters_beyond_gbk():
    assert decode_bytes("𠮷㐂村委会䶮镇".encode("gb18030")) == "𠮷㐂村委会䶮镇"


def test_traditional_chinese_under_its_label():
    text = "政府資料開放平臺，資料集目錄"
    assert decode_bytes(text.encode("big5"), "text/html; charset=big5") == text


@pytest.mark.parametrize(
    ("mark", "charset"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ],
)
def test_a_byte_order_mark_decides_and_goes(mark, charset):
    assert decode_bytes(mark + SENTENCE.encode(charset), "text/html; charset=gbk") == SENTENCE


@pytest.mark.parametrize("cut", [1, 2])
def test_text_cut_within_a_character_stays_readable(cut):
    body = (SENTENCE * 2).encode()[: -3 - cut] + b"</p>"
    text = decode_bytes(body, "text/html; charset=utf-8")
    assert text.startswith(SENTENCE)
    assert text.count("\ufffd") <= 2


def test_a_wrong_byte_does_not_unmake_gbk():
    body = SENTENCE.encode("gbk") + b"\xff" + SENTENCE.encode("gbk")
    assert decode_bytes(body).startswith(SENTENCE)


def test_bytes_that_are_no_text_raise_nothing():
    assert isinstance(decode_bytes(bytes(range(256)) * 4), str)
    assert decode_bytes(b"") == ""


HANZI = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=12)


@given(HANZI)
def test_every_unlabelled_gbk_text_is_read(text):
    assert decode_bytes(text.encode("gbk")) == text


@given(HANZI, st.sampled_from([None, "text/html; charset=gbk", "text/html; charset=iso-8859-1"]))
def test_every_utf8_text_is_read_under_any_label(text, label):
    assert decode_bytes(text.encode(), label) == text


def test_json_keeps_long_numbers_exact():
    text = '{"id": 1234567890123456789, "longer": 98765432109876543210987, "x": 1.5}'
    assert parse_json(text) == {
        "id": 1234567890123456789,
        "longer": 98765432109876543210987,
        "x": 1.5,
    }


def test_json_as_portals_write_it():
    assert parse_json(b'\xef\xbb\xbf{"a": "\xe6\xb0\xb4"}') == {"a": "水"}
    assert parse_json('{"a": "水"}'.encode("gbk")) == {"a": "水"}
    assert parse_json('{"a": "one\ntwo\tthree"}') == {"a": "one\ntwo\tthree"}
    assert parse_json(response(b"[1]", "application/json")) == [1]
    assert parse_json('{"a": NaN}') == {"a": None}


@pytest.mark.parametrize("text", ["", "<html>", "{", "[" * 100_000, "callback({})", "9" * 5000])
def test_what_is_no_json(text):
    with pytest.raises(ValueError, match=r"."):
        parse_json(text)


def test_xml_is_read_in_any_charset():
    body = f'<?xml version="1.0" encoding="GBK"?><data><name>{SENTENCE}</name></data>'.encode("gbk")
    assert parse_xml(body).findtext("name") == SENTENCE
    assert parse_xml(response("<a>水</a>".encode(), "text/xml")).text == "水"


BOMB = (
    '<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]><b>&b;&b;</b>',
    '<?xml version="1.0"?>\n<!DOCTYPE b [<!ENTITY x SYSTEM "file:///etc/passwd">]><b>&x;</b>',
    '<!DOCTYPE b [<!ENTITY % p SYSTEM "http://127.0.0.1/x.dtd"> %p;]><b/>',
)


@pytest.mark.parametrize("text", BOMB)
def test_entities_are_refused(text):
    with pytest.raises(ValueError, match="entities"):
        parse_xml(text)


@pytest.mark.parametrize("text", ["", "<a>", "<html><br></html>", "<a>&nbsp;</a>", "<a>" * 5000])
def test_what_is_no_xml(text):
    with pytest.raises(ValueError, match="not well-formed"):
        parse_xml(text)


def test_a_foreign_dtd_is_not_fetched():
    root = parse_xml('<!DOCTYPE a SYSTEM "http://127.0.0.1:9/none.dtd"><a>1</a>')
    assert root.text == "1"


def test_words_that_are_valid_in_both_charsets():
    assert decode_bytes("联通".encode("gbk")) == "联通"
    assert decode_bytes("A·B 25°".encode()) == "A·B 25°"
    assert decode_bytes("Москва".encode(), "text/html; charset=utf-8") == "Москва"
