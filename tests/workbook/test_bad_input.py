"""What operators' files are like at their worst: read rightly, or refused with a reason."""

import shutil
import struct
from pathlib import Path

import pytest
import xlsxwriter

from tests.workbook.books import HEADERS, dataset
from tests.workbook.test_import import count, stored
from tests.workbook.test_read import TWO, entries, facts, refused

pytestmark = pytest.mark.usefixtures("with_plugins")

OLD = Path(__file__).parent / "data" / "book.xls"
EMPTY, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def protected(path):
    """The compound file that Office writes for an .xlsx with a password, its streams empty."""

    def entry(name, kind, child=EMPTY, right=EMPTY):
        raw = name.encode("utf-16-le") + b"\0\0"
        return (
            raw.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(raw), kind, 1, EMPTY, right, child)
            + bytes(36)
            + struct.pack("<IQ", END, 0)
        )

    header = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0)
        + struct.pack("<I", 0)
        + struct.pack("<I", EMPTY) * 108
    )
    fat = struct.pack("<II", FAT, END) + struct.pack("<I", EMPTY) * 126
    directory = (
        entry("Root Entry", 5, child=1)
        + entry("EncryptedPackage", 2, right=2)
        + entry("EncryptionInfo", 2)
        + bytes(128)
    )
    path.write_bytes(header + fat + directory)
    return path


def test_a_protected_workbook(tmp_path):
    assert "password" in refused(protected(tmp_path / "secret.xlsx"))


def test_an_old_workbook_under_a_new_name(tmp_path):
    path = tmp_path / "new.xlsx"
    shutil.copy(OLD, path)
    assert facts(entries(path)) == TWO


def test_a_new_workbook_under_an_old_name(book, tmp_path):
    path = book(dataset(1), dataset(2)).rename(tmp_path / "old.xls")
    assert facts(entries(path)) == TWO


def test_hidden_sheets_are_passed_over(tmp_path):
    path = tmp_path / "hidden.xlsx"
    with xlsxwriter.Workbook(path) as file:
        for name in ("显示", "隐藏", "深藏"):
            sheet = file.add_worksheet(name)
            sheet.write_row(0, 0, ["信息资源名称", "信息资源摘要", "信息项名称"])
            sheet.write_row(1, 0, [name, "摘要", "列"])
        file.get_worksheet_by_name("隐藏").hide()
        file.get_worksheet_by_name("深藏").very_hidden()
    assert facts(entries(path)) == [("显示", 1)]


def test_the_merged_cells_of_a_survey_edition(book):
    headers = (*HEADERS[:12], "数据存储总量（GB）", "结构化信息记录总数", *HEADERS[12:])
    changes = {"数据存储总量（GB）": 2, "结构化信息记录总数": 12000}
    found = entries(book(dataset(1, **changes), dataset(2, **changes), headers=headers))
    assert facts(found) == TWO
    assert [each.fields["data_volume"] for each in found] == [2 * 2**30] * 2
    assert [each.fields["record_count"] for each in found] == [12000] * 2
    assert not [p for each in found for p in each.problems]


def test_a_column_that_nobody_knows_is_named(book):
    headers = ("序号", *HEADERS[:15], "共享类形", *HEADERS[16:])
    (first, second) = entries(book(dataset(1), dataset(2), headers=headers))
    assert [(p.severity, p.cell, p.header) for p in first.problems] == [
        ("warning", "A3", "序号"),
        ("warning", "Q3", "共享类形"),
    ]
    assert second.problems == []
    assert "share_type" not in first.fields


def test_a_column_that_is_named_twice(book):
    (entry,) = entries(book(dataset(1), headers=(*HEADERS, "信息资源名称")))
    assert [(p.cell, p.header) for p in entry.problems] == [("Z3", "信息资源名称")]


def test_values_in_the_wrong_column(run, book):
    moved = {"共享类型": "每月", "更新周期": "有条件共享", "发布日期": "数据库"}
    result = run(book(dataset(1, **moved), dataset(2)), dry_run=True)
    assert result.refused == 1
    severities = {problem.header: problem.severity for problem in result.problems}
    assert severities == {"共享类型": "error", "更新周期": "warning", "发布日期": "error"}


@pytest.mark.parametrize(
    ("header", "value", "field", "expected"),
    [
        ("信息资源名称", 2023, "title", "2023"),
        ("信息资源代码", 307370100000123, "resource_code", "307370100000123"),
        ("发布日期", 45093, "issued", "2023-06-16"),
        ("发布日期", "45093", "issued", "2023-06-16"),
        ("发布日期", 45093.75, "issued", "2023-06-16"),
        ("发布日期", "20230616", "issued", "2023-06-16"),
        ("发布日期", "2023/6/16", "issued", "2023-06-16"),
        ("是否向社会开放", True, "open_attribute", "2"),
        ("项", 307, "catalog_item", "307"),
    ],
)
def test_numbers_as_text_and_texts_as_numbers(book, header, value, field, expected):
    (entry,) = entries(book(dataset(**{header: value})))
    assert entry.fields[field] == expected
    assert not entry.has_errors


def test_a_length_that_is_a_text(book):
    (entry,) = entries(book(dataset(items=[("名称", "字符型C", "1,286"), ("编号", "C", " 18 ")])))
    assert [item["length"] for item in entry.parts["data_items"]] == [1286, 18]


def test_a_formula_gives_its_value_and_never_runs(tmp_path):
    path = tmp_path / "formula.xlsx"
    with xlsxwriter.Workbook(path) as file:
        sheet = file.add_worksheet()
        sheet.write_row(0, 0, ["信息资源名称", "信息资源摘要", "信息项名称"])
        sheet.write_formula(1, 0, '=CONCATENATE("甲","乙")', None, "甲乙")
        sheet.write_formula(1, 1, '=HYPERLINK("http://example.cn","摘要")', None, "摘要")
        sheet.write_string(1, 2, "=cmd|' /C calc'!A0")
    (entry,) = entries(path)
    assert (entry.fields["title"], entry.fields["notes"]) == ("甲乙", "摘要")
    assert entry.parts["data_items"][0]["name_zh"] == "=cmd|' /C calc'!A0"


def test_another_organisation_s_workbook_changes_nothing_of_its(run, book, tmp_path):
    """The export of one organisation, imported into another: refused, nothing is taken over."""
    from ckanext.cn_govdata.schema import organizations
    from ckanext.cn_govdata.schema.site_user import contexts
    from ckanext.cn_govdata.workbook import export, import_

    run(book(dataset(), dataset(2)))
    before = stored()
    path = tmp_path / "export.xlsx"
    filter_ = export.of_organization("cn-370100")
    export.to_file(path, export.found(contexts()(), filter_=filter_))
    other = organizations.ensure("370200")
    result = import_.run(path, other, contexts(), partial=True)
    assert (result.created, result.updated, result.refused, count()) == (0, 0, 2, 2)
    assert {p.header for p in result.problems if p.is_error} == {"标识符"}
    assert stored() == before


def test_a_code_of_another_organisation_is_said(run, book):
    from ckanext.cn_govdata.schema import organizations
    from ckanext.cn_govdata.schema.site_user import contexts
    from ckanext.cn_govdata.workbook import import_

    path = book(dataset())
    run(path)
    before = stored()
    other = organizations.ensure("370200")
    result = import_.run(path, other, contexts())
    assert (result.created, result.refused, count()) == (1, 0, 2)
    assert [(p.severity, p.header) for p in result.problems] == [("warning", "信息资源代码")]
    from ckan.tests.helpers import call_action

    assert call_action("package_show", id=before["id"]) == before
