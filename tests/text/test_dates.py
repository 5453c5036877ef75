from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.text.dates import CHINA, iso_date, iso_datetime, parse

from .test_clean import DIRTY, JSON_VALUES


@pytest.mark.parametrize(
    "value",
    [
        *("2023-6-16", "2023-06-16", "2023/06/16", "2023.6.16", "2023年6月16日", "2023年06月16日"),
        *("20230616", 20230616, "２０２３－０６－１６", " 2023-06-16\r\n", "&nbsp;2023-06-16"),
        *("Jun 16, 2023", "June 16, 2023", "6/16/2023", "16/6/2023", date(2023, 6, 16)),
    ],
)
def test_days(value):
    assert parse(value) == date(2023, 6, 16)
    assert iso_date(value) == "2023-06-16"
    assert iso_datetime(value) == "2023-06-16T00:00:00+08:00"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("20230616091500", "2023-06-16T09:15:00"),
        ("202306160915", "2023-06-16T09:15:00"),
        ("20230616" + "091500123", "2023-06-16T09:15:00"),
        (20230616091500, "2023-06-16T09:15:00"),
        (1686877200, "2023-06-16T09:00:00"),
        ("1686877200", "2023-06-16T09:00:00"),
        (1_686_877_200_000, "2023-06-16T09:00:00"),
        ("1686877200" + "999", "2023-06-16T09:00:00"),
        (1.6868772e12, "2023-06-16T09:00:00"),
        ({"time": 1_686_877_200_000, "year": 123, "month": 5}, "2023-06-16T09:00:00"),
        (946_569_600_000, "1999-12-31T00:00:00"),
        ("946569600000", "1999-12-31T00:00:00"),
        ("Dec 15, 2019 3:00:49 AM", "2019-12-15T03:00:49"),
        ("Dec 15, 2019 12:00:49 AM", "2019-12-15T00:00:49"),
        ("Dec 15, 2019, 12:30:49\u202fPM", "2019-12-15T12:30:49"),
        ("Sun Dec 15 03:00:49 CST 2019", "2019-12-15T03:00:49"),
        ("2023-06-13 01:00:35", "2023-06-13T01:00:35"),
        ("2023-06-13T01:00:35", "2023-06-13T01:00:35"),
        ("2023-06-13 01:00:35.0", "2023-06-13T01:00:35"),
        ("2023-06-13 01:00", "2023-06-13T01:00:00"),
        ("2023/6/13 1:00:35", "2023-06-13T01:00:35"),
        ("2023年6月13日 9时15分30秒", "2023-06-13T09:15:30"),
        ("2023年6月13日 下午1:05", "2023-06-13T13:05:00"),
        ("2023-06-13T01:00:35.123+0800", "2023-06-13T01:00:35"),
        ("2023-06-13T01:00:35+08:00[Asia/Shanghai]", "2023-06-13T01:00:35"),
        ("2023-06-12T17:00:35Z", "2023-06-13T01:00:35"),
        ("2023-06-12 17:00:35 UTC", "2023-06-13T01:00:35"),
        ("2023-06-12T12:00:35-05:00", "2023-06-13T01:00:35"),
    ],
)
def test_moments(value, expected):
    assert iso_datetime(value) == f"{expected}+08:00"
    assert iso_date(value) == expected[:10]


def test_the_day_is_the_day_in_china():
    assert iso_date("2023-06-15T16:30:00Z") == "2023-06-16"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2023年6月", "2023-06-01"),
        ("2023-06", "2023-06-01"),
        ("202306", "2023-06-01"),
        ("2023年", "2023-01-01"),
        (2023, "2023-01-01"),
    ],
)
def test_a_month_or_year_is_its_first_day(value, expected):
    assert iso_date(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *(
            "2023-02-30",
            "2023-13-01",
            "2023-00-10",
            "0000-00-00",
            "20231301",
            "202313",
            "2023-06-13 25:00:00",
        ),
        *(
            "05/06/2019",
            "13/13/2019",
            "23-6-16",
            "1899-12-31",
            "2101-01-01",
            "9999-12-31",
            "45000",
            45000,
        ),
        *(
            "",
            "暂无",
            "长期",
            "每年",
            "2023-06-16至2023-12-31",
            "2023-06/16",
            None,
            True,
            False,
            0,
            "0",
            -1,
        ),
        *(
            float("nan"),
            float("inf"),
            10**500,
            [],
            {},
            {"time": "x"},
            b"2023-06-16",
            "1970-01-01 08:00:00",
        ),
        *("2023-06-13 01:00:35 +99:99", "Foo 15, 2019", "1" * 100_000, "2023061609159912"),
    ],
)
def test_no_dates(value):
    assert parse(value) is None
    assert iso_date(value) is None
    assert iso_datetime(value) is None


FORMS = [
    *(
        "{0.year}-{0.month}-{0.day}",
        "{0.year}/{0.month:02}/{0.day:02}",
        "{0.year}.{0.month}.{0.day}",
    ),
    *("{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}", "{0:%Y-%m-%d}", "{0:%b %d, %Y}"),
]


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)), st.sampled_from(FORMS))
def test_every_form_of_every_day(day, form):
    assert parse(form.format(day)) == day
    assert parse(iso_date(form.format(day))) == day


MOMENTS = st.datetimes(datetime(2001, 9, 10), datetime(2100, 12, 30)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0, tzinfo=CHINA)
)


@given(MOMENTS, st.integers(-12, 14))
def test_moments_round_trip(moment, hours):
    milliseconds = int(moment.timestamp()) * 1000
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert parse(milliseconds) == parse(str(milliseconds)) == moment
    assert parse(milliseconds // 1000) == moment
    for text in (moment.isoformat(), elsewhere.isoformat(), f"{moment:%Y-%m-%d %H:%M:%S}"):
        assert parse(text) == moment
    assert parse(f"{moment:%Y%m%d%H%M%S}") == parse(f"{moment:%b %d, %Y %I:%M:%S %p}") == moment
    assert parse(iso_datetime(moment)) == moment


@given(
    st.one_of(st.text(), DIRTY, JSON_VALUES, st.text("0123456789-/:年月日 TZ+.amp,", max_size=25))
)
def test_nothing_raises(value):
    found = parse(value)
    assert found is None or 1900 <= found.year <= 2100
