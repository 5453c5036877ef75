"""Workbooks as operators fill them in: cells of datasets, written to .xlsx and .csv."""

import csv

import xlsxwriter

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


WITH_DOMAIN = (*HEADERS, "主题领域")


def xlsx(path, datasets, headers=WITH_DOMAIN, titles=("政务信息资源目录", "填报单位：")):
    """Write datasets to an .xlsx file with real merged cells, below a title and a note."""
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


def text(path, datasets, encoding="utf-8", headers=WITH_DOMAIN):
    """Write datasets to a .csv file of an encoding."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(headers)
        for cells, items in datasets:
            writer.writerows(rows_of(cells, items, headers))
    return path
