"""Workers that are killed at random instants: the part of `make survival` that is quick."""

import signal
from random import Random

import pytest

from tests.faults.survival import cases, runs, world
from tests.portals.fleet import control

pytestmark = pytest.mark.usefixtures("clean_db", "clean_index", "with_plugins")
PORTALS, RECORDS = 3, 90
SPAN = 3.0  # seconds in which the blow falls


@pytest.fixture
def place(app, tmp_path):
    from pathlib import Path

    fleet = control.running(PORTALS, RECORDS, tmp_path, world.TURNOVER)
    with fleet as portals, app.flask_app.test_request_context():
        portals.slow(0.02)
        ini = world.configuration(tmp_path, Path("test.ini"))
        workers = world.Workers(ini, tmp_path / "workers.log")
        try:
            made = world.World(portals, workers, portals=PORTALS, records=RECORDS)
            made.found()
            yield made
        finally:
            workers.stop()


def test_killed_workers_lose_nothing(place):
    place.workers.start(2)
    for seed in (1, 2, 3):
        place.turn()
        jobs = place.send()
        place.begun(jobs)
        said = cases.kill_workers(place, Random(seed), SPAN)
        assert place.ended(jobs), said
        again = place.send()
        assert place.ended(again), said
        assert runs.judged(place) == [], said


def test_what_is_lost_is_noticed(place):
    """The judge of these runs sees a record that is missing, stale, withdrawn or not indexed."""
    from ckan import model

    from ckanext.cn_govdata.store import withdrawal

    place.workers.start(1)
    jobs = place.send()
    assert place.ended(jobs)
    place.workers.kill(1, signal.SIGTERM)
    assert runs.judged(place) == []
    package = model.Session.query(model.Package).filter_by(type="dataset").first()
    withdrawal.withdraw([package.id])
    model.Session.commit()
    found = place.problems()
    assert "1 records withdrawn though the portal shows them" in found
    assert "1 datasets left over in the index" in found
    place.turn()
    assert any("not as the portal shows them" in each for each in place.problems())
    place.send()
    assert f"{PORTALS} jobs have not ended" in place.problems()
