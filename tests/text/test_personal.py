from __future__ import annotations

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.text.personal import (
    office_email,
    office_name,
    office_phone,
    scrub,
    scrub_text,
)

from .invented import digits, identities, identity, landlines, mobile, mobiles, surroundings
from .test_clean import DIRTY, JSON_VALUES

MOBILE = mobile()
OTHER_MOBILE = mobile("12345678", "59")
IDENTITY = identity()
OLD_IDENTITY = IDENTITY[:6] + "900307123"
GROUPED = [
    f"{MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]}",
    f"{MOBILE[:3]}-{MOBILE[3:7]}-{MOBILE[7:]}",
    f"{MOBILE[:3]}－{MOBILE[3:]}",
    f"{MOBILE[:7]} {MOBILE[7:]}",
    f"{MOBILE[:4]}-{MOBILE[4:7]}-{MOBILE[7:]}",
    f"{MOBILE[:3]}.{MOBILE[3:7]}.{MOBILE[7:]}",
    f"{MOBILE[:3]}&nbsp;{MOBILE[3:7]}&nbsp;{MOBILE[7:]}",
    f"{MOBILE[:3]}<b>{MOBILE[3:7]}</b>{MOBILE[7:]}",
    f"{MOBILE[:5]}\u200b{MOBILE[5:]}",
    MOBILE.translate({ord("0") + i: ord("０") + i for i in range(10)}),
]


@pytest.mark.parametrize(
    "number",
    [
        MOBILE,
        *GROUPED,
        f"+86-{MOBILE}",
        f"+86 {MOBILE}",
        f"86{MOBILE}",
        f"0{MOBILE}",
        f"（+86）{MOBILE}",
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "{}",
        "电话{}",
        "电话：{}，手机",
        "tel:{}",
        "Tel{}",
        "{}转801",
        "{}QQ同号",
        "0551-62999801 {}",
        "0551-62999801/{}",
    ],
)
def test_mobiles_go(number, text):
    cleaned, kinds = scrub_text(text.format(number))
    assert kinds == ("mobile",)
    assert MOBILE[3:7] not in cleaned
    assert MOBILE[7:] not in cleaned
    assert ("62999801" in cleaned) == ("62999801" in text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            f"企业信用等级4933{MOBILE}280",
            f"{MOBILE}5",
            f"ff808081789a3a{MOBILE}c610518",
            f"9{MOBILE}",
        ),
        *(
            f"7f191b83-4d18-4ef8-ad40-{MOBILE}e",
            f"7f191b83-4d18-4ef8-ad40-b{MOBILE}",
            f"{MOBILE}e430b91fea0f397fa476a",
        ),
        *(
            f"https://x.gov.cn/oportal/catalog/{MOBILE}",
            f"/portal/catalog/{MOBILE}",
            f"detail.do?iid={MOBILE}&a=1",
        ),
        *(
            f"113.{MOBILE}",
            f"0.{MOBILE}",
            "20230616" + "091500123456",
            f"20230616{MOBILE[:6]}",
            "2023-06-16 13:45:00",
        ),
        *(
            "0551-62999801",
            "12345",
            "400-123-4567",
            f"单号{OLD_IDENTITY}",
            "孙中山先生领导的革命",
            "联系人、地址、电话",
        ),
        *(
            "联系人信息",
            "负责人姓名及联系电话",
            "联系人：办公室",
            "联系人：市统计局",
            "联系人：高新区",
            "负责人 项目名称",
        ),
        *(
            "负责人解读",
            "法定代表人证件号码",
            "联系人\r\n\t水利",
            "企业管理员名单",
            "联系人：单位",
            "",
        ),
    ],
)
def test_what_is_not_personal_stays(text):
    assert scrub_text(text) == (text, ())


@pytest.mark.parametrize(
    "text",
    [
        IDENTITY,
        f"身份证{IDENTITY}，",
        f"{IDENTITY[:6]} {IDENTITY[6:14]} {IDENTITY[14:]}",
        f"证件号：{OLD_IDENTITY}",
    ],
)
def test_identity_numbers_go(text):
    cleaned, kinds = scrub_text(text)
    assert kinds == ("id_number",)
    assert "0307123" not in cleaned


def test_identity_numbers_need_check_digit_and_date():
    wrong = IDENTITY[:17] + ("0" if IDENTITY[17] != "0" else "1")
    assert scrub_text(wrong) == (wrong, ())
    impossible = identity("19901331")
    assert scrub_text(impossible) == (impossible, ())
    credit_code = "11" + "340000002986" + "4XXX"
    assert scrub_text(credit_code) == (credit_code, ())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("联系人：张三", "联系人：***"),
        ("联系人 李四(科长) 0543-3162121", "联系人 ***(科长) 0543-3162121"),
        ("联系人张三", "联系人***"),
        ("联系人:张三电话0551-62999801", "联系人:***电话0551-62999801"),
        ("联系人：张三、李四", "联系人：***、***"),
        ("联系人：张三和王小明", "联系人：***和***"),
        ("联系人姓名：王五；", "联系人姓名：***；"),
        ("负责人：欧阳修文", "负责人：***"),
        ("经办人（诸葛亮）", "经办人（***）"),
        ("联系人：买买提·艾力", "联系人：***"),
        ("联系人：市统计局李四", "联系人：市统计局***"),
        ("联系人&nbsp;：&nbsp;张三", "联系人\xa0：\xa0***"),
        ("咨询人：王科长", "咨询人：***"),
    ],
)
def test_names_beside_contact_words_go(text, expected):
    assert scrub_text(text)[0] == expected
    assert scrub_text(expected) == (expected, ())


def test_members_that_name_persons():
    record = {
        "id": MOBILE,
        "dataId": int(MOBILE),
        "name": "快递企业名录",
        "createUser": {"name": "张三", "mobile": MOBILE, "workName": "市大数据中心"},
        "updateUser": "lisi",
        "updateBy": "admin",
        "createUserId": 12,
        "linkman": "张三",
        "lxr": "李四",
        "联系人": "王五",
        "userName": "zhangsan",
        "uploader": "张三",
        "xm": "张三",
        "createName": "张三",
        "负责人": "张三 0551-62999801 数据管理科",
        "contacts": [{"name": "张三", "dept": "办公室", "tel": "0551-62999801"}],
        "contactMethod": "张三 0592-2135001",
        "联系电话": MOBILE,
        "phone": int(MOBILE),
        "idCard": OLD_IDENTITY,
        "notes": json.dumps({"linkman": "张三", "x": 1}, ensure_ascii=False),
        MOBILE: "张三",
    }
    scrubbed = scrub(record)
    assert scrubbed.value == {
        "id": MOBILE,
        "dataId": int(MOBILE),
        "name": "快递企业名录",
        "负责人": "0551-62999801 数据管理科",
        "contacts": [{"dept": "办公室", "tel": "0551-62999801"}],
        "contactMethod": "*** 0592-2135001",
        "联系电话": "",
        "notes": '{"x":1}',
    }
    assert ("createUser", "name") in scrubbed.removed
    assert ("contacts[0].name", "name") in scrubbed.removed
    assert ("联系电话", "mobile") in scrubbed.removed
    assert ("idCard", "id_number") in scrubbed.removed
    assert MOBILE not in repr(scrubbed.removed)
    assert "张三" not in repr(scrubbed.removed)


def test_members_that_stay():
    record = {
        "createrDeptName": "市统计局",
        "creator": "市大数据中心",
        "createTime": 1_676_537_830_000,
        "createUser": "",
        "updateUser": None,
        "linkman": "数据资源科",
        "publisher": "省自然资源厅",
        "fileSize": int(MOBILE),
        "dataCount": MOBILE,
        "deptContact": "0575-85123456",
        "contact_way": "sjkf@jtw.sh.gov.cn",
        "联系人": "暂无",
        "url": f"https://x.gov.cn/data?id={MOBILE}",
        "isUser": True,
        "list": [1, None, ["信息化科"]],
    }
    assert scrub(record) == type(scrub(record))(record, ())


def test_depth_and_foreign_values():
    deep: list[object] = []
    for _ in range(5000):
        deep = [deep]
    assert {kind for _, kind in scrub(deep).removed} == {"too_deep"}
    assert scrub({"a": b"x", "b": (1, 2)}).value == {"b": [1, 2]}
    assert scrub(MOBILE) == type(scrub(MOBILE))("", (("", "mobile"),))


@pytest.mark.parametrize(
    "piece",
    [
        *(
            MOBILE,
            f"{MOBILE} ",
            f"http://a/{MOBILE} ",
            f"/?a={MOBILE}",
            "1",
            "13 ",
            "a",
            "?",
            "138-0000-",
        ),
        *(
            "联系人",
            "联系人：",
            "联系人 ",
            "联系人：张三、",
            "张",
            " ",
            "张三丰 ",
            "局",
            "a@",
            "0551-",
            "*",
            "(",
        ),
    ],
)
def test_time_is_linear(piece):
    def seconds(length):
        text = piece * (length // len(piece))
        start = time.perf_counter()
        scrub_text(text)
        scrub({"contact": text, "linkman": text})
        office_phone(text)
        office_email(text)
        office_name(text)
        return time.perf_counter() - start

    assert seconds(300_000) < 30 * seconds(30_000) + 0.2


@given(st.one_of(mobiles, identities), surroundings, surroundings)
def test_numbers_go_from_any_text(number, before, after):
    for value in (f"{before}{number}{after}", f"{before} {number} {after}"):
        cleaned, kinds = scrub_text(value)
        assert number not in cleaned
        assert kinds
        assert number not in json.dumps(scrub({"a": [{"说明": value}]}).value)


@given(landlines, surroundings, surroundings)
def test_landlines_stay(number, before, after):
    assert number in scrub_text(f"{before}{number}{after}")[0]
    assert office_phone(number) == number


@given(
    st.lists(st.one_of(mobiles, landlines), min_size=1, max_size=5),
    st.sampled_from(["、", " ", "/", "，", ";", "\r\n"]),
)
def test_only_office_numbers_are_kept(numbers, separator):
    kept = office_phone(separator.join(numbers)) or ""
    for number in numbers:
        assert (number in kept) == ("-" in number)


USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@given(
    st.one_of(
        digits(20),
        digits(22),
        st.text(USCC, min_size=18, max_size=18).filter(lambda code: not code.isdecimal()),
    )
)
def test_longer_codes_stay(code):
    assert scrub_text(code) == (code, ()) or len(code) == 18
    if any(sign.isalpha() for sign in code[:17]):
        assert scrub_text(code) == (code, ())


@given(
    st.one_of(
        DIRTY,
        st.text(),
        st.lists(st.one_of(mobiles, identities, landlines, st.text(max_size=3), DIRTY)).map(
            "".join
        ),
    )
)
def test_scrubbing_again_changes_nothing(text):
    once, _ = scrub_text(text)
    assert scrub_text(once) == (once, ())


@given(JSON_VALUES)
def test_nothing_raises(value):
    once = scrub(value)
    assert repr(scrub(once.value).value) == repr(once.value)  # repr: nan is not equal to itself
    for read in (office_phone, office_email, office_name):
        found = read(value)
        assert found is None or found.strip()
