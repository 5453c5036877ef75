"""Words and codes of portals: mapped for certain or not at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.standards import words
from ckanext.cn_govdata.standards.codelists import codelist


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("每日", "daily"),
        ("每天", "daily"),
        ("日", "daily"),
        ("天", "daily"),
        ("每周", "weekly"),
        ("每旬", "tendays"),
        ("月", "monthly"),
        ("季度", "quarterly"),
        ("每季", "quarterly"),
        ("半年", "halfyear"),
        ("年", "yearly"),
        ("按年更新", "yearly"),
        ("每两年", "biennial"),
        ("实时", "realtime"),
        ("即时", "realtime"),
        ("不定期", "irregular"),
        ("不定时", "irregular"),
        ("不定时更新", "irregular"),
        ("静态数据", "static"),
        ("归档不更新", "static"),
        ("其它", "other"),
        ("分钟级", "minutely"),
        (" 每 年 ", "yearly"),
        ("每月(更新说明:暂无新业务数据产生)", "monthly"),
        ("quarterly", "quarterly"),
        ("每 2 日", None),
        ("每半月", None),
        ("自定义", None),
        ("长期", None),
        ("暂无", None),
        ("城建住房", None),
        ("", None),
        (None, None),
    ],
)
def test_frequency(word, code):
    assert words.frequency(word) == code


@pytest.mark.parametrize(
    ("portal", "code", "canonical"),
    [
        ("suzhou", 1, "realtime"),
        ("shaoxing", "1", "daily"),
        ("guangzhou", "1", "irregular"),
        ("shanghai", "1", "weekly"),
        ("shanghai", 0, "realtime"),
        ("chongqing", "EVERY_QUARTER", "quarterly"),
        ("xuzhou_suining", "06", "halfyear"),
        ("guizhou", 1, "quarterly"),
        ("guizhou", "8", "irregular"),
        ("guizhou", 9, "static"),
        ("guizhou", 0, None),
        ("guizhou", "7", None),
        ("guizhou", None, None),
        ("guizhou", "", None),
        ("suzhou", "77", None),
    ],
)
def test_frequency_of(portal, code, canonical):
    assert words.frequency_of(portal, code) == canonical


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("无条件开放", "1"),
        ("有条件开放", "2"),
        ("不予开放", "3"),
        ("登录开放", "1"),
        ("依申请开放", "2"),
        ("申请后开放", "2"),
        ("可开放", "1"),
        ("unconditional", "1"),
        ("CONDITIONAL", "2"),
        ("无条件共享", None),
        ("安全开放", None),
        ("无", None),
        ("1", None),
        (None, None),
    ],
)
def test_open_attribute(word, code):
    assert words.open_attribute(word) == code


def test_open_attribute_of_uses_everything_else_only_when_asked():
    assert words.open_attribute_of("fujian", 0) == "2"
    assert words.open_attribute_of("fujian", 5) is None
    assert words.open_attribute_of("fujian", 5, everything_else=True) == "1"
    assert words.open_attribute_of("fujian", None, everything_else=True) is None
    assert words.open_attribute_of("fujian", "*") is None
    assert words.open_attribute_of("deyang", "05", everything_else=True) is None
    assert words.open_attribute_of("zhenjiang", "0") == "1"
    assert words.open_attribute_of("wuhu", "1") == "1"
    with pytest.raises(KeyError):
        words.open_attribute_of("atlantis", "1")


def test_portal_keys():
    assert "guizhou" in words.portal_keys("update_frequency_portals")
    assert "fujian" in words.portal_keys("open_attribute_portal_codes")


@pytest.mark.parametrize(
    ("word", "codes"),
    [
        ("城建住房", ("5",)),
        ("市场监督", ("15",)),
        ("市场监管", ("15",)),
        ("其它", ("22",)),
        ("卫生健康", ("2",)),
        ("能源资源", ("9",)),
        ("公共安全、城建住房、生活服务", ("4", "5", "18")),
        ("信用服务,教育文化,信用服务", ("1", "7")),
        ("财税金融|社会救助", ("13", "16")),
        ("民生服务，医疗卫生，", ("2",)),
        ("工业、农业", ("11",)),
        ("科技、教育", ()),  # one theme of GB/T 21063.4 that covers two domains
        ("城乡建设、环境保护", ()),
        ("教育科技", ()),
        ("资源环境", ()),
        ("默认主题", ()),
        ("每年", ()),
        ("1", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_domains(word, codes):
    assert words.domains(word) == codes


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("农、林、牧、渔业", "A"),
        ("农林牧渔业", "A"),
        ("农,林,牧,渔业", "A"),
        ("居民服 务、修理和其他服务业", "O"),
        ("电力、燃气及水的生产和供应业", "D"),
        ("公共管理和社会组织", "S"),
        ("教育", "P"),
        ("畜牧业", "03"),
        ("A", "A"),
        ("Ａ", "A"),
        ("A01", "01"),
        ("A 农、林、牧、渔业", "A"),
        ("A01 农业", "01"),
        ("P83 教育", "83"),
        ("B01", None),
        ("A 制造业", None),
        ("IT业", None),
        ("N/A", None),
        ("1", None),
        ("默认行业", None),
        ("生活服务", None),
        (None, None),
    ],
)
def test_industry(word, code):
    assert words.industry(word) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("C", "C"),
        ("字符型", "C"),
        ("字符串型C", "C"),
        ("日期型D", "D"),
        ("日期型C", None),
        ("数值型（N）", "N"),
        ("VARCHAR", "C"),
        ("varchar2(50)", "C"),
        ("number(10,2)", "N"),
        ("int", "I"),
        ("decimal", "N"),
        ("datetime", "T"),
        ("double precision", "B"),
        ("布尔型", "L"),
        ("其他", None),
        ("geometry", None),
        ("", None),
        (None, None),
    ],
)
def test_item_data_type(word, code):
    assert words.item_data_type(word) == code


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (words.frequency, "update_frequency"),
        (words.open_attribute, "open_attribute"),
        (words.item_data_type, "item_data_type"),
        (words.industry, "gbt4754_2017_section"),
    ],
)
def test_every_label_maps_to_its_code(function, name):
    for concept in codelist(name).values():
        assert function(concept.label_zh) == concept.code


def test_every_domain_label_maps_to_its_code():
    for concept in codelist("open_domain_22").values():
        assert words.domains(concept.label_zh) == (concept.code,)


@given(st.text())
def test_any_word_gives_a_listed_code_or_none(word):
    assert words.frequency(word) in {None, *codelist("update_frequency")}
    assert words.open_attribute(word) in {None, *codelist("open_attribute")}
    assert words.item_data_type(word) in {None, *codelist("item_data_type")}
    assert set(words.domains(word)) <= set(codelist("open_domain_22"))
    sections, parts = codelist("gbt4754_2017_section"), codelist("gbt4754_2017_division")
    assert words.industry(word) in {None, *sections, *parts}


@given(
    st.lists(st.sampled_from(list(codelist("open_domain_22").values())), min_size=1, unique=True),
    st.sampled_from("、,，;；|\n"),
)
def test_lists_of_themes_map_in_order(concepts, separator):
    cell = separator.join(concept.label_zh for concept in concepts)
    assert words.domains(cell) == tuple(concept.code for concept in concepts)
