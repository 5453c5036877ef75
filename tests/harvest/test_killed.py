"""A harvest that is killed at any instant loses no record and writes none twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.harvest.workers import datasets, wait_for

pytestmark = pytest.mark.usefixtures("clean_db")
SIZE = 60


def start_harvest(name, directory):
    """Run the command in a process of its own, ten records a batch."""
    ini = directory / "killed.ini"
    text = Path("test.ini").read_text(encoding="utf-8").replace("%(here)s", str(directory))
    option = "ckanext.cn_govdata.harvest.batch_size = 10\n"
    ini.write_text(text.replace("[app:main]\n", f"[app:main]\n{option}"), encoding="utf-8")
    command = [str(Path(sys.executable).with_name("ckan")), "-c", str(ini)]
    return subprocess.Popen(
        [*command, "cn-govdata", "harvest", "run", name],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(os.environ),
    )


@pytest.mark.parametrize("written", [1, 25, 41])
def test_kill_9_in_the_middle(portal, tmp_path, written):
    from ckan.plugins import toolkit as tk
    from ckanext.harvest.model import HarvestJob, HarvestObject

    from ckanext.cn_govdata.store import outbox

    lb = portal(size=SIZE)
    lb.replay.fail(latency=0.02)
    process = start_harvest(lb.name, tmp_path)
    try:
        wait_for(lambda: datasets() >= written)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = datasets()
    assert written <= done < SIZE
    lb.replay.recover()
    report = lb.run()
    assert report.went_well, report.problems()
    assert (report.added, report.unchanged) == (SIZE - done, done)
    assert datasets() == SIZE
    found = tk.get_action("package_search")({}, {"fq": "dataset_type:dataset", "rows": SIZE + 1})
    assert len({each["id"] for each in found["results"]}) == found["count"] == SIZE
    assert outbox.pending() == 0
    assert HarvestObject.filter(current=True).count() == SIZE
    assert not HarvestJob.filter(status="Running").count()
