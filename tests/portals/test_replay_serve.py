"""`python -m tests.portals serve` as other programs use it."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import httpx2 as httpx

ROOT = Path(__file__).parents[2]


@contextmanager
def serving(*arguments: str):
    command = [sys.executable, "-m", "tests.portals", "serve", *arguments]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
    assert process.returncode == 0


def test_it_lists_what_it_serves(tmp_path):
    ports = tmp_path / "ports.json"
    chosen = ("--portals", "451300,guizhou_zunyi,520400", "--ports-file", str(ports))
    with serving(*chosen) as portals:
        assert [portal["portal"] for portal in portals] == ["451300", "520300", "520400"]
        first, zunyi, anshun = portals
        assert first == {
            "portal": "451300",
            "name": "来宾公共数据开放平台",
            "family": "inspur-oportal",
            "base_url": first["base_url"],
            "context": "/lb",
            "parameters": {"context": "/lb"},
            "settings": {},
            "records": 805,
        }
        assert zunyi["base_url"] == anshun["base_url"] != first["base_url"]
        page = httpx.get(f"{first['base_url']}/lb/catalog/index?page=81").text
        assert page.count("catalogidinput") == 5
        asked = {"pageSize": 1, "pageIndex": 1, **anshun["parameters"]}
        answer = httpx.post(
            f"{anshun['base_url']}/api/search/data/getDataDirectoryListByParams", json=asked
        )
        assert answer.json()["total"] == anshun["records"] == 1279
    with serving(*chosen) as again:
        assert [p["base_url"] for p in again] == [p["base_url"] for p in portals]


def test_an_unknown_portal_is_named():
    command = [sys.executable, "-m", "tests.portals", "serve", "--portals", "nowhere"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "no such portal: nowhere" in done.stderr
