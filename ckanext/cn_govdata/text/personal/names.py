"""Persons and offices told apart, and the names of persons beside contact words.

A name is two or three Han characters that begin with a surname (four with a compound one) and are
neither an office nor a common word. That is a judgement, used only where a name must be expected:
behind a word such as 联系人, in the members that name a person, in contact cells.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from ckanext.cn_govdata.text.personal.digits import REMOVED

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "name"

_DATA = files("ckanext.cn_govdata.text") / "data"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_HAN_RUN = re.compile(f"[{_HAN}]+(?:[·•][{_HAN}]+)*")
_SHORTEST, _LONGEST = 2, 4
_LONGEST_RUN = 40  # characters of an office and a name together

# Characters that end the name of an office; some also end a name of two characters (王科).
_OFFICE_END = tuple(
    "局处室股委办厅站队部区县市镇州署府省旗盟馆厂店科会院所乡村司社校园台行庭网端系组联协"
)
_ALSO_GIVEN_NAMES = frozenset("科会院所乡村司社校园台行庭网端系组联协")
_OFFICE_WORD = re.compile(
    "中心|公司|集团|大学|学院|医院|银行|协会|街道|社区|窗口|大厅|平台|办事处|指挥部|总队|支队|大队|中队"
    "|机关|法院|检察|公安|消防|税务|海关|电力|供电|水务|燃气|热线|客服|值班|政务|管委|党委|政府|基地|研究|企业"
    "|单位|部门|机构|事务|服务|管理|监督|办公|合作社|学会|联合会|委员会|事业|集群|站点|前台|总机|本级"
)

_OFFICE_HEAD = re.compile("(?:[局处科室股委办厅院所站队部会]|中心|公司|大队)$")

_CONTACT_WORD = (
    "联系人|联络人|联络员|负责人|经办人|责任人|填报人|填表人|制表人|录入人|审核人|审批人|创建人|创建者"
    "|上传人|上传者|发布人|提供人|维护人|操作人|操作员|管理员|受理人|咨询人|提交人|修改人|更新人|报送人"
    "|编制人|采集人|编目人|登记人|申请人|法定代表人|法人代表"
)
_BLANK = r"[ \t\u00a0\u3000]"
_AFTER_WORD = re.compile(
    rf"(?:{_CONTACT_WORD})(?:员?姓名|名称|信息)?"
    rf"(?:(?P<certain>{_BLANK}*[:：=＝(（]{_BLANK}*|为|是)|(?P<blank>{_BLANK}*))"
    rf"(?=[{_HAN}])"
)
_TITLE = "先生|女士|小姐|同志|老师|科长|处长|局长|主任|部长|站长|所长|院长|校长|经理|主管|书记|科员|干事|工程师|副"
_AFTER_NAME = re.compile(rf"{_TITLE}|电话|手机|联系|座机|固话|传真|邮箱|地址|职务|微信|和|及|与")
_NEXT_NAME = re.compile(rf"(?:{_TITLE})?{_BLANK}*(?:[、，,;；/]|和|及|与){_BLANK}*(?=[{_HAN}])")
_CALLED = re.compile(rf"(?P<name>[{_HAN}]{{1,3}})(?:先生|女士|小姐|老师|同志)")


def _rows(name: str) -> Iterator[dict[str, str]]:
    yield from csv.DictReader(_DATA.joinpath(name).read_text("utf-8").splitlines())


@cache
def _surnames() -> dict[str, bool]:
    """Surnames, and whether each is one of the hundred most frequent."""
    return {row["surname"]: row["frequent"] == "1" for row in _rows("surnames.csv")}


@cache
def _common_words() -> frozenset[str]:
    return frozenset(row["word"] for row in _rows("not_names.csv"))


def is_office(word: str) -> bool:
    """Tell whether a word names an office, a body or a place."""
    if _OFFICE_WORD.search(word):
        return True
    if not word.endswith(_OFFICE_END):
        return False
    return not (word[-1] in _ALSO_GIVEN_NAMES and len(word) == _SHORTEST and word[0] in _surnames())


def is_name(word: str, *, frequent: bool = False) -> bool:
    """Tell whether a whole word must be taken for a person's name.

    With `frequent` only the hundred most frequent surnames count.
    """
    if "·" in word or "•" in word:
        return len(word) < _LONGEST_RUN and _HAN_RUN.fullmatch(word) is not None
    if not _SHORTEST <= len(word) <= _LONGEST or not _HAN_RUN.fullmatch(word):
        return False
    if word in _common_words() or is_office(word):
        return False
    if word[:2] in _surnames():
        return len(word) > _SHORTEST
    return len(word) < _LONGEST and (
        _surnames().get(word[0], False) if frequent else word[0] in _surnames()
    )


def remove_names(text: str) -> tuple[str, int]:
    """Replace names behind contact words by `REMOVED`; return the text and their number."""
    parts: list[str] = []
    end = removed = 0
    for match in _AFTER_WORD.finditer(text):
        position, certain = match.end(), bool(match["certain"])
        while position >= end:
            name = _name_at(text, position, certain=certain)
            if name is None:
                break
            parts += [text[end : name[0]], REMOVED]
            removed += 1
            end = name[1]
            following = _NEXT_NAME.match(text, end)
            if not following:
                break
            position = following.end()
    parts.append(text[end:])
    return "".join(parts), removed


def remove_all_names(text: str) -> tuple[str, int]:
    """As `remove_names`, for a contact cell: also names that stand alone or bear a title."""
    text, removed = remove_names(text)
    parts: list[str] = []
    end = 0
    for run in _HAN_RUN.finditer(text):
        name = _name_in(run[0])
        if name:
            parts += [text[end : run.start() + name[0]], REMOVED]
            end = run.start() + name[1]
            removed += 1
    parts.append(text[end:])
    return "".join(parts), removed


def _name_at(text: str, position: int, *, certain: bool) -> tuple[int, int] | None:
    """Where the name begins and ends that stands at a position, or behind an office there.

    Behind a colon any surname counts; behind a blank or nothing only a frequent one, since there
    the text may as well go on with an ordinary word.
    """
    run = _HAN_RUN.match(text, position, position + _LONGEST_RUN)
    if not run:
        return None
    word = run[0]
    if is_name(word, frequent=not certain):
        return run.span()
    for length in (_LONGEST, 3, _SHORTEST):
        name, rest = word[:length], word[length:]
        if rest and _AFTER_NAME.match(rest) and is_name(name, frequent=not certain):
            return position, position + length
    if not certain or len(word) == _LONGEST_RUN:  # the run may go on
        return None
    behind = _name_behind_office(word)
    return (position + behind, run.end()) if behind else None


def _name_in(word: str) -> tuple[int, int] | None:
    """Where in a run of Han characters a name stands: alone, before a title, behind an office."""
    called = _CALLED.fullmatch(word)
    if called and called["name"][0] in _surnames() and called["name"] not in _common_words():
        return called.span("name")
    if is_name(word):
        return 0, len(word)
    behind = _name_behind_office(word)
    return (behind, len(word)) if behind else None


def _name_behind_office(word: str) -> int | None:
    """Where the name begins in 市统计局李明."""
    for length in (_LONGEST, 3, _SHORTEST):
        office, name = word[:-length], word[-length:]
        if len(office) > 1 and _OFFICE_HEAD.search(office) and is_name(name):
            return len(office)
    return None
