"""What may be kept of a contact: the office, its telephone, its mailbox."""

from __future__ import annotations

import re

from ckanext.cn_govdata.text.clean import line
from ckanext.cn_govdata.text.personal.digits import REMOVED, remove_numbers
from ckanext.cn_govdata.text.personal.names import is_name, is_office, remove_all_names

_DASH = "[-‐‑‒–—―−－]"
# A landline with or without area code and extension, a 400 or 800 number, a short service number.
# The local part is 7 or 8 digits; 9 occur where a portal typed one too many.
_OFFICE_NUMBER = re.compile(
    rf"(?<![\d*])(?:(?:\+?86{_DASH}?\s?)?(?:[(（]0\d{{2,4}}[)）]|0\d{{2,4}})?{_DASH}?\s?[1-9]\d{{6,8}}"
    rf"|(?:\+?86{_DASH}?)?0\d{{2,3}}{_DASH}?\s?\d{{7,8}}"
    rf"|[48]00{_DASH}?\s?\d{{3,4}}{_DASH}?\s?\d{{3,4}}|1[02]\d{{3}}|9[56]\d{{3,4}}|1(?:10|14|19|20|22))"
    rf"(?:\s?(?:{_DASH}|转|分机)\s?\d{{1,6}})?(?![\d*])"
)
# A bracket right before the stars begins another word: 0599-8712345（***）.
_MASKED = re.compile(
    r"[\d()（）+-]*(?<![(（])[*×＊]{2,}[\d*×＊-]*|\d{3,}[xX]{3,}\d*|\d*[xX]{3,}\d{3,}"
)
_EMAIL = re.compile(
    r"[A-Za-z0-9][\w.+-]{0,63} ?[@＠] ?[A-Za-z0-9-]+(?: ?\. ?[A-Za-z0-9-]+)+", re.ASCII
)
_HAN_WORD = re.compile(r"[\u3400-\u9fff]+(?:[·•][\u3400-\u9fff]+)*")
# Words that stand beside office numbers.
_LABEL = re.compile(
    "(?:(?:白|夜|日|晚)[天间班上]?|工作日|节假日|周[一二三四五六日末]至?|上午|下午|值班|办公|单位|部门|联系|咨询|监督|投诉"
    "|服务|技术支持|固定|电话|座机|热线|传真|总机|分机|转|号码|方式|或|及|和|时间|区号|手机|移动|微信|邮箱|联系人|号)+"
)
_LONGEST = 2000  # characters of a contact cell that are read
_SEPARATORS = re.compile(r"[\s,，;；、/:：()（）]+")


def office_phone(value: object) -> str | None:
    """Return the office telephone of a cell as written, or ``None``.

    Landlines, 400 and 800 numbers and service numbers such as 12345 stay; several are kept. A
    missing area code is not invented. Where a cell also holds something else (a mobile number, a
    masked one, a name), only its office numbers are returned, joined with 、.
    """
    text = _cell(value)
    if text is None:
        return None
    cleaned = _MASKED.sub(REMOVED, _EMAIL.sub(REMOVED, remove_numbers(text)[0]))
    numbers = [match[0].strip() for match in _OFFICE_NUMBER.finditer(cleaned)]
    if not numbers:
        return None
    as_written = cleaned == text and REMOVED not in text and _only_labels(text)
    return text if as_written else "、".join(dict.fromkeys(numbers))


def office_email(value: object) -> str | None:
    """Return the first mailbox of a cell that bears no mobile or identity number, or ``None``.

    Blanks around the @ and full-width signs are mended. Mailboxes of offices with free providers
    are as common as those of government domains, so the domain decides nothing.
    """
    text = _cell(value)
    if text is None:
        return None
    for match in _EMAIL.finditer(text):
        address = match[0].replace(" ", "").replace("＠", "@")
        if remove_numbers(address)[0] == address:
            return address
    return None


def office_name(value: object) -> str | None:
    """Return the office that a cell names, without persons and numbers, or ``None``."""
    text = _cell(value)
    if text is None:
        return None
    if is_office(text) and not _has_person(text):
        return text
    offices = [word for word in _office_words(text) if _HAN_WORD.search(word)]
    return " ".join(offices) or None


def keep_office(value: object) -> str | None:
    """Return the words of a contact text that are an office, its number or mailbox, or ``None``."""
    text = _cell(value)
    if text is None:
        return None
    words = _office_words(text)
    return text if words == _SEPARATORS.split(text) else " ".join(words) or None


def _cell(value: object) -> str | None:
    text = line(value)
    return text[:_LONGEST] if text else None


def _office_words(text: str) -> list[str]:
    cleaned = _MASKED.sub(REMOVED, remove_all_names(remove_numbers(text)[0])[0])
    return [word for word in _SEPARATORS.split(cleaned.replace(REMOVED, " ")) if _is_office(word)]


def _is_office(word: str) -> bool:
    if is_name(word):
        return False
    return is_office(word) or bool(_OFFICE_NUMBER.fullmatch(word) or _EMAIL.fullmatch(word))


def _has_person(text: str) -> bool:
    return remove_all_names(text)[1] > 0 or remove_numbers(text)[0] != text


def _only_labels(text: str) -> bool:
    """Whether all words are labels or offices, so that no unusual name can be among them."""
    words = (match[0] for match in _HAN_WORD.finditer(text))
    return all(_LABEL.fullmatch(word) or _is_office(word) for word in words)
