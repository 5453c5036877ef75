"""A small fidelity run of every family: real records, and records varied on purpose."""

from __future__ import annotations

import json
import random

import pytest
from click.testing import CliRunner

from ckanext.cn_govdata.portals import registry
from ckanext.cn_govdata.portals.cli import main
from tests.portals import catalogue
from tests.portals.families import families

from . import places, report
from .replay import measure

RECORDS = 24
# The files of the selection whose records stand in for families that have none of their own.
# Portals of a family that the documented interface is most complete for.
CHOSEN = {"inspur-odweb": "640100", "exchangeopengateway": "320300"}
LENT = ("sichuan_dazhou", "guangxi_laibin", "zhejiang_shaoxing", "sichuan_deyang")
CYCLES = [
    "实时",
    "每日",
    "每天",
    "每周",
    "每月",
    "每季度",
    "季度",
    "每半年",
    "半年",
    "每年",
    "年",
    "按年更新",
    "每两年",
    "不定期",
    "不定时",
    "自定义",
    "其他",
    "其它",
    "长期",
    "不更新",
    "归档不更新",
    "每2日",
    "教育文化",
    "暂无",
    "null",
]
OPENNESS = [
    "无条件开放",
    "有条件开放",
    "依申请开放",
    "申请后开放",
    "普遍开放",
    "完全开放",
    "登录开放",
    "无",
    "无条件共享",
    "安全开放",
    "不予开放",
    "暂无",
]
DAYS = ["2023-06-16", "2023-6-6", "2023/06/16", "2023年6月16日", "", "1999-12-31"]
PROVIDERS = [
    "【台州市】市教育局",
    "市统计局",
    "威远县",
    "  市民政局 ",
    "住房和城乡建设局（人防办）",
]
THEMES = [
    "教育文化",
    "机构团体、信用服务",
    "文化、卫生、体育",
    "综合政务",
    "默认主题",
    "",
    "市场监督",
]
INDUSTRIES = ["教育", "农、林、牧、渔业", "默认行业", "", "暂无", "金融业"]
TAGS = [
    "信息 \t其他 \t综合政务",
    "信息、馆藏、智慧图书馆、-",
    "机构,建筑,SODA2022",
    "",
    "民、非、登记",
    "【民生】",
]
PHONES = [
    "0551-62999801",
    "暂无",
    "12345",
    "028****",
    "0591-83366690、87628397",
    "",
    "(0772)4278900",
]
TEXTS = [
    "学校名称,专业,在校生数",
    "面积<90平方米的房屋&nbsp;名录",
    "第一行\n第二行",
    "很长的摘要。" * 400,
    "“引号”与《书名》、A&B",
    "",
]
OTHERS = {
    "应用系统名称": "人口库",
    "目录代码": "510503/000123",
    "共享类型": "按需共享",
    "备注": "试点　数据",
}


@pytest.fixture
def crawl(monkeypatch):
    """The command in this process: one import for all portals."""

    def run(arguments: list[str]) -> tuple[int, str]:
        ran = CliRunner().invoke(main, arguments)
        return ran.exit_code, ran.output + (repr(ran.exception) if ran.exit_code else "")

    return run


def portal_of(family: str) -> str:
    """The registry's first portal of a family, or the one that the selection has."""
    if family in CHOSEN:
        return CHOSEN[family]
    stored = [one.portal for one in catalogue.portals() if one.family == family]
    return (
        stored[0] if stored else next(p.portal_id for p in registry.portals() if p.family == family)
    )


def cells_of(family: str) -> list[dict]:
    stored = [one for one in catalogue.portals() if one.family == family]
    lent = [one for one in catalogue.portals() if one.file in LENT]
    found = []
    for portal in stored[:1] or lent:
        records = portal.records()
        found += [dict(one.cells) for one in records[:: max(1, len(records) // RECORDS)]][:RECORDS]
    return found


def varied(family: str) -> list[dict]:
    """Records whose cells are drawn from odd values, the same ones at every run."""
    dice = random.Random(family)
    found = []
    for number in range(RECORDS):
        cells = {
            # The blank at the end: portals that look details up by title want it.
            "标题": f"{dice.choice(['工商信息', '“一网通办”事项', '《年鉴》(2023)', 'A级景区'])}{number}"
            + dice.choice(["", " "]),
            "描述": dice.choice(TEXTS),
            "来源部门": dice.choice(PROVIDERS),
            "重点领域": dice.choice(THEMES),
            "所属行业": dice.choice(INDUSTRIES),
            "更新频率": dice.choice(CYCLES),
            "开放条件": dice.choice(OPENNESS),
            "发布时间": dice.choice(DAYS),
            "更新时间": dice.choice(DAYS[:1]),
            "标签": dice.choice(TAGS),
            "部门电话": dice.choice(PHONES),
            "数据量": dice.choice(["0", "1,286", "12", ""]),
            "数据格式": dice.choice(
                [["xls", "csv"], ["api"], [], ["file"], ["json", "pdf", "rdf"]]
            ),
        }
        for label in dice.sample(sorted(cells.keys() - {"标题", "更新时间"}), 2):
            del cells[label]
        cells |= dict(dice.sample(sorted(OTHERS.items()), 2))
        found.append(cells)
    return found


def wrong(result) -> str:
    found = report.findings([result])
    assert result.served
    assert (result.once, result.missing, result.twice) == (result.served, 0, 0), found
    assert not result.leaks
    assert result.again == 0
    return found


def write(folder, name, rows):
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")
    return path


@pytest.mark.parametrize("family", sorted(families()))
def test_records_of_real_portals(family, tmp_path, crawl):
    path = write(tmp_path, portal_of(family), cells_of(family))
    result = measure(path, crawl=crawl)
    assert (result.family, result.problem) == (family, "")
    assert wrong(result) == ""
    assert result.planted
    assert result.fields["title"].right == result.served


@pytest.mark.parametrize("family", sorted(families()))
def test_varied_records(family, tmp_path, crawl):
    path = write(tmp_path, portal_of(family), varied(family))
    assert wrong(measure(path, crawl=crawl)) == ""


def test_every_family_of_the_published_table_is_replayed():
    known = {portal.family for portal in registry.portals() if portal.family}
    shared = {family for family in known if not family.startswith("single-")}
    assert len(shared) == 16
    assert shared <= set(families())


def test_files_are_told_by_province_and_place_or_by_id():
    assert places.portal_of("guizhou_qianxinan").portal_id == "522300"
    assert places.portal_of("shaanxi_shaanxi").portal_id == "610000"
    assert places.portal_of("jiangsu_suzhou").portal_id == "320500"
    assert places.portal_of("anhui_suzhou").portal_id == "341300"
    assert places.portal_of("350200-fujian").family == "fujian-open-portal"
    assert places.portal_of("fujian_xiamen", ["https://data.fujian.gov.cn/x"]).family == (
        "fujian-open-portal"
    )
    assert places.portal_of("atlantis_atlantis") is None


def test_an_unknown_portal_is_reported(tmp_path, crawl):
    result = measure(write(tmp_path, "atlantis_atlantis", [{"标题": "甲"}]), crawl=crawl)
    assert result.problem == "no portal of the registry has this name"
    summary = report.as_json([result], 0)
    assert summary["not_measured"] == {"atlantis_atlantis": result.problem}
    assert not summary["met"]


def test_a_wrong_value_is_noticed(tmp_path, crawl, monkeypatch):
    from ckanext.cn_govdata.text import dates

    monkeypatch.setattr(dates, "iso_date", lambda _: "2001-01-01")
    from ckanext.cn_govdata.crawl.mapping import plain

    monkeypatch.setitem(plain.RULES, "issued", plain.Rule(lambda _: "2001-01-01", ""))
    path = write(tmp_path, "451300", cells_of("inspur-oportal")[:5])
    result = measure(path, crawl=crawl)
    assert result.fields["issued"].wrong == result.fields["issued"].source == 5
    assert "2001-01-01" in report.findings([result])
    assert not report.as_json([result], 0)["met"]
