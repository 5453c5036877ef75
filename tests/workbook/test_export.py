"""Export: the file itself, and that its import gives equal datasets."""

import csv

import pytest
from ckan.tests.helpers import call_action

from tests.schema.conftest import FULL, RESOURCES, TAGS

pytestmark = pytest.mark.usefixtures("with_plugins")

FULL_TITLE = '=HYPERLINK("http://example.cn")'
NOT_IN_WORKBOOK = {"portal_id", "source_id", "source_modified"} | {
    "source_views",
    "source_downloads",
    "source_extra",
}


@pytest.fixture
def full(jinan):
    """A dataset that fills every field, with the signs of formulas in its texts."""
    from ckanext.cn_govdata.schema.site_user import as_site_user

    data = {
        **FULL,
        "title": FULL_TITLE,
        "notes": "@第一行\n\n-第二段",
        "contact": [*FULL["contact"], {"name": "信息中心", "phone": "0531-66601601"}],
        "tags": [{"name": tag} for tag in TAGS],
        "resources": [dict(resource) for resource in RESOURCES],
        "owner_org": jinan,
    }
    return call_action("package_create", as_site_user(), **data)


def as_user():
    from ckanext.cn_govdata.schema.site_user import as_site_user

    return as_site_user()


def exported(path, name="cn-370100"):
    from ckanext.cn_govdata.workbook import export

    return export.to_file(path, export.found(as_user(), "*:*", export.of_organization(name)))


def facts(package):
    """What a workbook holds of a dataset."""
    shown = {name: package[name] for name in FULL if name in package}
    for name in NOT_IN_WORKBOOK:
        shown.pop(name, None)
    shown["identifier"] = package["identifier"]
    shown["tags"] = sorted(tag["name"] for tag in package["tags"])
    shown["resources"] = [
        {name: resource[name] for name in RESOURCES[0] if resource.get(name) is not None}
        for resource in package["resources"]
    ]
    return shown


@pytest.mark.smoke
@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_every_field_comes_back_equal(full, run, tmp_path, ending):
    path = tmp_path / f"out.{ending}"
    assert exported(path) == 1
    same = run(path)
    assert [p.as_dict() for p in same.problems] == []
    assert (same.created, same.updated, same.unchanged) == (0, 0, 1)
    call_action("dataset_purge", as_user(), id=full["id"])
    anew = run(path)
    assert [p.as_dict() for p in anew.problems] == []
    assert anew.created == 1
    (found,) = call_action("package_search", as_user())["results"]
    assert facts(found) == facts(full)


def test_resources_keep_their_ids(full, run, tmp_path):
    path = tmp_path / "out.csv"
    exported(path)
    path.write_text(path.read_text("utf-8-sig").replace("查询接口", "接口二"), "utf-8")
    assert run(path).updated == 1
    shown = call_action("package_show", id=full["id"])
    assert [r["id"] for r in shown["resources"]] == [r["id"] for r in full["resources"]]
    assert shown["resources"][1]["name"] == "接口二"
    assert shown["source_extra"] == full["source_extra"]


def test_merged_cells_drop_downs_and_formats(full, tmp_path):
    import openpyxl

    path = tmp_path / "out.xlsx"
    exported(path)
    sheet = openpyxl.load_workbook(path)["信息资源目录"]
    headers = [cell.value for cell in sheet[1]]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert "A2:A3" in merged
    assert not {area for area in merged if area.startswith("M")}
    title = sheet.cell(2, headers.index("信息资源名称") + 1)
    assert (title.value, title.data_type) == (FULL_TITLE, "s")
    issued = sheet.cell(2, headers.index("发布日期") + 1)
    assert (issued.is_date, issued.number_format) == (True, "yyyy-mm-dd")
    assert sheet.cell(2, headers.index("数据长度") + 1).value == 100
    lists = {str(v.sqref): v.formula1 for v in sheet.data_validations.dataValidation}
    assert lists["P2:P200001"].startswith("'代码表'!")


def test_no_formula_in_csv(full, tmp_path):
    path = tmp_path / "out.csv"
    exported(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert f"'{FULL_TITLE}" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("title", ["=1+1", "'=1+1", "''=x", "'引用'", "+86", "-", "@a"])
def test_signs_of_formulas_come_back_from_csv(tmp_path, with_plugins, title):
    from ckanext.cn_govdata.text.csv_cells import csv_text
    from ckanext.cn_govdata.workbook import read

    path = tmp_path / "out.csv"
    path.write_text(csv_text([[title]]), "utf-8")
    assert next(next(read.sheets(path)).rows) == [title]
    assert not path.read_text("utf-8").startswith(("=", "+", "-", "@"))


def test_an_empty_template(jinan, run, tmp_path):
    from ckanext.cn_govdata.workbook import export, header, read

    path = tmp_path / "template.xlsx"
    export.to_file(path, ())
    tables = [header.find(sheet) for sheet in read.sheets(path)]
    assert len(tables[0].columns) > 60
    assert tables[1] is None
    assert run(path).as_dict()["created"] == 0
