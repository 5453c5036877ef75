"""Columns, and the values of single cells."""

import datetime

import pytest

from tests.workbook.conftest import HEADERS

pytestmark = pytest.mark.usefixtures("with_plugins")


def column(header):
    from ckanext.cn_govdata.text.clean import fold
    from ckanext.cn_govdata.workbook.columns import by_header

    return by_header()[fold(header)]


def test_the_columns_of_the_template_come_first_and_in_order():
    from ckanext.cn_govdata.workbook.columns import columns

    order = columns()
    assert [each.header for each in order[: len(HEADERS)]] == HEADERS
    assert len({each.header for each in order}) == len(order)
    assert len({each.key for each in order}) == len(order)


def test_every_field_of_the_form_has_a_column():
    from ckanext.cn_govdata.standards.fields import fields_on
    from ckanext.cn_govdata.workbook.columns import columns

    have = {each.field for each in columns() if each.part in (None, "data_items", "contact")}
    without = {
        *("name", "owner_org", "admin_level", "groups", "catalog_path"),
        *("data_items", "contact", "portal_id"),
    }
    shown = {name for name in fields_on("dataset") if not name.startswith("source_")} - without
    assert shown <= have


@pytest.mark.parametrize(
    ("header", "value", "expected"),
    [
        ("类", "部门", "3"),
        ("类", "3", "3"),
        ("项", "307", "307"),
        ("共享类型", "1 无条件共享", "1"),
        ("共享类型", 1.0, "1"),
        ("更新周期", "按年更新", "yearly"),
        ("数据类型", "VARCHAR2(50)", "C"),
        ("数据长度", 18.0, 18),
        ("发布日期", datetime.date(2023, 6, 16), "2023-06-16"),
        ("发布日期", datetime.datetime(2023, 6, 16, 8), "2023-06-16"),  # noqa: DTZ001 - as read
        ("发布日期", "2023", "2023"),
        ("发布日期", 2023.0, "2023"),
        ("行政区划代码", "济南市", "370100"),
        ("行政区划代码", 370100.0, "370100"),
        ("目录标签", "医疗卫生；住房保障", ["1", "7"]),
        ("是否电子证明", "否", "False"),
        ("是否电子证明", False, "False"),
        ("信息资源名称", "  甲\n乙 ", "甲 乙"),
        ("信息资源名称", "暂无", None),
        ("信息资源名称", "", None),
    ],
)
def test_cells(header, value, expected):
    from ckanext.cn_govdata.workbook import cells

    assert cells.read(column(header), value) == expected


@pytest.mark.parametrize(
    ("header", "value"),
    [("共享类型", "随便"), ("数据长度", "很长"), ("发布日期", "昨天"), ("数据存储总量(GB)", "x")],
)
def test_cells_that_break_a_rule(header, value):
    from ckanext.cn_govdata.workbook import cells

    with pytest.raises(ValueError, match=r"."):
        cells.read(column(header), value)


def test_every_code_is_read_as_it_is_written():
    from ckanext.cn_govdata.schema.codes import labels
    from ckanext.cn_govdata.workbook import cells
    from ckanext.cn_govdata.workbook.columns import columns

    lists = {each.code_list for each in columns() if each.code_list}
    assert len(lists) > 15
    for name in lists:
        for code in labels(name):
            assert cells.code_of(name, cells.label_of(name, code)) == code
            assert cells.code_of(name, code) == code
