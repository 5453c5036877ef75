"""Functional zones."""

import pytest

from ckanext.cn_govdata.standards import divisions


@pytest.mark.parametrize(
    ("wanted", "name", "host"),
    [
        ("320576", "苏州工业园区", "320500"),
        ("苏州工业园区", "苏州工业园区", "320500"),
        ("徐州经开区", "徐州经济技术开发区", "320300"),
        ("淮安市经济技术开发区", "淮安经济技术开发区", "320800"),
        ("芜湖三山经济开发区", "安徽芜湖三山经济开发区", "340200"),
        ("合肥高新区管委会", "合肥高新技术产业开发区", "340100"),
        ("兰州新区", "兰州新区", "620100"),
        ("雄安新区", "雄安新区", "130600"),
        ("529900", "贵安新区", "520000"),
        ("平潭综合实验区", "平潭综合实验区", "350128"),
    ],
)
def test_zone(wanted, name, host):
    zone = divisions.zone(wanted)
    assert (zone.name_zh, zone.host_code) == (name, host)


@pytest.mark.parametrize(
    "wanted", ["高新区", "经开区", "管委会", "嘉峪关市", "340122", "", "开发区"]
)
def test_no_zone(wanted):
    assert divisions.zone(wanted) is None


def test_zones_lie_in_divisions_of_today_and_have_no_code_of_the_standard():
    for zone in divisions.zones():
        assert divisions.get(zone.host_code).current
        assert zone.code is None or divisions.get(zone.code) is None
        assert divisions.zone(zone.name_zh) == zone
        assert zone.source
