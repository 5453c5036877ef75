"""Import: what is written, what is left alone, what is refused and how it is named."""

import pytest
from ckan.tests.helpers import call_action

from tests.workbook.conftest import dataset

pytestmark = pytest.mark.usefixtures("with_plugins")


def stored(code="307370100/000123"):
    from ckan import model

    for package in model.Session.query(model.Package).filter_by(state="active"):
        if package.extras.get("resource_code") == code:
            return call_action("package_show", id=package.id)
    return None


def count():
    from ckan import model

    return model.Session.query(model.Package).filter_by(state="active").count()


@pytest.mark.smoke
def test_a_workbook_becomes_datasets(run, book):
    result = run(book(dataset(), dataset(2, items=())))
    assert [p.as_dict() for p in result.problems if p.is_error] == []
    assert (result.created, result.refused, result.written) == (2, 0, True)
    shown = stored()
    expected = {
        "title": "医疗机构基本信息",
        "catalog_class": "3",
        "catalog_item": "307",
        "catalog_path": "卫生健康/医疗机构",
        "provider_uscc": "11100000MB0341032Y",
        "format_category": "3",
        "share_type": "2",
        "share_mode_category": "1",
        "share_mode_type": "3",
        "open_attribute": "2",
        "open_condition": "登录后申请",
        "frequency": "monthly",
        "issued": "2023-06-16",
        "related_codes": ["307370100/000001", "307370100/000002"],
        "domain": "2",
        "division_code": "370100",
        "admin_level": "prefecture",
        "data_items": [
            {"name_zh": "机构名称", "data_type": "C", "length": 100},
            {"name_zh": "床位数", "data_type": "N", "length": 8},
            {"name_zh": "设立日期", "data_type": "D"},
        ],
    }
    assert {name: shown.get(name) for name in expected} == expected


def test_a_second_import_changes_nothing(run, book):
    path = book(dataset(), dataset(2))
    run(path)
    before = stored()
    again = run(path)
    assert (again.created, again.updated, again.unchanged) == (0, 0, 2)
    assert stored() == before


def test_a_changed_row_updates_by_resource_code(run, book):
    run(book(dataset(), dataset(2)))
    before = stored()
    result = run(book(dataset(信息资源名称="新名称", 开放条件="", 是否向社会开放="否"), dataset(2)))
    assert (result.created, result.updated, result.unchanged) == (0, 1, 1)
    after = stored()
    assert (after["id"], after["title"]) == (before["id"], "新名称")
    assert after["open_attribute"] == "3"
    assert "open_condition" not in after
    assert after["data_items"] == before["data_items"]


def test_a_field_without_a_column_stays(run, book):
    run(book(dataset()))
    call_action(
        "package_patch", id=stored()["id"], registration_code="GGSJ-1", tags=[{"name": "医疗"}]
    )
    assert run(book(dataset(信息资源名称="新名称"))).as_dict()["problems"] == []
    after = stored()
    assert (after["registration_code"], after["title"]) == ("GGSJ-1", "新名称")
    assert [tag["name"] for tag in after["tags"]] == ["医疗"]


def test_a_dry_run_writes_nothing(run, book):
    result = run(book(dataset()), dry_run=True)
    assert (result.created, result.written, count()) == (1, False, 0)


def test_an_error_keeps_all_from_being_written_unless_partial(run, book):
    path = book(dataset(), dataset(2, 更新周期="", 共享类型="随便"))
    result = run(path)
    assert (result.refused, result.written, count()) == (1, False, 0)
    partial = run(path, partial=True)
    assert (partial.created, partial.refused, count()) == (1, 1, 1)


def test_problems_are_named_by_sheet_cell_value_and_rule(run, book):
    result = run(book(dataset(), dataset(2, 共享类型="随便", 资源提供方代码="11100000MB0341032X")))
    (problem,) = [p for p in result.problems if p.header == "共享类型"]
    # Title, note and header take three rows, the first dataset three more.
    assert (problem.sheet, problem.cell, problem.value) == ("目录", "P7", "随便")
    assert "share_type" in problem.rule
    assert problem.severity == "error"


def test_the_site_s_schema_is_asked_before_anything_is_written(run, book):
    result = run(book(dataset(资源提供方代码="11100000MB0341032X", 信息资源摘要="")))
    assert {p.cell: p.value for p in result.problems} == {"I4": "11100000MB0341032X", "J4": ""}
    assert result.refused == 1
    assert count() == 0


MOBILE = "139" + "00001234"


@pytest.mark.parametrize(
    ("changes", "header"),
    [
        ({"共享类型": "不予共享"}, "是否向社会开放"),
        ({"发布日期": "昨天"}, "发布日期"),
        ({"信息资源摘要": f"请致电{MOBILE}咨询"}, "信息资源摘要"),
        ({"项": "没有这一项"}, "项"),
    ],
)
def test_rules(run, book, changes, header):
    result = run(book(dataset(**changes)), dry_run=True)
    assert header in {p.header for p in result.problems if p.is_error}
    assert not any(MOBILE in p.value for p in result.problems)


def test_an_unknown_frequency_is_kept_as_written(run, book):
    result = run(book(dataset(更新周期="随缘")), dry_run=True)
    severities = [p.severity for p in result.problems if p.header == "更新周期"]
    # The word is a warning; that the field is missing is the error.
    assert severities == ["warning", "error"]


def test_the_same_dataset_twice(run, book):
    result = run(book(dataset(), dataset(2), dataset()), dry_run=True)
    assert result.refused == 1
    assert [p.cell for p in result.problems if p.is_error] == ["F10"]


def test_without_a_code_the_title_tells(run, book):
    path = book(dataset(信息资源代码=""))
    assert run(path).created == 1
    again = run(path)
    assert (again.created, again.unchanged) == (0, 1)


def test_an_unknown_organisation(book, jinan):
    import ckan.plugins.toolkit as tk

    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.workbook import import_

    with pytest.raises(tk.ObjectNotFound):
        import_.run(book(dataset()), "nobody", as_site_user)
