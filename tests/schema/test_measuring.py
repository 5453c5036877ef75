"""Measuring what levels ask of a corpus: the figures are those of the records, one by one."""

import gzip
import json

import pytest

CELLS = {
    "标题": "公共停车场信息",
    "摘要": "全市公共停车场的名称和位置。",
    "来源部门": "市城管局",
    "发布日期": "2022-03-25",
    "更新周期": "每月",
    "开放类型": "无条件开放",
    "主题领域": "交通运输",
    "资源格式": "['xls']",
}

pytestmark = pytest.mark.usefixtures("with_request_context")


def lacking(name):
    return {label: value for label, value in CELLS.items() if label != name}


@pytest.fixture
def corpus(tmp_path):
    records = [CELLS, lacking("摘要"), {**CELLS, "资源格式": "库表"}, lacking("标题")]
    lines = "".join(json.dumps(cells, ensure_ascii=False) + "\n" for cells in records)
    (tmp_path / "anhui_hefei.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    return tmp_path


def test_figures(corpus):
    from tests.fidelity import corpus as records
    from tests.fidelity import obligations

    result = obligations.run(entry.record for entry in records.entries(corpus))
    assert (result.records, result.refused) == (3, 1)
    assert {name: level.valid for name, level in result.levels.items()} == {
        "national": 0,
        "province": 0,
        "prefecture": 2,
        "county": 2,
    }
    missing = {
        place: number
        for (place, rule, kind), number in result.levels["county"].rules.items()
        if kind == "M" and rule == "missing"
    }
    # A database table has no file format.
    assert missing == {"notes": 1}
    assert (result.own["prefecture"], result.own_valid["prefecture"]) == (3, 2)
    assert "| prefecture | 2 | 66.7 % |" in obligations.markdown(result)


def test_the_same_record_under_two_levels(corpus):
    from tests.fidelity import corpus as records
    from tests.fidelity import examples

    (record, *_) = (entry.record for entry in records.entries(corpus))
    assert examples.lacking(record, "county") == []
    assert len(examples.lacking(record, "province")) > 5
