"""What the name of a JSON member, or the label of a table row, says about its value."""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache

from ckanext.cn_govdata.standards.folding import fold


class Meaning(Enum):
    """How a value must be treated."""

    ACCOUNT = "account"  # who created, uploaded or changed something: goes, unless an office
    PERSON = "person"  # whom to ask: an office, its telephone and mailbox stay
    EITHER = "either"  # a body or a person: goes only if it looks like a person's name
    CONTACT = "contact"  # telephone or contact text: names beside the number go
    IDENTITY = "identity"  # an identity document
    RECORD_ID = "record_id"  # an id or address of the record: never touched
    QUANTITY = "quantity"  # a count, a size or a time: a bare number is no telephone
    TEXT = "text"


_NOT_A_PERSON = re.compile(
    "dept|department|org|unit|company|office|corp|time|(?<!up)date|type|(?<!ac)count|num|status|flag|addr|url|level"
    "|部门|单位|机构|时间|日期|类型|状态|地址|数量|次数|人数"
)
_TELEPHONE = re.compile(
    "phone|mobile|(?<!ho)tel(?:no|num|number|s)?$|^tel|telephone|fax|lxdh|lxfs|sjhm|zjhm|sjh$"
    "|电话|手机|座机|传真|热线|联系方式"
)
_MAIL = re.compile("e?mail|邮箱|邮件")
_CONTACT = re.compile("contact|linkway|linkinfo|联系")
_IDENTITY = re.compile(
    "idcard|idno$|idnumber|cardno|certno|certificateno|sfz|identityno|身份证|证件号|公民身份"
)
_VERB = (
    "create|creat|update|modify|modifi|upload|operate|oper|audit|check|approve|submit|publish|release"
    "|edit|insert|add|input|record|entry|register|apply|delete|lastupdate|lastmodify|lastmodified|lastmodifi"
)
_ACTOR = (
    "creator|creater|updater|modifier|uploader|operator|auditor|editor|submitter|applicant|approver"
)
_ACCOUNT = re.compile(
    rf"^(?:sys|data|file|last|first|res)?(?:(?:{_VERB})(?:d|r|er|ed)?(?:user|by|person|man|people|staff|account)"
    rf"|(?:{_ACTOR}|recorder|registrant))(?:name|id|no|code|account|info|zh|cn|real)*$"
    "|^(?:user|usr|login|account)(?:name|id|no|code|account|info)*$|userid$|username$"
    "|^(?:cjr|xgr|gxr|scr|czr|shr|lrr|fbr|tjr)(?:xm|mc|id|bm)?$"
    "|(?:创建|上传|录入|更新|修改|审核|审批|提交|操作|维护|采集|编目|登记|申请|注册|制作|填报|填表)(?:人|者|用户|员)"
)
_PERSON = re.compile(
    "^(?:dept|org|res|data|office)?(?:linkman|linkperson|linkuser|linkname|contactperson|contactman|contactname"
    "|contactuser|contactor|contacter|dutyman|dutyperson|responsible(?:person)?|chargeperson|personincharge"
    "|person|personname|realname|truename|nickname|leader|principal|manager)(?:name)?$"
    "|^(?:lxr|fzr|jbr|zrr|tbr)(?:xm|mc)?$"
    "|联系人|负责人|经办人|责任人|联络人|联络员|姓名|法定代表人|法人代表"
)
_EITHER = re.compile(
    "^(?:owner|publisher|provider|supplier|author|maintainer)(?:name)?$|^xm$"
    rf"|^(?:{_VERB})(?:d|r|er|ed)?name$"
    "|作者|发布者|发布人|提供人"
)
_RECORD_ID = re.compile(
    "(?:id|ids|pk|key|uuid|guid|code|bh|mlbh|href|url|uri|path|link)$|(?:编号|编码|代码|标识|标识符|网址|链接|路径)$"
)
_QUANTITY = re.compile(
    "(?:size|count|num|number|total|volume|length|storage|amount|time|date|views?|visits?|downloads?|hits|ms"
    "|量|数|次数|条数|容量|大小|时间|日期)$"
)
_NAME_OF_A_PERSON = re.compile(
    "^(?:name|fullname|cnname|chinesename|xm|姓名|title|label|nick|login)$"
)


_BEFORE_A_PERSON = (
    (_IDENTITY, Meaning.IDENTITY),
    (_TELEPHONE, Meaning.CONTACT),
    (_MAIL, Meaning.TEXT),
)
_AFTER_A_PERSON = (
    (_CONTACT, Meaning.CONTACT),
    (_RECORD_ID, Meaning.RECORD_ID),
    (_QUANTITY, Meaning.QUANTITY),
)


@lru_cache(maxsize=4096)
def meaning(key: str, *, in_person: bool = False) -> Meaning:
    """Return what a member's name says; `in_person` for a member of a contact's object."""
    word = fold(key)
    first = (found for pattern, found in _BEFORE_A_PERSON if pattern.search(word))
    last = (found for pattern, found in _AFTER_A_PERSON if pattern.search(word))
    return (
        next(first, None)
        or _of_a_person(word, in_person=in_person)
        or next(last, None)
        or Meaning.TEXT
    )


def _of_a_person(word: str, *, in_person: bool) -> Meaning | None:
    if _NOT_A_PERSON.search(word):
        return None
    if _ACCOUNT.search(word):
        return Meaning.ACCOUNT
    if _PERSON.search(word) or (in_person and _NAME_OF_A_PERSON.search(word)):
        return Meaning.PERSON
    return Meaning.EITHER if _EITHER.search(word) else None
