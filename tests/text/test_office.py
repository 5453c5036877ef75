from __future__ import annotations

import pytest

from ckanext.cn_govdata.text.personal import office_email, office_name, office_phone

from .invented import mobile

MOBILE = mobile()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0543-3162121", "0543-3162121"),
        ("0543-3162121（***，***）", "0543-3162121"),
        ("(0543)****", None),
        ("(0551)62999801", "(0551)62999801"),
        ("（0551）62999801", "（0551）62999801"),
        ("0550—3023289", "0550—3023289"),
        ("0571-888076905", "0571-888076905"),
        ("2293290", "2293290"),
        (2293290, "2293290"),
        ("12345", "12345"),
        ("400-123-4567", "400-123-4567"),
        ("8008101234", "8008101234"),
        ("+86-551-62999801", "+86-551-62999801"),
        ("0551-62999801转801", "0551-62999801转801"),
        ("\r\n0591-83366690、87628397", "0591-83366690、87628397"),
        ("日间:(0571)87709006夜间:(0571)87087342", "日间:(0571)87709006夜间:(0571)87087342"),
        ("市统计局办公室 0551-62999801", "市统计局办公室 0551-62999801"),
        (f"0551-62999801 {MOBILE}", "0551-62999801"),
        (f"{MOBILE}、0551-62999801", "0551-62999801"),
        ("0551-62999801 ***", "0551-62999801"),
        ("0551-62999801 王老师", "0551-62999801"),
        ("0551-62999801（张三）", "0551-62999801"),
        ("买买提 0551-62999801", "0551-62999801"),
        *[(MOBILE, None), (f"+86-{MOBILE}", None), ("028****", None), ("028-****1234", None)],
        *[
            ("177****2876", None),
            ("暂无", None),
            ("sjkf@sh.gov.cn", None),
            ("", None),
            (None, None),
        ],
        *[(f"0551-{MOBILE}", None), (["0551-62999801"], "0551-62999801"), ("暂无联系方式", None)],
    ],
)
def test_office_phone(value, expected):
    assert office_phone(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("sjkf@sh.gov.cn", "sjkf@sh.gov.cn"),
        ("szq_dsjzx @126.com", "szq_dsjzx@126.com"),
        ("邮箱：a@b.gov.cn；c@d.cn", "a@b.gov.cn"),
        ("sjj＠b.gov.cn", "sjj@b.gov.cn"),
        ("64840343@qq.com", "64840343@qq.com"),
        (f"{MOBILE}@163.com", None),
        (f"{MOBILE}@139.com;sjj@b.gov.cn", "sjj@b.gov.cn"),
        (f"a{MOBILE}@b.cn", None),
        ("暂无", None),
        ("@", None),
    ],
)
def test_office_email(value, expected):
    assert office_email(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *[
            ("市统计局", "市统计局"),
            ("威远县", "威远县"),
            ("经开区", "经开区"),
            ("张店区", "张店区"),
        ],
        *[
            ("数据资源科", "数据资源科"),
            ("市统计局 张三", "市统计局"),
            ("省大数据局张三", "省大数据局"),
        ],
        *[("市统计局办公室（李四）", "市统计局办公室"), (f"办公室 {MOBILE}", "办公室")],
        *[("张三", None), ("王科", None), ("联系人：张三", None), ("暂无", None), ("未知", None)],
    ],
)
def test_office_name(value, expected):
    assert office_name(value) == expected
