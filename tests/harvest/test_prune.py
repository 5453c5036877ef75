"""`harvest prune` after real harvests: nothing that the next run needs is lost."""

import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.usefixtures("clean_db")


def invoke(cli, *arguments):
    from ckan.cli.cli import ckan

    return cli.invoke(ckan, ["cn-govdata", "harvest", "prune", *arguments])


def rows(name):
    from ckan import model

    return model.Session.execute(sa.text(f"SELECT count(*) FROM {name}")).scalar()


def age():
    from ckan import model

    for sql in (
        "UPDATE harvest_object SET gathered = gathered - :d, import_finished = import_finished - :d",
        "UPDATE harvest_job SET created = created - :d, finished = finished - :d",
        "UPDATE cn_govdata_job SET ended = ended - :d",
    ):
        model.Session.execute(sa.text(sql), {"d": timedelta(days=31)})
    model.Session.commit()


def test_nights_leave_what_the_next_one_needs(portal, cli):
    lb = portal(size=10)
    assert lb.run().added == 10
    lb.replay.records[3] = lb.replay.records[3].changed(描述="全新的描述", 更新时间="2026-11-01")
    assert lb.run().changed == 1
    before = rows("harvest_object")
    assert before == 11  # the changed record has two
    assert lb.run().unchanged == 10
    assert rows("harvest_object") == before
    age()
    assert lb.run().unchanged == 10
    dry = json.loads(invoke(cli, "--dry-run", "--json").stdout)
    assert (dry["objects"], dry["jobs"], dry["results"]) == (1, 3, 3)
    assert rows("harvest_object") == before
    done = invoke(cli)
    assert done.exit_code == 0, done.output
    assert "1 objects, 3 jobs" in done.output
    assert (rows("harvest_object"), rows("harvest_job")) == (10, 1)
    report = lb.run()
    assert (report.unchanged, report.added, report.changed) == (10, 0, 0)
    assert rows("harvest_object") == 10
    assert json.loads(invoke(cli, "--json").stdout)["objects"] == 0
