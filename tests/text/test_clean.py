from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.text.clean import block, fold, is_placeholder, line

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
# Texts made of the pieces that make trouble together.
DIRTY = st.lists(
    st.sampled_from(
        [
            *(
                "<p>",
                "</p>",
                "<br/>",
                "<b",
                ">",
                "<",
                "a<b",
                '<a href="x>y">',
                "<script>",
                "</script>",
            ),
            *(
                "&amp;",
                "&lt;",
                "&gt;",
                "&nbsp;",
                "&nbsp",
                "amp;",
                "&",
                "nbsp;",
                "&#160;",
                "&copy=2",
            ),
            *("\xa0", "\u3000", "\u200b", "\ufeff", "\x00", "\r\n\t", " ", "\n\n\n", "\ud800"),
            *(
                "财政",
                "（一）",
                "：",
                "暂无",
                "-",
                "<!--",
                "-->",
                "=1",
                " x=1",
                "'",
                '"',
                "<td style=",
                "1",
            ),
        ]
    ),
    max_size=15,
).map("".join)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a<b", "a<b"),
        ("a<b and c>d", "a<b and c>d"),
        ("面积<90 且 >60", "面积<90 且 >60"),
        ("<p>a<b</p>", "a<b"),
        ("<b>x</b>y", "xy"),
        ("1&lt;2", "1<2"),
        ("x&amp;nbsp;y&nbsp词", "x y 词"),
        ("&amp;lt;p&amp;gt;文&amp;lt;/p&amp;gt;", "文"),
        ("&amp;amp;amp;amp;amp;amp;amp;amp;amp;amp;amp;quot;文", '"文'),
        ('说明<table border="0" style="wid', "说明"),
        ("<table><tr><td>年份</td><td>数量</td></tr></table>", "年份 数量"),
        ("财政\r\n\t金融业", "财政 金融业"),
        ("水利、环境\xa0\r\n\t     城乡建设", "水利、环境 城乡建设"),
        ("\ufeff标\u200b题\x00", "标题"),
        ("标题（一）：“好”１２", "标题（一）：“好”１２"),
        ("<中国>统计年鉴", "<中国>统计年鉴"),
        ("http://x.cn/?a=1&copy=2", "http://x.cn/?a=1&copy=2"),
        ("<script>var a='<p>';</script>正文", "正文"),
        ("<style>p{}</style>正文<script>", "正文"),
        ("<o:p></o:p>词<!-- 注 -->条", "词 条"),
        ("<<b>p>文", "文"),
        ("无", "无"),
        (12, "12"),
        (["a", None, "", "b"], "a、b"),
        (["", None], None),
        (True, None),
        (b"x", None),
        ({"a": 1}, None),
        (float("nan"), None),
    ],
)
def test_line(value, expected):
    assert line(value) == expected


@pytest.mark.parametrize(
    "value", ["", " ", "\xa0", "暂无", " 暂无 ", "null", "NULL", "-", "--", "/", "N/A"]
)
@pytest.mark.parametrize("wrap", ["{}", "<p>{}</p>", "&nbsp;{}"])
def test_placeholders(value, wrap):
    assert is_placeholder(wrap.format(value))
    assert line(wrap.format(value)) is None
    assert block(wrap.format(value)) is None


@pytest.mark.parametrize(
    "value", ["无", "0", "其他", "暂无业务数据产生", "空气质量", "None of the above"]
)
def test_words_are_no_placeholders(value):
    assert line(value) == value


def test_block_keeps_lines_and_paragraphs():
    assert block("<p>一  段</p><p>二<br>行</p>\r\n\r\n\r\n三\t段") == "一 段\n\n二\n行\n\n三 段"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("交通运输、仓储和邮政业", "交通运输，仓储和邮政业"),
        ("ＣＳＶ", "csv"),
        ("经济 建设", "经济建设"),
        ("“民生”（一）", '"民生"(一)'),
        ("&nbsp;XLS ", "xls"),
    ],
)
def test_fold_makes_equal(one, other):
    assert fold(one) == fold(other) != ""


@given(st.one_of(DIRTY, st.text(), JSON_VALUES))
def test_again_changes_nothing(value):
    for clean in (line, block):
        once = clean(value)
        assert clean(once) == once
    assert fold(fold(value)) == fold(value)


@given(st.one_of(DIRTY, st.text()))
def test_a_line_is_one_visible_line(value):
    text = line(value)
    assert text is None or (text == text.strip() and "  " not in text)
    assert not set(text or "") & set("\r\n\t\x00\xa0\u200b\ufeff\ud800")


@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="&<"), min_size=1))
def test_plain_text_stays_as_written(value):
    assert line(value) in (value, None)
    assert line(f"年鉴{value}") == f"年鉴{value}"


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "<",
            "&",
            "&amp;",
            "<p>",
            "<p ",
            '<p a="',
            "<!--",
            "<script>",
            "&lt;p&gt;",
            " ",
            "\n",
            "文字 ",
        ),
        *("<p a\n=\n", "<![CDATA[", "a=b ", "-->", "&#", "<td a='"),
    ],
)
@pytest.mark.parametrize("end", ["", "</style>", "</script>", "<x"])
def test_time_is_linear(piece, end):
    def seconds(length: int) -> float:
        text = piece * (length // len(piece)) + end
        start = time.perf_counter()
        line(text)
        return time.perf_counter() - start

    # Ten times the length may take some thirty times as long, not a hundred.
    assert seconds(500_000) < 30 * seconds(50_000) + 0.2


def test_ten_megabytes():
    piece = "数据 说明&nbsp;a<b\r\n" * 20 + "<p>"
    start = time.perf_counter()
    text = line(piece * (10_000_000 // len(piece))) or ""
    assert time.perf_counter() - start < 30
    assert len(text) > 5_000_000
    assert "&nbsp;" not in text
