"""fujian-open-portal: the province and its cities, ids with a slash, data items."""

from __future__ import annotations

from ckanext.cn_govdata.crawl.messages import Outcome

from .wire import Wire, crawl

ID = "0A1B2C3D4E5F60718293A4B5C6D7E8F9"


def wire() -> Wire:
    return Wire(
        "fujian-open-portal",
        {
            "list? pageNum=1&": "catalog-list.json",
            "list?": '{"data": {"total": 7368, "rows": []}}',
            f"getCataInfo?cataId={ID}": "getCataInfo.json",
            "getCataInfo?cataId=350200000000/20118": '{"code": "500", "msg": "操作失败"}',
            "getCataInfo": '{"code": 200, "data": {"tags": "运输"}}',
            f"getCataItem?cataId={ID}": "getCataItem.json",
            "getCataItem": '{"code": 200, "data": []}',
        },
    )


def test_records():
    records, report = crawl("350000", wire())
    assert (report.outcome, report.total) == (Outcome.INCOMPLETE, 7368)
    record = records[ID]
    assert (record.title, record.provider_name) == ("福建省森林公园名录", "省林业局")
    assert (record.open_attribute, record.frequency, record.industry) == ("1", "yearly", "A")
    assert (record.issued, record.modified) == ("2020-11-20", "2023-06-01")
    assert (record.record_count, record.tags) == (182, ("森林公园", "林业"))
    assert record.contact[0].phone == "0591-87841234"
    assert [one.name_en for one in record.data_items] == ["GYMC", "JB", "MJ"]
    assert record.data_items[2].name_zh == "面积（公顷）"
    assert records["FFEE2C3D4E5F60718293A4B5C6D7E8F9"].open_attribute == "2"


def test_a_failing_dataset_is_counted_and_the_others_land():
    asked = wire()
    records, report = crawl("350000", asked)
    assert any("cataId=350200000000%2F20118" in one.url for one in asked.requests)
    assert set(records) == {ID, "FFEE2C3D4E5F60718293A4B5C6D7E8F9"}
    assert report.failed_details == 1


def test_a_city_is_asked_for_by_its_code():
    asked = wire()
    crawl("350100-fujian", asked)
    assert asked.requests[0].url.endswith("type=2&currentTab=city&cityCode=350100000000")
