"""Checks of portals against replay portals on loopback: the words, the timings, the changes."""

import json
import threading
from dataclasses import replace

import pytest
from click.testing import CliRunner

from ckanext.cn_govdata.crawl.client import ClientSettings
from ckanext.cn_govdata.portals import registry
from ckanext.cn_govdata.portals.check import changes, check
from ckanext.cn_govdata.portals.checks import check_all
from ckanext.cn_govdata.portals.cli import main
from ckanext.cn_govdata.portals.source import build
from tests.portals import catalogue
from tests.portals.server import ReplayPortal

SETTINGS = ClientSettings(rate=0, allowed_networks=("127.0.0.0/8",), retries=0, read_timeout=5)
LAIBIN, ZUNYI = "451300", "520300"


def serve(code, size=5):
    stored = next(one for one in catalogue.portals() if one.portal == code)
    options = {"context": stored.context} if stored.context else {}
    return ReplayPortal(stored.family, stored.records()[:size], **stored.options, **options)


def source(code, replay):
    return build(registry.get(code).config(), replay.base_url)


@pytest.mark.parametrize("code", [LAIBIN, ZUNYI])
def test_a_portal_that_is_well(code):
    with serve(code) as replay:
        found = check(source(code, replay), SETTINGS)
    assert (found.word, found.total, found.reason) == ("well", 5, None)
    assert [step.what for step in found.steps[:2]] == ["robots", "list"]
    assert {step.what for step in found.steps[2:]} == {"detail"}
    assert all(step.status == 200 for step in found.steps[1:])
    assert all(step.seconds >= 0 for step in found.steps)
    assert found.title
    assert {"title", "provider_name", "identifier"} <= set(found.fields)


@pytest.mark.parametrize(
    ("fault", "word", "said"),
    [
        ({"challenge": "412"}, "blocked", "412"),
        ({"challenge": "script"}, "blocked", ""),
        ({"login_redirect": True}, "blocked", "log-in"),
        ({"challenge": "html"}, "broken", "records"),
    ],
)
def test_a_portal_in_trouble(fault, word, said):
    with serve(LAIBIN) as replay:
        replay.fail(**fault)
        found = check(source(LAIBIN, replay), SETTINGS)
    assert (found.word, found.well) == (word, False)
    assert said in (found.reason or "")
    assert found.evidence


def test_a_portal_with_nothing():
    with serve(ZUNYI, size=0) as replay:
        assert check(source(ZUNYI, replay), SETTINGS).word == "empty"


def test_a_portal_that_does_not_answer():
    with serve(LAIBIN) as replay:
        gone = source(LAIBIN, replay)
    found = check(gone, SETTINGS)
    assert found.word == "incomplete"
    assert found.reason
    assert found.steps[0].status is None


def test_details_that_cannot_be_read():
    with serve(ZUNYI) as replay:
        wrong = source(ZUNYI, replay)
        profile = wrong.profile
        text = json.loads(json.dumps(profile.source))
        text["detail"]["post"] = "/nowhere"
        broken = replace(wrong, profile=type(profile).from_mapping(text))
        found = check(broken, SETTINGS)
    assert found.word == "incomplete"
    assert "detail" in found.reason


def test_a_private_address_is_refused():
    with serve(LAIBIN) as replay:
        found = check(source(LAIBIN, replay), ClientSettings(rate=0, retries=0))
    assert found.word == "incomplete"
    assert replay.requests == []


def test_what_changed_since_the_last_check():
    with serve(LAIBIN) as replay:
        first = check(source(LAIBIN, replay), SETTINGS)
        before = json.loads(json.dumps(first.as_dict()))
        assert changes(None, first) == []
        assert changes(before, check(source(LAIBIN, replay), SETTINGS)) == []
        del replay.records[3:]
        [fewer] = changes(before, check(source(LAIBIN, replay), SETTINGS))
        assert fewer == {"what": "total", "before": 5, "now": 3}
        replay.fail(challenge="412")
        worse = changes(before, check(source(LAIBIN, replay), SETTINGS))
        assert {"what": "word", "before": "well", "now": "blocked"} in worse
    slow = replace(first, seconds=30.0, fields=[*first.fields[1:], "new_field"])
    assert [each["what"] for each in changes(before, slow)] == ["fields", "seconds"]


def test_portals_of_one_host_wait_for_each_other(monkeypatch):
    """Two sources of one host are never read at a time; two hosts are."""
    from ckanext.cn_govdata.portals import checks

    busy, met, lock = {}, set(), threading.Lock()
    both = threading.Barrier(2, timeout=20)

    def slowly(one, settings):
        with lock:
            host = one.base_url
            assert not busy.get(host)
            busy[host] = True
        if host not in met:
            met.add(host)
            both.wait()  # passes only when two hosts are read side by side
        with lock:
            busy[host] = False
        return check(one, settings)

    with serve(LAIBIN) as one, serve(ZUNYI) as two:
        monkeypatch.setattr(checks, "check", slowly)
        tasks = [(source(LAIBIN, one), SETTINGS)] * 3 + [(source(ZUNYI, two), SETTINGS)] * 2
        found = list(check_all(tasks, hosts=4))
    assert [each.word for each in found] == ["well"] * 5


def test_one_check_that_fails_does_not_end_the_others(monkeypatch):
    from ckanext.cn_govdata.portals import checks

    def sometimes(one, settings):
        if one.portal_id == ZUNYI:
            raise RuntimeError("boom")
        return check(one, settings)

    with serve(LAIBIN) as replay:
        monkeypatch.setattr(checks, "check", sometimes)
        tasks = [(source(ZUNYI, replay), SETTINGS), (source(LAIBIN, replay), SETTINGS)]
        words = {each.portal_id: (each.word, each.reason) for each in check_all(tasks)}
    assert words[LAIBIN][0] == "well"
    assert words[ZUNYI] == ("incomplete", "the check failed: RuntimeError: boom")


def test_the_command_remembers_and_fails_where_a_portal_is_not_well(tmp_path):
    state = tmp_path / "checks.json"
    with serve(LAIBIN) as replay:
        arguments = ["portals", "check", LAIBIN, "--url", replay.base_url, "--rate", "0"]
        arguments += ["--allow-network", "127.0.0.0/8", "--state", str(state)]
        first = CliRunner().invoke(main, arguments)
        assert first.exit_code == 0, first.output
        assert "451300 well" in first.output
        replay.fail(challenge="412")
        second = CliRunner().invoke(main, [*arguments, "--json"])
    assert second.exit_code == 1
    [row] = json.loads(second.stdout)
    assert row["word"] == "blocked"
    assert {"what": "word", "before": "well", "now": "blocked"} in row["changes"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "which PORTAL"),
        (["--all", LAIBIN], "which PORTAL"),
        (["110108"], "no-profile"),
        (["321324"], "321300"),
        (["999999"], "no portal"),
        ([LAIBIN, ZUNYI, "--url", "http://x.cn"], "one PORTAL"),
        ([LAIBIN, "--url", "x.cn"], "url"),
        ([LAIBIN, "--allow-network", "x"], "allowed_networks"),
    ],
)
def test_wrong_options_are_told(arguments, words):
    result = CliRunner().invoke(main, ["portals", "check", *arguments])
    assert result.exit_code == 2
    assert words in result.output


def test_own_rows_reach_the_console_script(tmp_path):
    own = tmp_path / "own.csv"
    own.write_text("portal_id,name_zh\n321300,改名的平台\n", encoding="utf-8")
    try:
        shown = CliRunner().invoke(main, ["--portals-file", str(own), "portals", "show", "321324"])
        assert "改名的平台" in shown.output
        own.write_text("portal_id,state\n321300,gone\n", encoding="utf-8")
        wrong = CliRunner().invoke(main, ["portals"], env={"CN_GOVDATA_PORTALS_FILE": str(own)})
        assert wrong.exit_code == 2
        assert "line 2" in wrong.output
    finally:
        CliRunner().invoke(main, ["portals", "show", "321300"])
    assert registry.get("321300") == registry.shipped()["321300"]
