from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.cn_govdata.text.numbers import count, size_bytes

from .test_clean import DIRTY, JSON_VALUES


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *[("1,286", 1286), ("1，286", 1286), ("12,569", 12569), ("1,138,461,162", 1138461162)],
        *[
            ("3.2万", 32000),
            ("1.2亿", 120000000),
            ("12 条", 12),
            ("12条记录", 12),
            ("3万条", 30000),
        ],
        *[("0", 0), (0, 0), (12.0, 12), ("12.0", 12), ("1.2E7", 12000000), ("１２", 12)],
        *[(2**53 + 1, 2**53 + 1), (str(2**53 + 1), 2**53 + 1), (10**400, 10**400)],
        *[("约12", None), ("12.5", None), (12.5, None), ("-3", None), (-3, None), ("1,28", None)],
        *[("", None), ("暂无", None), (None, None), (True, None), (float("nan"), None)],
        *[(float("inf"), None), ([1], None), (b"1", None), ("1e99", None), ("9" * 5000, None)],
    ],
)
def test_count(value, expected):
    assert count(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *[
            ("20 KB", 20480),
            ("1.5MB", 1572864),
            ("20480", 20480),
            (20480, 20480),
            ("2.3M", 2411725),
        ],
        *[("1,024 字节", 1024), ("1，024 KB", 2**20), ("1.2GB", 1288490189), ("20KiB", 20480)],
        *[("5759", 5759), ("3 Bytes", 3), ("2兆", 2**21), ("1 TB", 2**40), ("0 B", 0)],
        *[("1.5", None), ("-1", None), ("KB", None), ("暂无", None), (True, None), ("20 XB", None)],
    ],
)
def test_size_bytes(value, expected):
    assert size_bytes(value) == expected


@given(st.integers(0, 10**30))
def test_whole_numbers_stay_exact(number):
    assert count(number) == count(str(number)) == count(f"{number:,}") == number
    assert size_bytes(f"{number:,} 字节") == number
    assert size_bytes(f"{number} KB") == number * 1024


@given(
    st.one_of(st.text(), DIRTY, JSON_VALUES, st.text("0123456789,.eE+-万亿条KMGB ", max_size=45))
)
def test_nothing_raises(value):
    for read in (count, size_bytes):
        found = read(value)
        assert found is None or (isinstance(found, int) and found >= 0)
