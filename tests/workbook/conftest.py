"""Workbooks as operators fill them in, and an organisation to import them into."""

import csv

import pytest
import xlsxwriter

from tests.store.conftest import catalogue, writer  # noqa: F401 - fixtures

HEADERS = [
    "类",
    "项",
    "目",
    "细目",
    "信息资源名称",
    "信息资源代码",
    "信息资源提供方",
    "提供方内部部门",
    "资源提供方代码",
    "信息资源摘要",
    "信息资源格式分类",
    "信息资源格式类型",
    "信息项名称",
    "数据类型",
    "数据长度",
    "共享类型",
    "共享条件",
    "共享方式分类",
    "共享方式类型",
    "是否向社会开放",
    "开放条件",
    "更新周期",
    "发布日期",
    "关联资源代码",
    "备注",
]
ROW = {
    "类": "部门信息资源目录",
    "项": "省（自治区、直辖市）及其下各级政务部门",
    "目": "卫生健康",
    "细目": "医疗机构",
    "信息资源名称": "医疗机构基本信息",
    "信息资源代码": "307370100/000123",
    "信息资源提供方": "济南市卫生健康委员会",
    "提供方内部部门": "规划信息处",
    "资源提供方代码": "11100000MB0341032Y",
    "信息资源摘要": "全市医疗卫生机构的名称和地址。",
    "信息资源格式分类": "数据库",
    "信息资源格式类型": "ORACLE",
    "共享类型": "有条件共享",
    "共享条件": "仅限卫生部门",
    "共享方式分类": "共享平台方式",
    "共享方式类型": "接口",
    "是否向社会开放": "是",
    "开放条件": "登录后申请",
    "更新周期": "每月",
    "发布日期": "2023年6月16日",
    "关联资源代码": "307370100/000001、307370100/000002",
    "主题领域": "医疗卫生",
}
ITEMS = (("机构名称", "字符型C", 100), ("床位数", "N", 8), ("设立日期", "日期型", None))


def dataset(number=None, items=ITEMS, **changes):
    """The cells of one dataset and its items."""
    cells = {**ROW, **changes}
    if number is not None:
        cells["信息资源名称"] = f"数据集{number}"
        cells["信息资源代码"] = f"307370100/{number:06}"
    return cells, items


def rows_of(cells, items, headers):
    """The rows of a dataset, own cells in the first only."""
    rows = []
    for number, item in enumerate(items or [(None, None, None)]):
        row = dict(zip(HEADERS[12:15], item, strict=True))
        rows.append([row.get(h, cells.get(h) if number == 0 else None) for h in headers])
    return rows


@pytest.fixture
def book(tmp_path):
    """Write datasets to an .xlsx file with real merged cells, below a title and a note."""

    def write(*datasets, headers=(*HEADERS, "主题领域"), titles=("政务信息资源目录", "填报单位：")):
        path = tmp_path / "book.xlsx"
        with xlsxwriter.Workbook(path) as file:
            sheet = file.add_worksheet("目录")
            for number, title in enumerate(titles):
                sheet.merge_range(number, 0, number, len(headers) - 1, title)
            start = len(titles)
            sheet.write_row(start, 0, headers)
            for cells, items in datasets:
                rows = rows_of(cells, items, headers)
                for row in rows:
                    start += 1
                    sheet.write_row(start, 0, row)
                if len(rows) > 1:
                    first = start - len(rows) + 1
                    for place, header in enumerate(headers):
                        if header not in HEADERS[12:15]:
                            sheet.merge_range(first, place, start, place, cells.get(header, ""))
        return path

    return write


@pytest.fixture
def text(tmp_path):
    """Write datasets to a .csv file of an encoding."""

    def write(*datasets, encoding="utf-8", headers=(*HEADERS, "主题领域")):
        path = tmp_path / "book.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            writer = csv.writer(file)
            writer.writerow(headers)
            for cells, items in datasets:
                writer.writerows(rows_of(cells, items, headers))
        return path

    return write


@pytest.fixture
def jinan(clean_db, clean_index, with_plugins):
    """The organisation of a prefecture, with the theme groups."""
    from ckanext.cn_govdata.schema import organizations, themes

    themes.ensure()
    return organizations.ensure("370100")


@pytest.fixture
def run(jinan):
    """Import a file into the organisation as the command does."""
    from ckanext.cn_govdata.schema.site_user import as_site_user
    from ckanext.cn_govdata.workbook import import_

    def run_(path, **options):
        return import_.run(path, jinan, as_site_user, **options)

    return run_
