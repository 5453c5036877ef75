"""Text of metadata cells: entities, markup and invisible characters out, the words as written.

Punctuation and character width stay as the portal wrote them; `fold` alone changes them, for
codes, look-ups and comparison.
"""

from __future__ import annotations

import re

from ckanext.cn_govdata.standards import folding
from ckanext.cn_govdata.text.markup import decode_entities, strip_markup

# Rounds of decoding and stripping: each can lay bare another layer (an escaped tag, a tag in a
# tag). Real cells need two; the bound keeps hostile nesting linear.
_ROUNDS = 8

_SPACE = re.compile(r"\s+")
_SPACE_IN_LINE = re.compile(r"[^\S\n]+")
_AROUND_BREAK = re.compile(r" ?\n ?")
_BREAKS = re.compile(r"\n{3,}")
_LINE_ENDS = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")


def _invisible() -> dict[int, None]:
    """Code points that never belong to metadata: controls, zero-width marks, half characters.

    PostgreSQL refuses NUL, XML all other controls and non-characters, UTF-8 lone surrogates.
    """
    controls = [*range(0x09), *range(0x0E, 0x1C), *range(0x7F, 0x85), *range(0x86, 0xA0)]
    marks = [0xAD, 0x61C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
    specials = [0xFEFF, *range(0xFFF9, 0xFFFC), 0xFFFE, 0xFFFF, *range(0xD800, 0xE000)]
    return dict.fromkeys([*controls, *marks, *specials])


_INVISIBLE = _invisible()

# What portals write for "nothing". 无 is not among them: as an answer it is a word of its own.
_PLACEHOLDER = re.compile(
    "暂无(?:数据|信息|内容|描述|简介|摘要|说明|备注|标签|联系方式|联系电话|电话|邮箱)?|暂缺|暂未填写|暂未提供|未填写?"
    r"|待补充|待完善|空|\(?null\)?|nil|none|undefined|nan|n/a",
    re.IGNORECASE,
)
_HAS_WORD = re.compile(r"[^\W_]")


def line(value: object) -> str | None:
    """Return a cell as one line of text, or ``None`` when it says nothing.

    Entities are decoded, markup and invisible characters removed, white space collapsed to single
    blanks. A number is written out; the members of a list are joined with 、; any other type says
    nothing. Applying it again changes nothing.
    """
    text = visible(_text(value))
    if not text:
        return None
    text = _SPACE.sub(" ", text).strip()
    return None if _says_nothing(text) else text


def block(value: object) -> str | None:
    """Return a cell as lines and paragraphs, or ``None`` when it says nothing.

    As `line`, but line breaks are kept and paragraphs stay divided by one empty line.
    """
    text = visible(_text(value))
    if not text:
        return None
    text = _SPACE_IN_LINE.sub(" ", _LINE_ENDS.sub("\n", text))
    text = _BREAKS.sub("\n\n", _AROUND_BREAK.sub("\n", text)).strip()
    return None if _says_nothing(text) else text


def visible(text: str) -> str:
    """Return the text that a reader sees: entities decoded, markup and invisible characters out.

    White space stays as it is.
    """
    for _ in range(_ROUNDS):
        previous = text
        text = strip_markup(decode_entities(text).translate(_INVISIBLE))
        if text == previous:
            break
    return text


def is_placeholder(value: object) -> bool:
    """Tell whether a cell is blank or holds only a word or sign for "nothing"."""
    return line(value) is None


def fold(value: object) -> str:
    """Return the form of a word in which codes and look-ups compare, "" for nothing.

    The cell is cleaned as by `line`, then folded as the code lists fold their labels: width, case,
    white space and punctuation make no difference. Applying it again changes nothing.
    """
    text = visible(_text(value))
    previous = None
    while text != previous:  # case folding can open a new compatibility form
        previous, text = text, folding.fold(text)
    return text


def _text(value: object) -> str:
    """The raw text of a JSON value, "" where there is none."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return ""
    if isinstance(value, (int, float)):
        return _digits(value)
    if isinstance(value, (list, tuple)):
        members = (line(member) for member in value if not isinstance(member, (list, tuple)))
        return "、".join(filter(None, members))
    return ""


def _digits(number: float) -> str:
    """A number written out; "" for one longer than Python writes (4,300 digits)."""
    try:
        return str(number)
    except ValueError:
        return ""


def _says_nothing(text: str) -> bool:
    return _HAS_WORD.search(text) is None or _PLACEHOLDER.fullmatch(text) is not None
