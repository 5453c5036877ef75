from __future__ import annotations

import gzip
import json

import pytest
from click.testing import CliRunner

from tests.text.invented import mobile

from .cleaners import BEGIN, END, main, run, shown, write
from .fields import FIELD_OF_LABEL, LABELS, judge

RECORDS = [
    {"标题": "工商信息", "更新频率": "每年", "数据格式": ["xls", "接口"], "联系电话": mobile()},
    {"标题": " 工商信息", "更新频率": "暂无", "数据格式": ["甲格式"], "联系电话": "0551-62999801"},
    {"标题": "", "更新频率": "每逢双日", "发布时间": "2023-6-16", "数据量": "1,286"},
    {"标题": "工商<b>信息</b>", "更新频率": "每逢双日", "发布时间": "昨天", "不认识": "x"},
]


@pytest.fixture
def corpus(tmp_path):
    for number, half in enumerate((RECORDS[:2], RECORDS[2:])):
        with gzip.open(tmp_path / f"{number}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in half)
    return tmp_path


def test_cells_are_counted(corpus):
    result = run(corpus)
    assert (result.files, result.records) == (2, 4)
    assert result.removed == {"mobile": 1}
    title, frequency = result.columns["title"], result.columns["frequency"]
    assert (title.filled, title.blank, title.changed, title.mapped) == (3, 1, 2, 3)
    assert (frequency.filled, frequency.blank, frequency.mapped) == (3, 1, 1)
    assert frequency.unmapped == {"每逢双日": 2}
    assert result.columns["format"].unmapped == {"甲格式": 1}
    assert result.columns["issued"].unmapped == {"昨天": 1}
    assert result.columns["record_count"].mapped == 1
    assert result.columns["contact.phone"].unmapped == {"(a mobile number)": 1}


def test_the_page_gets_the_result_and_no_personal_data(corpus):
    page = corpus / "page.md"
    page.write_text(f"above\n{BEGIN}\nold\n{END}\nbelow\n", "utf-8")
    ran = CliRunner().invoke(main, [str(corpus), "--out", str(page)], catch_exceptions=False)
    assert ran.exit_code == 0
    text = page.read_text("utf-8")
    assert text.startswith("above\n")
    assert text.endswith("\nbelow\n")
    assert "old" not in text
    assert "| `frequency` | 3 | 1 | 0 | 1 | 33.3 % |" in text
    assert "每逢双日 (2)" in text
    for output in (text, ran.output):
        assert mobile() not in output
    assert json.loads(ran.output.splitlines()[-1])["records"] == 4


def test_a_page_without_markers_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("text", "utf-8")
    with pytest.raises(ValueError, match="lacks the lines"):
        write(page, "x")


def test_an_empty_corpus_is_an_error(tmp_path):
    assert CliRunner().invoke(main, [str(tmp_path)]).exit_code != 0


def test_words_are_shown_without_persons():
    assert shown(f"0551-62999801 {mobile()}") == "(a mobile number)"
    assert shown("张三") == "(a name)"
    assert shown("甲|乙`<") == "甲\\|乙'&lt;"
    assert shown("长" * 50) == "长" * 40 + "…"


def test_every_field_has_a_judge():
    assert set(FIELD_OF_LABEL.values()) == set(LABELS)
    for field in LABELS:
        assert judge(field, "暂无").blank
        assert not judge(field, "某").blank
