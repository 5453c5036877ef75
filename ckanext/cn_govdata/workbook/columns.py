"""The columns of the reporting workbook as data: header, field of the dataset schema, kind of value.

First come those of the reporting template of the guide 发改高技〔2017〕1272号, in its order, then the
other fields that the dataset form shows, so that a workbook holds a whole dataset.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema.codes import SIMPLIFIED, TRADITIONAL
from ckanext.cn_govdata.schema.package import DATASET_TYPE
from ckanext.cn_govdata.text.clean import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

# Parts of a dataset that repeat: the n-th row of a dataset holds the n-th of each.
PARTS = ("data_items", "contact", "resources")
RESOURCES_LABEL = "下载资源"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `field` is a field of the schema or, in angle brackets, a word about several.

    `part` names the repeating part that it belongs to; `kind` says how a cell is read and
    written (`cells.READERS`); `other_headers` are the headers under which it is also read.
    """

    header: str
    field: str
    kind: str
    code_list: str | None = None
    part: str | None = None
    other_headers: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str | None, str]:
        """What the column holds: the repeating part, if any, and the field."""
        return self.part, self.field


def _item(header: str, field: str, kind: str, *other: str, code_list: str | None = None) -> Column:
    return Column(header, field, kind, code_list, "data_items", other)


def _column(header: str, field: str, kind: str, *other: str) -> Column:
    return Column(header, field, kind, None, None, other)


def _coded(header: str, field: str, code_list: str, *other: str) -> Column:
    return Column(header, field, "code", code_list, None, other)


# standards.md 1.3: the union of three importers of the template.
NATIONAL = (
    _coded("类", "catalog_class", "gov_catalog_class", "信息资源分类-类", "信息资源分类"),
    _coded("项", "catalog_item", "gov_catalog_item", "信息资源分类-项"),
    _column("目", "<path_first>", "text", "信息资源分类-目"),
    _column("细目", "<path_rest>", "text", "信息资源分类-细目"),
    _column("信息资源名称", "title", "text", "资源名称"),
    _column("信息资源代码", "resource_code", "text", "资源代码"),
    _column("信息资源提供方", "provider_name", "text", "资源提供方"),
    _column("提供方内部部门", "provider_unit", "text", "资源提供方内部部门"),
    _column("资源提供方代码", "provider_uscc", "text", "信息资源提供方代码", "提供方代码"),
    _column("信息资源摘要", "notes", "block", "资源摘要"),
    _coded("信息资源格式分类", "format_category", "format_category", "信息资源格式-格式分类"),
    _column("信息资源格式类型", "<formats>", "text", "信息资源格式-格式类型"),
    _item("信息项名称", "name_zh", "text", "信息项信息-信息项名称", "信息项信息-名称"),
    _item(
        "数据类型",
        "data_type",
        "code",
        "信息项信息-数据类型",
        "信息项数据类型",
        code_list="item_data_type",
    ),
    _item("数据长度", "length", "integer", "信息项信息-数据长度", "信息项信息-长度", "长度"),
    _coded("共享类型", "share_type", "share_type", "共享属性-共享类型"),
    _column("共享条件", "share_condition", "block", "共享属性-共享条件"),
    _coded("共享方式分类", "share_mode_category", "share_mode_category", "共享方式-共享方式分类"),
    _coded("共享方式类型", "share_mode_type", "share_mode_type", "共享方式-共享方式类型"),
    _coded("是否向社会开放", "<open_to_society>", "open_to_society", "开放属性-是否向社会开放"),
    _column("开放条件", "open_condition", "block", "开放属性-开放条件"),
    _coded("更新周期", "frequency", "update_frequency"),
    _column("发布日期", "issued", "date"),
    _column("关联资源代码", "related_codes", "list", "关联及类目名称"),
    _column("备注", "<remark>", "unstored"),
)

# Columns that the survey editions add after the format.
SURVEY = (
    _column("数据存储总量(GB)", "<volume_gb>", "gigabytes", "数据存储总量"),
    _column("结构化信息记录总数", "record_count", "integer", "结构化信息记录总数(条)"),
    *(
        _column(f"{header}({unit})", f"<{field}>", "unstored", header)
        for header, unit, field in (
            ("已共享的数据存储量", "GB", "shared_volume"),
            ("已共享的结构化记录数", "条", "shared_records"),
            ("已开放的数据存储量", "GB", "open_volume"),
            ("已开放的结构化记录数", "条", "open_records"),
        )
    ),
)

# Written by other columns, by the schema itself or by the harvest.
_NOT_COLUMNS = frozenset({"name", "owner_org", "catalog_path", "admin_level"})
_KIND_OF_PRESET = {
    "cn_code": "code",
    "cn_codes": "codes",
    "cn_text_list": "list",
    "cn_integer": "integer",
    "cn_boolean": "code",
    "cn_date": "date",
    "cn_datetime": "datetime",
    "cn_long_text": "block",
    "cn_division": "division",
    "tag_string_autocomplete": "tags",
}


def columns() -> tuple[Column, ...]:
    """The columns of an exported workbook, in order."""
    have = {column.key for column in NATIONAL}
    return (*NATIONAL, *(column for column in _schema_columns() if column.key not in have))


def by_header() -> dict[str, Column]:
    """All columns that are read, by folded header."""
    found: dict[str, Column] = {}
    for column in (*NATIONAL, *SURVEY, *_schema_columns()):
        for header in (column.header, *column.other_headers):
            found.setdefault(fold(header), column)
    return found


def _schema_columns() -> list[Column]:
    schema = tk.h.scheming_get_dataset_schema(DATASET_TYPE)
    found = []
    for field in schema["dataset_fields"]:
        name = field["field_name"]
        if field.get("repeating_subfields"):
            label = field["label"][SIMPLIFIED]
            found += [_of_schema(sub, name, label) for sub in field["repeating_subfields"]]
        elif name == "identifier" or (_in_form(field) and name not in _NOT_COLUMNS):
            found.append(_of_schema(field, None, None))
    for field in schema["resource_fields"]:
        found.append(_of_schema(field, "resources", RESOURCES_LABEL))
    return found


def _in_form(field: Mapping[str, Any]) -> bool:
    return field.get("form_snippet", "text.html") is not None


def _of_schema(field: Mapping[str, Any], part: str | None, part_label: str | None) -> Column:
    labels = field["label"]
    prefix = f"{part_label}：" if part_label else ""
    name = field.get("record_field", field["field_name"])
    kind = _KIND_OF_PRESET.get(field.get("preset", ""), "block" if name == "notes" else "text")
    if part == "resources" and name == "description":
        kind = "block"
    return Column(
        f"{prefix}{labels[SIMPLIFIED]}",
        name,
        kind,
        field.get("code_list"),
        part,
        (f"{prefix}{labels[TRADITIONAL]}",),
    )
