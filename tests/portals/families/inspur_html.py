"""Pages of an Inspur oPortal catalogue as HTML text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.portals import markup
from tests.portals.records import (
    DOMAIN,
    EMAIL,
    FREQUENCY,
    INDUSTRY,
    ISSUED,
    MODIFIED,
    NOTES,
    OPENNESS,
    PHONE,
    PROVIDER,
    TAGS,
    Record,
    Watched,
)

from .html_portal import rest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.portals.site import Window

API = frozenset({"api", "接口"})
LINK = frozenset({"link", "链接"})
COUNTS = ("数据量", "文件数", "文件量", "接口数", "接口量")
_WORDS = {**dict.fromkeys(API, "接口"), **dict.fromkeys(LINK, "链接")}
_CLASSES = {**dict.fromkeys(API, "api"), **dict.fromkeys(LINK, "link")}


@dataclass(frozen=True)
class Look:
    """How the sites of the family differ.

    `files` says where the file table is: in the "page", or fetched by script ("ajax"). The
    format list shows "words" or only "classes". `padded` cells end in a no-break space,
    `escaped_twice` descriptions show their entities as text.
    """

    context: str = "/oportal"
    list_path: str = "/catalog/index"
    domain_label: str = "重点领域"
    modified_label: str = "更新时间"
    last_modified_label: str = "最后更新时间"
    files: str = "page"
    formats: str = "words"
    padded: bool = False
    escaped_twice: bool = False


@dataclass(frozen=True)
class File:
    """One file of a dataset."""

    key: str
    name: str
    extension: str
    size: int


def files(record: Record) -> list[File]:
    """Files that the portal lists: none for a set one has to apply for."""
    if record.conditional:
        return []
    extensions = [word.lower() for word in record.formats if word not in API | LINK]
    return [
        File(record.hexadecimal(f"file {number}"), record.title, extension, 1024 + size)
        for number, extension in enumerate(extensions)
        for size in (record.number(f"size {number}", 4_000_000),)
    ]


def columns(record: Record) -> list[tuple[str, str]]:
    """Columns of the table, (English, Chinese): those that the description enumerates."""
    names = [name.strip() for name in re.split(r"[,，、;；]", record.text(NOTES))]
    if len(names) < 3 or not all(0 < len(name) <= 16 for name in names):
        return []
    return [(f"COLUMN_{number}", name) for number, name in enumerate(names, 1)]


def list_page(cards: list[str], window: Window, look: Look) -> str:
    """One page of the catalogue; past its end the list is empty."""
    address = f"{look.context}{look.list_path}?page="
    pages = "".join(
        f'<a href="{address}{page}">{page}</a>'
        for page in range(max(1, window.page - 2), min(window.pages, window.page + 2) + 1)
    )
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>数据目录</title></head><body>'
        '<div id="app">\n<div class="right-content-catalog">\n'
        f' <div class="top-title">共找到<span>{window.total:,}</span>个数据目录</div>\n'
        f' <div class="bottom-content">\n  <ul>\n{"".join(cards)}  </ul>\n </div>\n'
        f' <div class="pages">{pages}</div>\n</div></div></body></html>'
    )


def card(record: Record, look: Look) -> str:
    """One record of the list."""
    title = markup.text(record.title)
    address = f"{look.context}/catalog/{record.id}"
    spans = [
        ("来源部门", record.text(PROVIDER)),
        (look.domain_label, record.text(DOMAIN)),
        ("更新时间", f" {record.text(MODIFIED)} "),
    ]
    if openness := record.text(OPENNESS):
        spans.append((_open_label(record), openness))
    return (
        f'   <li>\n    <div class="cata-title"><input type="hidden" name="catalogidinput" '
        f'value="{record.id}"/><a href="{address}" title="{title}" target="_blank">{title}</a>'
        f'</div>\n    <div class="cata-desc">{markup.text(record.text(NOTES))}</div>\n'
        '    <div class="cata-information">'
        + "".join(f"<span>{label}：</span><span>{markup.text(v)}</span>" for label, v in spans)
        + '</div>\n    <div><div></div><div></div><div class="file-type"><ul>'
        + "".join(_format(word, look) for word in record.formats)
        + "</ul></div></div>\n   </li>\n"
    )


def detail_page(record: Record, look: Look) -> str:
    """The page of one dataset."""
    title = markup.text(record.title)
    watched = Watched.of(record)
    _known(watched, look)
    openness = markup.text(record.text(OPENNESS))
    has_api = not API.isdisjoint(record.formats)
    api = f'<li name="api-service"><table><tr><td>{title}</td></tr></table></li>'
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head><body>\n'
        f'<input type="hidden" id="rootPath" value="{look.context}"/>'
        f'<input type="hidden" id="cata_id" value="{record.id}"/>'
        f'<input type="hidden" id="cata_name" value="{title}"/>\n'
        f'<div id="catalog" title="{title}" opentype="{openness}"></div>\n'
        '<div id="app"><div class="g-main catalog-details">\n'
        ' <div class="panel panel-top"><div class="directory-media">\n'
        f'  <ul class="d-title pull-left"><li><h4>{title}</h4></li></ul>\n'
        f'  <div class="list-details"><ul class="list-inline">\n{_head(record, look)}'
        "  </ul></div></div></div>\n"
        ' <div class="panel panel-content"><div class="panel-body"><ul>\n'
        f'   <li name="basicinfo"><table>\n{_basic(record, look, rest(watched))}   </table></li>\n'
        f'   <li name="dataitem"><table>{_items(record)}</table></li>\n'
        f'   <li name="file-download"><table><tbody>\n{_file_rows(record, look)}\n'
        f"    </tbody></table></li>\n   {api if has_api else ''}\n"
        "  </ul></div></div>\n</div></div></body></html>"
    )


def _open_label(record: Record) -> str:
    label = next((label for label in OPENNESS if label in record.cells), "开放条件")
    return "开放条件" if label == "开放状态" else label


def _format(word: str, look: Look) -> str:
    name = _CLASSES.get(word, word.lower())
    shown = _WORDS.get(word, word.upper()) if look.formats == "words" else ""
    return f'<li class="{name}">{shown}</li>'


def _head(record: Record, look: Look) -> str:
    rows = [
        ("来源部门", record.text(PROVIDER)),
        (look.domain_label, f" {record.text(DOMAIN)} "),
        ("发布时间", record.text(ISSUED)),
        (look.modified_label, record.text(MODIFIED)),
    ]
    if openness := record.text(OPENNESS):
        rows.append((_open_label(record), openness))
    lines = [
        f'   <li>{label}：<span class="text-primary">{markup.text(value)}</span></li>\n'
        for label, value in rows
    ]
    visits, downloads = record.number("visits", 20_000), record.number("downloads", 500)
    return "".join(lines) + f"   <li>访问量 {visits}</li><li>下载量 {downloads}</li>\n"


def _count(record: Record) -> tuple[str, str]:
    for label in COUNTS:
        if record.cells.get(label):
            return label, record.text((label,))
    if API.issuperset(record.formats):
        return "接口量", str(len(record.formats))
    return "文件量", str(len(record.formats))


def _known(record: Watched, look: Look) -> None:
    """Ask for all that a card and a page have a place for."""
    card(record, look)
    _head(record, look)
    _basic(record, look, ())


def _basic(record: Record, look: Look, others: Iterable[tuple[str, str]]) -> str:
    pad = "&nbsp;" if look.padded else ""
    count_label, count = _count(record)
    pairs = [
        (("来源部门", record.text(PROVIDER)), (count_label, count)),
        (("开放状态", record.text(OPENNESS)), ("所属行业", record.text(INDUSTRY))),
        (
            ("发布时间", record.moment(ISSUED) or ""),
            (look.last_modified_label, record.moment(MODIFIED) or ""),
        ),
        (("更新频率", record.text(FREQUENCY)), ("用户评分", "")),
        (("部门电话", record.text(PHONE)), ("部门邮箱", record.text(EMAIL))),
    ]
    rows = [
        "    <tr>"
        + "".join(f"<td>{name}</td><td>{markup.text(v)}{pad}</td>" for name, v in pair)
        + "</tr>\n"
        for pair in pairs
    ]
    notes = (markup.twice if look.escaped_twice else markup.text)(record.text(NOTES))
    for name, shown in (("标签", markup.text(record.text(TAGS))), ("描述", notes)):
        rows.append(f'    <tr><td>{name}</td><td colspan="3">{shown}{pad}</td></tr>\n')
    for name, shown in others:
        rows.append(f'    <tr><td>{name}</td><td colspan="3">{markup.text(shown)}{pad}</td></tr>\n')
    return "".join(rows)


def _items(record: Record) -> str:
    rows = [
        f"\n    <tr><td>{name}</td><td>{markup.text(label)}</td><td>字符串型C</td>"
        f"<td>{markup.text(label)}</td></tr>"
        for name, label in columns(record)
    ]
    heads = ("英文信息项名", "中文信息项名", "数据类型", "中文描述")
    return "<tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>" + "".join(rows)


def _file_rows(record: Record, look: Look) -> str:
    if look.files != "page":
        return ""
    lines = []
    for file in files(record):
        name = markup.text(f"{file.name}.{file.extension}")
        lines.append(
            f'     <tr fileformat="{file.extension}"><td><input type="checkbox" '
            f'file-id="{file.key}" file-name="{name}"/></td><td>{name}</td>'
            f"<td>{markup.text(record.text(MODIFIED))}</td></tr>\n"
        )
    return "".join(lines)
