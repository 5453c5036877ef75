"""Files: which are read, which are refused and why."""

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from tests.workbook.conftest import HEADERS, dataset

pytestmark = pytest.mark.usefixtures("with_plugins")


def entries(path):
    from ckanext.cn_govdata.workbook import convert, header, read

    found = []
    for sheet in read.sheets(path):
        table = header.find(sheet)
        found += convert.datasets(table) if table else []
    return found


def facts(found):
    return [(each.fields["title"], len(each.parts["data_items"])) for each in found]


def refused(path):
    from ckanext.cn_govdata.workbook.problems import Refused

    with pytest.raises(Refused) as refusal:
        entries(path)
    return str(refusal.value)


TWO = [("数据集1", 3), ("数据集2", 3)]


@pytest.mark.smoke
def test_merged_cells_below_titles(book):
    assert facts(entries(book(dataset(1), dataset(2)))) == TWO


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv(text, encoding):
    assert facts(entries(text(dataset(1), dataset(2), encoding=encoding))) == TWO


def test_csv_that_repeats_the_cells_of_a_dataset(text, tmp_path):
    path = text(dataset(1), dataset(2))
    rows = [line.split(",") for line in path.read_text("utf-8").splitlines()]
    filled = rows[:2]
    for row in rows[2:]:
        own = row if row[4] else filled[-1]
        filled.append([row[n] if n in range(12, 15) else own[n] for n in range(len(row))])
    path.write_text("\n".join(",".join(row) for row in filled), "utf-8")
    assert facts(entries(path)) == TWO


def test_rows_that_contradict(text):
    path = text(dataset(1))
    lines = path.read_text("utf-8").splitlines()
    cells = lines[2].split(",")
    cells[9] = "另一摘要"
    lines[2] = ",".join(cells)
    path.write_text("\n".join(lines), "utf-8")
    (entry,) = entries(path)
    (problem,) = [p for p in entry.problems if p.is_error]
    assert (problem.cell, problem.value) == ("J3", "另一摘要")


def test_a_header_of_two_rows(tmp_path):
    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(path) as file:
        sheet = file.add_worksheet()
        sheet.write(0, 0, "目录")
        for place, name in enumerate(["信息资源名称", "信息资源摘要"]):
            sheet.merge_range(1, place, 2, place, name)
        sheet.merge_range(1, 2, 1, 4, "信息项信息")
        sheet.write_row(2, 2, ["名称", "数据类型", "长度"])
        sheet.merge_range(1, 5, 1, 6, "共享方式")
        sheet.write_row(2, 5, ["共享方式分类", "共享方式类型"])
        sheet.write_row(3, 0, ["甲", "摘要", "列一", "C", 5, "邮件", "文件"])
    (entry,) = entries(path)
    assert entry.fields["share_mode_category"] == "2"
    assert entry.parts["data_items"] == [{"name_zh": "列一", "data_type": "C", "length": 5}]
    assert entry.row == 3


def test_merged_classes_over_several_datasets_and_empty_columns_on_the_left(tmp_path):
    path = tmp_path / "left.xlsx"
    with xlsxwriter.Workbook(path) as file:
        sheet = file.add_worksheet()
        sheet.write_row(0, 2, ["类", "信息资源名称", "信息资源摘要", "信息项名称"])
        sheet.merge_range(1, 2, 2, 2, "主题信息资源目录")
        sheet.write_row(1, 3, ["甲", "摘要", "列一"])
        sheet.write_row(2, 3, ["乙", "摘要", "列一"])
    found = entries(path)
    assert [(each.fields["title"], each.fields["catalog_class"]) for each in found] == [
        ("甲", "2"),
        ("乙", "2"),
    ]


def test_the_survey_edition(text):
    headers = (*HEADERS[:12], "数据存储总量（GB）", "结构化信息记录总数", *HEADERS[12:])
    changes = {"数据存储总量（GB）": "1.5", "结构化信息记录总数": "1,286", "备注": "见附件"}
    (entry,) = entries(text(dataset(1, **changes), headers=headers))
    assert entry.fields["data_volume"] == 1_610_612_736
    assert entry.fields["record_count"] == 1286
    assert [(p.severity, p.header) for p in entry.problems] == [("warning", "备注")]


def test_an_old_workbook():
    # Two datasets of three items with merged cells, as BIFF8.
    (first, second) = entries(Path(__file__).parent / "data" / "book.xls")
    assert facts([first, second]) == TWO
    assert first.fields["issued"] == "2023-06-16"
    assert second.parts["data_items"][2] == {"name_zh": "设立日期", "data_type": "D"}


def test_no_header(tmp_path):
    path = tmp_path / "list.csv"
    path.write_text("code,label\n1,甲\n", "utf-8")
    from ckanext.cn_govdata.workbook import header, read

    assert [header.find(sheet) for sheet in read.sheets(path)] == [None]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither"),
        (b"PK\x03\x04 not a zip", "unpacked"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "no workbook"),
        ("名称".encode("utf-16-be") * 10 + b"\xff\xff", "neither UTF-8"),
    ],
    ids=["empty", "image", "not a zip", "not an xls", "not text"],
)
def test_what_is_no_workbook(tmp_path, content, reason):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert reason in refused(path)


def test_a_large_file(tmp_path):
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    assert "more than 50 MB" in refused(path)


def packed(path, **parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        for name, content in parts.items():
            package.writestr(f"xl/worksheets/{name}.xml", content)
    return path


def test_a_zip_bomb(tmp_path):
    path = packed(tmp_path / "bomb.xlsx", sheet1=bytes(310_000_000))
    assert path.stat().st_size < 1_000_000
    assert "more than 300 MB" in refused(path)


def test_a_zip_bomb_that_lies(tmp_path):
    path = packed(tmp_path / "liar.xlsx", sheet1=bytes(5_000_000))
    data = path.read_bytes()
    size = (5_000_000).to_bytes(4, "little")
    assert size in data
    path.write_bytes(data.replace(size, (1000).to_bytes(4, "little")))
    assert "unpacked" in refused(path)


def test_a_far_cell(tmp_path):
    far = '<worksheet><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    assert "too large" in refused(packed(tmp_path / "far.xlsx", sheet1=far))


def test_too_many_rows(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("信息资源名称,信息资源摘要,信息项名称\n" + "甲,乙,丙\n" * 200_001, "utf-8")
    assert "200000 rows" in refused(path)
