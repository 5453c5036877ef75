"""`cn-govdata` against replay portals on loopback."""

from __future__ import annotations

import json
import sqlite3

import pytest
from click.testing import CliRunner

from ckanext.cn_govdata.crawl.messages import Fingerprints
from ckanext.cn_govdata.portals.cli import main
from ckanext.cn_govdata.portals.state import State, StateError
from ckanext.cn_govdata.standards.fields import fields_on
from tests.portals.server import ReplayPortal

from .support import portal

LOOPBACK = ("--rate", "0", "--allow-network", "127.0.0.0/8")
CODE = "451300"


def run(*arguments: str):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def replay():
    stored = portal(CODE)
    with ReplayPortal(stored.family, stored.records()[:25], context=stored.context) as served:
        yield served


def crawl(replay, folder, name: str, *more: str):
    out = folder / f"{name}.jsonl"
    result = run(
        "crawl", "--portal", CODE, "--url", replay.base_url, *LOOPBACK, "--out", out, *more
    )
    lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    return result, lines


def test_records_are_lines_with_the_fields_of_the_national_set(replay, tmp_path):
    result, lines = crawl(replay, tmp_path, "all")
    assert result.exit_code == 0, result.output
    assert "complete: 25 of 25 records listed; changed 25" in result.output
    assert len(lines) == 25
    known = set(fields_on("dataset")) | {"resources"}
    assert {name for line in lines for name in line} <= known
    assert {name for line in lines for one in line["resources"] for name in one} <= set(
        fields_on("resource")
    )
    assert {line["title"] for line in lines} == {stored.title for stored in replay.records}


def test_the_second_run_writes_only_what_changed(replay, tmp_path):
    state = ("--state", str(tmp_path / "state.sqlite"))
    assert len(crawl(replay, tmp_path, "first", *state)[1]) == 25
    result, lines = crawl(replay, tmp_path, "second", *state)
    assert (result.exit_code, lines) == (0, [])
    assert "25 details not asked for" in result.output
    gone = replay.records.pop(7).id
    replay.records[3] = replay.records[3].changed(更新时间="2024-01-02")
    result, lines = crawl(replay, tmp_path, "third", *state)
    changed, withdrawn = lines
    assert changed["source_id"] == replay.records[3].id
    assert withdrawn == {"source_id": gone, "withdrawn": True}
    assert crawl(replay, tmp_path, "fourth", *state)[1] == []


def test_an_incomplete_listing_withdraws_nothing_and_fails(replay, tmp_path):
    state = ("--state", str(tmp_path / "state.sqlite"))
    crawl(replay, tmp_path, "first", *state)
    replay.fail(ends_after=1)
    result, lines = crawl(replay, tmp_path, "second", *state)
    assert (result.exit_code, lines) == (1, [])
    assert "incomplete" in result.output
    assert "ended early" in result.output
    replay.recover()
    assert crawl(replay, tmp_path, "third", *state)[1] == []


def test_a_limit_is_no_failure_and_no_withdrawal(replay, tmp_path):
    state = ("--state", str(tmp_path / "state.sqlite"))
    crawl(replay, tmp_path, "first", *state)
    result, lines = crawl(replay, tmp_path, "second", *state, "--limit", "5")
    assert (result.exit_code, lines) == (0, [])
    assert "partial" in result.output


def test_a_blocked_portal_fails_with_evidence(replay, tmp_path):
    replay.fail(challenge="412")
    result, lines = crawl(replay, tmp_path, "all")
    assert (result.exit_code, lines) == (1, [])
    assert "evidence: HTTP 412" in result.output


def test_a_family_and_its_parameters(replay, tmp_path):
    out = tmp_path / "out.jsonl"
    arguments = (
        "--family",
        "inspur-oportal",
        "--url",
        replay.base_url,
        "--out",
        out,
        "--limit",
        "3",
    )
    wrong = run("crawl", *arguments, *LOOPBACK)
    assert wrong.exit_code == 1
    right = run("crawl", *arguments, *LOOPBACK, "--param", f"context={portal(CODE).context}")
    assert right.exit_code == 0, right.output
    assert len(out.read_text("utf-8").splitlines()) == 3


def test_private_networks_are_refused_unless_allowed(replay, tmp_path):
    out = tmp_path / "out.jsonl"
    result = run("crawl", "--portal", CODE, "--url", replay.base_url, "--rate", "0", "--out", out)
    assert result.exit_code == 1
    assert replay.requests == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--portal or --family"),
        (("--portal", "1", "--family", "x"), "--portal or --family"),
        (("--family", "inspur-oportal"), "--url"),
        (("--portal", "999999"), "no portal '999999'"),
        (("--portal", "110108"), "no profile yet"),
        (("--family", "x", "--url", "http://x.cn"), "unknown family"),
        (("--family", "inspur-oportal", "--url", "x.cn"), "url"),
        (
            ("--family", "inspur-oportal", "--url", "http://x.cn", "--param", "context"),
            "NAME=VALUE",
        ),
        (("--family", "inspur-oportal", "--url", "http://x.cn", "--param", "a=b"), "parameters.a"),
        (("--family", "inspur-oportal", "--url", "http://x.cn", "--rate", "-1"), "--rate"),
        (
            ("--family", "inspur-oportal", "--url", "http://x.cn", "--allow-network", "x"),
            "allowed_networks",
        ),
    ],
)
def test_wrong_options_are_told(arguments, words, tmp_path):
    result = run("crawl", *arguments, "--out", tmp_path / "x")
    assert result.exit_code == 2
    assert words in result.output.replace("\n", " ")


def test_lists_have_json():
    families = {row["family"]: row for row in json.loads(run("families", "--json").stdout)}
    assert families["guizhou-search"]["portals"] >= 11
    rows = json.loads(run("portals", "--family", "guizhou-search", "--json").stdout)
    assert {"520000", "520300"} <= {row["portal_id"] for row in rows}
    assert "520300" in run("portals", "--division", "520000").stdout
    assert "inspur-oportal" in run("families").stdout


PRINTS = Fingerprints("a", "b", "c", "v", "2024-05-01")


def test_a_run_that_dies_leaves_the_state_as_it_was(tmp_path):
    path = tmp_path / "state.sqlite"
    with State(path, "p") as state:
        state.remember("kept", PRINTS)
        state.commit()
    with State(path, "p") as state:
        state.remember("lost", PRINTS)
    with State(path, "p") as state:
        assert state.get("kept") == PRINTS
        assert state.get("lost") is None
        assert list(state.unseen()) == ["kept"]
    with State(path, "other") as state:
        assert state.get("kept") is None
        assert list(state.unseen()) == []


def test_files_that_are_no_state_are_refused(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not a database" * 100)
    other = tmp_path / "other.sqlite"
    with sqlite3.connect(other) as database:
        database.execute("CREATE TABLE mine (x)")
    for path in (text, other):
        with pytest.raises(StateError, match=path.name):
            State(path, "p")
    assert text.read_text().startswith("not a database")
