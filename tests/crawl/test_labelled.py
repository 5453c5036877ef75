"""Cells under labels become a raw record."""

import pytest

from ckanext.cn_govdata.crawl.labelled import raw_of


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ({"标题": "甲"}, "title", "甲"),
        ({"创建日期": "2020-01-01", "发布日期": "2021-01-01"}, "issued", "2021-01-01"),
        ({"开放条件": "无条件开放"}, "open_attribute", "无条件开放"),
        ({"开放条件": "用于数据校验"}, "open_condition", "用于数据校验"),
        ({"重点领域": "医疗", "主题": ["卫生"]}, "domain_text", ["医疗", "卫生"]),
        ({"更新频率": "暂无"}, "frequency_text", None),
    ],
)
def test_a_label_leads_to_its_field(cells, field, value):
    assert raw_of(cells, "1")[0]["list"].get(field) == value


def test_what_no_field_takes_is_kept():
    raw, used = raw_of({"版本号": "v3", "创建日期": "2020-01-01", "发布日期": "2021-01-01"}, "1")
    assert raw["extra"] == {"版本号": "v3", "创建日期": "2020-01-01"}
    assert used == {"发布日期": "issued"}
