"""`ckan cn-govdata portals check` and `harvest preview`, through the real servers."""

import json

import pytest

pytestmark = pytest.mark.usefixtures("clean_db")

LAIBIN = "451300"


def invoke(cli, *arguments):
    from ckanext.cn_govdata.cli import cn_govdata

    return cli.invoke(cn_govdata, list(arguments))


def test_checks_are_remembered_with_what_changed(portal, cli, app):
    from ckanext.cn_govdata.store import remembered_checks

    lb = portal(size=4)
    first = invoke(cli, "portals", "check", LAIBIN)
    assert first.exit_code == 0, first.output
    assert "451300 well" in first.output
    lb.replay.fail(challenge="412")
    second = invoke(cli, "portals", "check", LAIBIN, "--json")
    assert second.exit_code == 1
    [row] = json.loads(second.stdout)
    assert {"what": "word", "before": "well", "now": "blocked"} in row["changes"]
    assert remembered_checks.last(LAIBIN)["word"] == "blocked"
    public = app.get(f"/cn-govdata/portals/{LAIBIN}.json").json["check"]
    assert (public["word"], set(public)) == ("blocked", {"word", "checked", "total", "seconds"})


def test_old_checks_are_forgotten():
    import sqlalchemy as sa
    from ckan import model

    from ckanext.cn_govdata.store import remembered_checks, tables

    for number in range(remembered_checks.KEPT + 5):
        remembered_checks.add({"portal_id": "a", "word": "well", "number": number})
    remembered_checks.add({"portal_id": "b", "word": "well"})
    counted = sa.select(sa.func.count()).select_from(tables.check_table)
    assert model.Session.execute(counted).scalar() == remembered_checks.KEPT + 1
    assert remembered_checks.last("a")["number"] == remembered_checks.KEPT + 4
    assert remembered_checks.last("c") is None


def test_a_preview_of_a_source_and_of_an_address(portal, cli):
    lb = portal(size=6)
    title = lb.replay.records[0].title
    of_source = invoke(cli, "harvest", "preview", lb.name, "--limit", "2")
    assert of_source.exit_code == 0, of_source.output
    assert title in of_source.output
    assert "provider_name: " in of_source.output
    address = ("harvest", "preview", lb.replay.base_url, "--family", "inspur-oportal")
    right = invoke(cli, *address, "--param", "context=/lb", "--limit", "1", "--json")
    found = json.loads(right.stdout)
    assert right.exit_code == 0
    [seen] = found["records"]
    pairs = {pair["name"]: (pair["raw"], pair["value"]) for pair in seen["fields"]}
    assert pairs["title"] == (title, title)
    assert [asked["method"] for asked in found["requests"]] == ["GET"] * len(found["requests"])
    wrong = invoke(cli, *address)
    assert wrong.exit_code == 1
    assert "broken" in wrong.output or "incomplete" in wrong.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["http://x.example", "--family", "none"], "unknown family"),
        (["x.example", "--family", "inspur-oportal"], "url"),
        (["x", "--param", "a=b"], "--family"),
        (["http://x.example", "--family", "inspur-oportal", "--param", "a"], "NAME=VALUE"),
    ],
)
def test_wrong_options_are_told(cli, arguments, words):
    result = invoke(cli, "harvest", "preview", *arguments)
    assert result.exit_code == 2
    assert words in result.output
