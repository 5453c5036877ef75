"""The forms in which the name of a division is written.

恩施土家族苗族自治州 is also 恩施州 and 恩施; 龙胜各族自治县 is also 龙胜县 and 龙胜.
"""

from __future__ import annotations

import re
from functools import cache

# The 55 minorities and 各族; some autonomous areas write theirs without 族.
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|"
    "东乡|纳西|景颇|柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|"
    "俄罗斯|鄂温克|德昂|保安|裕固|京|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
_WITHOUT_ZU = "蒙古|维吾尔|哈萨克|柯尔克孜|塔吉克|锡伯"
_PEOPLES_AT_END = re.compile(f"(?:(?:{_PEOPLES})族|{_WITHOUT_ZU})$")

# Longest first: 自治县 before 县.
_TYPES = (
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "新区",
    "林区",
    "矿区",
    "特区",
    "省",
    "市",
    "盟",
    "县",
    "区",
    "旗",
)
_AUTONOMOUS = {"自治区": "自治区", "自治州": "州", "自治县": "县", "自治旗": "旗"}
_SHORTEST_BASE = 2


def short_name(name: str) -> str:
    """`name` without type and peoples (黔南), or `name` where one character would be left (沛县)."""
    return _split(name)[0] or name


def abbreviations(name: str) -> tuple[str, ...]:
    """Return the forms of an autonomous area without its peoples: 黔南州 and 黔南自治州, 三都县."""
    base, kind = _split(name)
    if not base or kind not in _AUTONOMOUS:
        return ()
    forms = (base + _AUTONOMOUS[kind], base + kind)
    return tuple(form for form in dict.fromkeys(forms) if form != name)


@cache
def _split(name: str) -> tuple[str, str]:
    for kind in _TYPES:
        if name.endswith(kind):
            base = name.removesuffix(kind)
            if kind in _AUTONOMOUS:
                base = _without_peoples(base)
            return (base, kind) if len(base) >= _SHORTEST_BASE else ("", kind)
    return name, ""


def _without_peoples(base: str) -> str:
    """Names made of a people alone keep it (东乡族 becomes 东乡, 内蒙古 stays)."""
    rest = _PEOPLES_AT_END.sub("", base)
    while len(rest) >= _SHORTEST_BASE and rest != base:
        base, rest = rest, _PEOPLES_AT_END.sub("", rest)
    return base.removesuffix("族") if len(base) > _SHORTEST_BASE else base
