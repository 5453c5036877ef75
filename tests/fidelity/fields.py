"""Which label of a normalised harvest belongs to which field, and how its cells are judged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.standards import formats, words
from ckanext.cn_govdata.text import clean, dates, numbers, personal, tags

if TYPE_CHECKING:
    from collections.abc import Callable

LABELS = {
    "title": "标题 资源名称 数据集名称 目录名称 名称 信息资源名称",
    "notes": "描述 摘要 数据摘要 资源摘要 摘要信息 目录摘要 资源描述",
    "provider_name": "来源部门 数据提供方 数源单位 资源提供方 所属部门 提供部门 提供单位 信息资源提供方 所属单位",
    "tags": "标签 关键字 数据标签 关键词 资源标签",
    "domain": "重点领域 数据领域 主题名称 主题 领域分类 领域名称 所属领域 开放领域 主题分类 国家主题分类 所属主题"
    " 开放主题 数据主题 领域",
    "industry": "所属行业 行业分类 行业名称",
    "frequency": "更新频率 更新周期 更新频度",
    "open_attribute": "开放条件 开放属性 开放类型 开放方式 开放状态 是否向社会开放 公开属性",
    "format": "数据格式 资源格式 下载格式",
    "issued": "发布时间 发布日期 首次发布日期 创建日期 创建时间 上线日期 上传时间",
    "modified": "更新时间 更新日期 资源更新日期",
    "record_count": "数据量 数据条数",
    "data_volume": "数据容量",
    "contact.phone": "部门电话 联系方式 联系电话 技术支持电话",
    "contact.email": "部门邮箱 技术支持邮箱",
}
FIELD_OF_LABEL = {label: field for field, text in LABELS.items() for label in text.split()}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the cleaners made of one cell: blank, or the words of it that do not map."""

    blank: bool = False
    changed: bool = False
    unmapped: tuple[str, ...] = ()


def judge(field: str, value: Any) -> Verdict:
    """Run the cleaner of a field over a cell."""
    text = clean.line(value)
    if text is None:
        return Verdict(blank=True)
    return Verdict(
        changed=isinstance(value, str) and text != value, unmapped=_UNMAPPED[field](value, text)
    )


def _whole(read: Callable[[Any], object]) -> Callable[[Any, str], tuple[str, ...]]:
    """Judge a cell as one word, from the value as it stands."""
    return lambda value, text: () if read(value) not in (None, ()) else (text,)


def _coded(read: Callable[[str], object]) -> Callable[[Any, str], tuple[str, ...]]:
    """Judge a cell as one word, from its cleaned text."""
    return lambda _value, text: () if read(text) not in (None, ()) else (text,)


def _formats(value: Any, text: str) -> tuple[str, ...]:
    words_of_cell = formats.format_words(text)
    return tuple(word for word in words_of_cell if formats.kind_of(word) is None)


_UNMAPPED: dict[str, Callable[[Any, str], tuple[str, ...]]] = {
    "title": _whole(clean.line),
    "notes": _whole(clean.block),
    "provider_name": _whole(personal.office_name),
    "tags": lambda value, _text: tags.split(value).dropped,
    "domain": _coded(words.domains),
    "industry": _coded(words.industry),
    "frequency": _coded(words.frequency),
    "open_attribute": _coded(words.open_attribute),
    "format": _formats,
    "issued": _whole(dates.iso_date),
    "modified": _whole(dates.iso_date),
    "record_count": _whole(numbers.count),
    "data_volume": _whole(numbers.size_bytes),
    "contact.phone": _whole(personal.office_phone),
    "contact.email": _whole(personal.office_email),
}
