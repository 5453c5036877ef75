"""Stored records: what one portal shows about one dataset, under the portal's own labels."""

from __future__ import annotations

import ast
import gzip
import hashlib
import json
import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CHINA = timezone(timedelta(hours=8))

# The labels under which portals show one thing, in the order in which they count.
TITLE = ("标题", "资源名称", "名称", "数据集名称", "目录名称", "信息资源名称", "数据名称")
NOTES = (
    "描述",
    "数据摘要",
    "摘要",
    "资源摘要",
    "摘要信息",
    "资源描述",
    "目录摘要",
    "简介",
    "目录描述",
)
PROVIDER = (
    *("来源部门", "数据提供方", "数源单位", "资源提供方", "提供单位", "所属部门", "提供部门"),
    *("所属单位", "信息资源提供方", "提供方", "发布部门", "数据来源"),
)
DOMAIN = (
    *("重点领域", "主题名称", "数据领域", "主题分类", "领域名称", "领域", "所属领域", "数据主题"),
    *("开放领域", "主题", "所属主题", "领域分类", "开放主题", "国家主题分类"),
)
INDUSTRY = ("所属行业", "行业分类", "行业名称")
OPENNESS = (
    *("开放条件", "开放类型", "开放状态", "开放属性", "开放方式", "公开属性", "是否向社会开放"),
    "开放等级",
)
ISSUED = (
    "发布时间",
    "发布日期",
    "首次发布日期",
    "首次发布时间",
    "创建时间",
    "创建日期",
    "上线日期",
    "上传时间",
)
MODIFIED = ("更新时间", "更新日期", "资源更新日期", "最后更新时间", "数据更新时间")
FREQUENCY = ("更新频率", "更新周期", "更新频度")
TAGS = ("标签", "关键字", "关键词", "数据标签", "资源标签")
FORMATS = ("数据格式", "资源格式", "下载格式", "文件格式")
PHONE = ("部门电话", "联系方式", "联系电话", "技术支持电话", "咨询电话")
EMAIL = ("部门邮箱", "技术支持邮箱", "电子邮箱", "邮箱地址")
COUNT = ("数据量", "文件数", "数据条数")
VOLUME = ("数据容量",)
ADDRESS = ("详情页网址", "url")  # of a record's page: where its id is, not shown on the page


@dataclass(frozen=True)
class Record:
    """One dataset. `cells` are the portal's labels and values; `division` the sub-site.

    `aside` collects, while it is shown, the labels that its family has no member for.
    """

    id: str
    cells: Mapping[str, Any] = field(default_factory=dict)
    division: str = ""
    aside: set[str] = field(default_factory=set, compare=False, repr=False)

    def text(self, labels: Iterable[str], default: str = "") -> str:
        """Value of the first label that the record has, as text; None counts as empty."""
        for label in labels:
            if label in self.cells:
                value = self.cells[label]
                return "" if value is None else str(value)
        return default

    @property
    def title(self) -> str:
        """The name shown in the list."""
        return self.text(TITLE)

    @property
    def conditional(self) -> bool:
        """Whether one has to apply for the data (有条件开放)."""
        return Record.text(self, OPENNESS).startswith(("有条件", "依申请"))

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """Format words as the portal wrote them; the source holds lists as text, too."""
        for label in FORMATS:
            value = self.cell((label,))
            if isinstance(value, str) and value.startswith("['"):
                value = ast.literal_eval(value)
            elif isinstance(value, str):
                value = [word for word in value.strip("[]").split(",") if word]
            if value:
                return tuple(value)
        return ()

    def cell(self, labels: Iterable[str]) -> Any:
        """Value of the first label that the record has, as the source holds it."""
        return next((self.cells[label] for label in labels if label in self.cells), None)

    def words(self, labels: Iterable[str]) -> list[str]:
        """Words of a cell that holds a list, or a text that spells one; else the text alone."""
        value = self.cell(labels)
        if isinstance(value, str) and value.startswith("['"):
            value = ast.literal_eval(value)
        if isinstance(value, list):
            return [str(word) for word in value]
        return [] if value in (None, "", "[]") else [str(value)]

    def moment(self, labels: Iterable[str]) -> str | None:
        """Day of a cell with a made-up time; any other value as it stands, None for none."""
        labels = tuple(labels)
        value = self.text(labels)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return f"{value} {self.clock(labels[0])}"
        return value or None

    def whole(self, labels: Iterable[str]) -> int | None:
        """Whole number of a cell, thousands commas allowed; anything else is None."""
        text = self.text(labels).replace(",", "")
        return int(text) if text.isdecimal() else None

    def compact(self, labels: Iterable[str]) -> str:
        """Day of a cell with a made-up time in 14 digits; empty for what is no day."""
        labels = tuple(labels)
        parts = re.match(r"\s*(\d{4})\D(\d{1,2})\D(\d{1,2})", self.text(labels))
        clock = self.clock(labels[0]).replace(":", "")
        return "{:0>4}{:0>2}{:0>2}".format(*parts.groups()) + clock if parts else ""

    def epoch(self, labels: Iterable[str]) -> int | None:
        """Milliseconds since 1970 of a cell that holds a day, or such milliseconds; else None."""
        value = self.text(labels)
        if re.fullmatch(r"\d{13}", value):
            return int(value)
        parts = re.match(r"\s*(\d{4})\D(\d{1,2})\D(\d{1,2})", value)
        return epoch_ms("{:0>4}-{:0>2}-{:0>2}".format(*parts.groups())) if parts else None

    def changed(self, **cells: Any) -> Record:
        """Copy of the record with other cells, as after an edit on the portal."""
        return replace(self, cells={**self.cells, **cells}, aside=set())

    def number(self, what: str, below: int) -> int:
        """Repeatable made-up figure (visits, bytes …) that differs from record to record."""
        digest = hashlib.sha256(f"{self.id} {what}".encode()).digest()
        return int.from_bytes(digest[:6], "big") % below

    def hexadecimal(self, what: str, length: int = 32) -> str:
        """Repeatable made-up key, such as that of a file."""
        return hashlib.sha256(f"{self.id} {what}".encode()).hexdigest()[:length]

    def clock(self, what: str) -> str:
        """Repeatable made-up time of day, where a portal shows times and the source days."""
        second = self.number(what, 24 * 3600)
        return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


class Watched(Record):
    """A record that notes which of its labels are asked for, to show the others as they are."""

    @classmethod
    def of(cls, record: Record) -> Watched:
        """Watch a record."""
        watched = cls(record.id, record.cells, record.division, record.aside)
        object.__setattr__(watched, "asked", set())
        return watched

    def text(self, labels: Iterable[str], default: str = "") -> str:
        """As `Record.text`."""
        return super().text(self._noted(labels), default)

    def cell(self, labels: Iterable[str]) -> Any:
        """As `Record.cell`."""
        return super().cell(self._noted(labels))

    def _noted(self, labels: Iterable[str]) -> list[str]:
        label = next((label for label in labels if label in self.cells), None)
        if label is None:
            return []
        self.asked.add(label)  # type: ignore[attr-defined]
        return [label]

    def rest(self) -> dict[str, Any]:
        """Return the cells that nobody asked for, addresses apart."""
        asked = self.asked  # type: ignore[attr-defined]
        rest = {
            label: value
            for label, value in self.cells.items()
            if label not in asked and label not in ADDRESS
        }
        self.aside.update(rest)
        return rest


def epoch_ms(day: str) -> int | None:
    """Milliseconds since 1970 of a day's begin in China (UTC+8), or None for an empty cell."""
    if not day:
        return None
    begin = datetime.strptime(day[:10], "%Y-%m-%d").replace(tzinfo=CHINA)
    return int(begin.timestamp() * 1000)


def load(path: Path, division: str) -> list[Record]:
    """Read a file of the selection: gzipped JSON lines with `id` and `cells`."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        entries = [json.loads(line) for line in lines]
    return [Record(entry["id"], entry["cells"], division) for entry in entries]
