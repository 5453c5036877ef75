"""`harvest retry`, `remap`, `withdraw`, through the command line."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("clean_db")


@pytest.fixture
def cli(app):
    """Call `ckan cn-govdata harvest …`."""
    from click.testing import CliRunner

    from ckanext.cn_govdata.harvest.cli import harvest

    def call(*arguments):
        with app.flask_app.test_request_context():
            return CliRunner().invoke(harvest, arguments)

    return call


def printed(result):
    """The JSON that a command printed on its standard output."""
    return json.loads(result.stdout.splitlines()[-1])


def count():
    from ckan.plugins import toolkit as tk

    return tk.get_action("package_search")({}, {"fq": "dataset_type:dataset", "rows": 0})["count"]


def test_failed_records_alone_are_read_again(portal, cli):
    lb = portal(size=30)
    broken = frozenset(record.id for record in lb.replay.records[3:5])
    lb.replay.fail(broken_details=broken)
    assert cli("run", lb.name).exit_code == 0
    assert count() == 28
    lb.replay.recover()
    lb.replay.requests.clear()
    result = cli("retry", lb.name, "--json")
    assert result.exit_code == 0, result.output
    [report] = printed(result)
    assert (report["added"], report["outcome"]) == (2, "partial")
    details = [one.path for one in lb.replay.requests if any(i in one.path for i in broken)]
    assert len(details) == 2
    assert count() == 30
    again = cli("retry", lb.name)
    assert (again.exit_code, "Nothing failed" in again.output) == (0, True)


def test_a_job_that_went_wrong_is_run_again_as_a_whole(portal, cli):
    lb = portal(size=15)
    lb.replay.fail(challenge="412")
    assert cli("run", lb.name).exit_code == 1
    lb.replay.recover()
    [report] = printed(cli("retry", lb.name, "--json"))
    assert (report["added"], report["outcome"]) == (15, "complete")


def test_stored_records_are_mapped_again_without_a_request(portal, cli):
    lb = portal(size=15)
    lb.run()
    lb.replay.requests.clear()
    [report] = printed(cli("remap", lb.name, "--json"))
    assert report["remapped"] == 0
    [report] = printed(cli("remap", "--all", "--force", "--json"))
    assert (report["remapped"], report["changed"], report["unchanged"]) == (15, 0, 15)
    assert lb.replay.requests == []
    assert cli("remap").exit_code == 2


def test_another_mapping_is_applied_by_remap(portal, cli, monkeypatch):
    from ckanext.cn_govdata.crawl import fingerprint, flow
    from ckanext.cn_govdata.crawl.mapping import plain

    lb = portal(size=12)
    lb.run()
    title = plain.RULES["title"]
    monkeypatch.setitem(
        plain.RULES, "title", title._replace(clean=lambda value: f"【{title.clean(value)}】")
    )
    monkeypatch.setattr(flow, "mapping_version", lambda profile: "other")
    assert fingerprint.mapping_version
    [report] = printed(cli("remap", lb.name, "--json"))
    assert (report["remapped"], report["changed"]) == (12, 12)


def test_withdrawals_wait_for_a_person(portal, cli):
    lb = portal(size=20)
    lb.run()
    gone = [lb.replay.records.pop().id for _ in range(10)]
    assert lb.run().waiting == 10
    shown = cli("withdraw", lb.name)
    assert shown.exit_code == 0
    assert "10 datasets wait to be withdrawn" in shown.output
    assert count() == 20
    waiting = printed(cli("withdraw", lb.name, "--json"))
    assert {row["source_id"] for row in waiting["waiting"]} == set(gone)
    assert waiting["withdrawn"] == 0
    done = printed(cli("withdraw", lb.name, "--confirm", "--json"))
    assert done["withdrawn"] == 10
    assert count() == 10
    assert printed(cli("withdraw", lb.name, "--json"))["waiting"] == []


def test_an_empty_list_withdraws_nothing_before_a_second_run_says_the_same(portal, cli):
    lb = portal(size=12)
    lb.run()
    kept = list(lb.replay.records)
    lb.replay.records.clear()
    first = lb.run()
    assert (first.listing.outcome.value, first.went_well) == ("empty", False)
    assert (first.unconfirmed_empty, first.waiting, first.withdrawn) == (12, 0, 0)
    assert printed(cli("withdraw", lb.name, "--json"))["waiting"] == []
    second = lb.run()
    # Confirmed; all at once is above the share, so a person decides.
    assert (second.unconfirmed_empty, second.waiting, second.withdrawn) == (0, 12, 0)
    lb.replay.records[:] = kept
    assert lb.run().went_well
    assert count() == 12


def test_an_unknown_source_is_named(cli):
    for command in ("retry", "remap", "withdraw"):
        result = cli(command, "no-such-source")
        assert result.exit_code == 1
        assert "no-such-source" in result.output
