"""Stored records: what one portal shows about one dataset, under the portal's own labels."""

from __future__ import annotations

import ast
import gzip
import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

CHINA = timezone(timedelta(hours=8))

TITLE = ("标题", "资源名称", "名称")
NOTES = ("描述", "数据摘要", "摘要", "资源摘要")
PROVIDER = ("来源部门", "数据提供方", "数源单位", "资源提供方")
DOMAIN = ("重点领域", "主题名称", "数据领域", "主题分类", "领域名称", "领域")
INDUSTRY = ("所属行业", "行业分类")
OPENNESS = ("开放条件", "开放类型", "开放状态", "开放属性", "开放方式")
ISSUED = ("发布时间", "发布日期")
MODIFIED = ("更新时间", "更新日期")
FREQUENCY = ("更新频率", "更新周期")
TAGS = ("标签", "关键字")
FORMATS = ("数据格式", "资源格式")
PHONE = ("部门电话", "联系方式", "联系电话")
COUNT = ("数据量", "文件数", "数据条数")


@dataclass(frozen=True)
class Record:
    """One dataset. `cells` are the portal's labels and values; `division` the sub-site."""

    id: str
    cells: Mapping[str, Any] = field(default_factory=dict)
    division: str = ""

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
        return self.text(OPENNESS).startswith("有条件")

    @cached_property
    def formats(self) -> tuple[str, ...]:
        """Format words as the portal wrote them; the source holds lists as text, too."""
        for label in FORMATS:
            value = self.cells.get(label)
            if isinstance(value, str) and value.startswith("['"):
                value = ast.literal_eval(value)
            elif isinstance(value, str):
                value = [word for word in value.strip("[]").split(",") if word]
            if value:
                return tuple(value)
        return ()

    def changed(self, **cells: Any) -> Record:
        """Copy of the record with other cells, as after an edit on the portal."""
        return replace(self, cells={**self.cells, **cells})

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
