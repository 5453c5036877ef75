"""The stored selection: whole portals, no personal data, small."""

from __future__ import annotations

import gzip
import re

import pytest

from . import catalogue
from .families import families

PORTALS = catalogue.portals()


def test_selection_is_small_and_covers_families():
    size = sum(path.stat().st_size for path in catalogue.DATA.iterdir())
    assert size <= 8 * 1024 * 1024
    assert len({portal.family for portal in PORTALS}) >= 8
    assert len({portal.portal for portal in PORTALS}) == len(PORTALS)
    files = {path.name for path in catalogue.DATA.glob("*.gz")}
    assert files == {f"{portal.file}.jsonl.gz" for portal in PORTALS}
    assert {portal.family for portal in PORTALS} <= set(families())
    assert sum(len(portal.records()) for portal in catalogue.replayable()) >= 5000


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.file)
def test_records_are_whole_and_unique(portal):
    records = portal.records()
    assert len({record.id for record in records}) == len(records) > 0
    readme = (catalogue.DATA / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"\| {portal.file} \| .*\| {len(records)} \|", readme)


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.file)
def test_no_personal_data(portal):
    text = gzip.decompress((catalogue.DATA / f"{portal.file}.jsonl.gz").read_bytes()).decode()
    assert not re.search(r"1[3-9]\d{9}", text)
    assert not re.search(r"(?<![0-9A-Za-z])\d{17}[\dXx](?![0-9A-Za-z])", text)
    assert not re.search(r"\d@", text)
    assert not re.search(r"(联系人|联络人|负责人|经办人)[:：]\s*[\u4e00-\u9fff]{2,4}", text)
