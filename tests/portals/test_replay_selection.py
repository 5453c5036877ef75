"""How the selection masks records and gives them ids. No real number stands here."""

from __future__ import annotations

import pytest

from . import catalogue, selection

MOBILE = "13" + "8" * 9
PORTALS = {portal.file: portal for portal in catalogue.portals()}


def test_personal_data_is_masked():
    assert selection.mask(f"电话{MOBILE}、0772-4278900") == f"电话{'1' + '*' * 10}、0772-4278900"
    assert "8888" not in selection.mask(f"联系QQ {'8' * 8}@qq.com")
    assert selection.mask("bgs@laibin.gov.cn") == "bgs@laibin.gov.cn"
    assert selection.mask([f"{MOBILE}", 5, None]) == ["1" + "*" * 10, 5, None]
    assert selection.mask("标签\r\n\t\xa0企业") == "标签\r\n\t\xa0企业"


@pytest.mark.parametrize(
    ("file", "address", "wanted"),
    [
        ("guangxi_laibin", "https://x/lb/catalog/" + "a" * 32, "a" * 32),
        ("guizhou_zunyi", "http://x/open-data/933e6328-7da3-491d-a4fe-7e04245d9e08", None),
        ("sichuan_deyang", "https://x/#/DataSet/3066%2F025626", "3066/025626"),
        ("zhejiang_wenzhou", "http://x/jdop_front/detail/data.do?iid=12293", "12293"),
    ],
)
def test_ids_come_from_the_address(file, address, wanted):
    found = selection.identifier(PORTALS[file], {"标题": "甲", "详情页网址": address})
    assert found == (wanted or address.rpartition("/")[2])


def test_made_ids_are_stable_and_have_the_shape_of_the_family():
    made = [selection.identifier(PORTALS["anhui_luan"], {"标题": title}) for title in "甲乙甲"]
    assert made[0] == made[2] != made[1]
    assert len(made[0]) == 32
    assert len(selection.identifier(PORTALS["anhui_suzhou"], {"标题": "甲"})) == 20
    assert selection.identifier(PORTALS["fujian_fuzhou"], {"名称": "甲"})[:6] == "35010/"


def test_an_id_that_reads_like_a_mobile_number_is_replaced():
    address = f"https://x/oportal/catalog/{'A' * 21}{MOBILE}"
    found = selection.identifier(PORTALS["jiangsu_suqian"], {"详情页网址": address})
    assert MOBILE not in found
    assert found.isupper()
    assert len(found) == 32


def test_two_records_with_one_id_are_refused():
    address = "https://x/lb/catalog/" + "a" * 32
    one, other = {"标题": "甲", "详情页网址": address}, {"标题": "乙", "详情页网址": address}
    assert len(selection.selected(PORTALS["guangxi_laibin"], [one, one])) == 1
    with pytest.raises(ValueError, match="two records"):
        selection.selected(PORTALS["guangxi_laibin"], [one, other])
