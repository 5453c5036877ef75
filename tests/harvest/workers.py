"""Worker processes of their own, and jobs for them, as cron and pages make them."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path


class WorkerProcess:
    """`ckan cn-govdata harvest worker` with ten records a batch; a context manager."""

    def __init__(self, directory, *arguments, **options):
        ini = directory / f"worker-{time.monotonic_ns()}.ini"
        text = Path("test.ini").read_text(encoding="utf-8").replace("%(here)s", str(directory))
        settings = {"batch_size": 10, "lease_seconds": 4, **options}
        lines = "".join(f"ckanext.cn_govdata.harvest.{k} = {v}\n" for k, v in settings.items())
        ini.write_text(text.replace("[app:main]\n", f"[app:main]\n{lines}"), encoding="utf-8")
        self._ini, self._arguments = str(ini), arguments
        self.log = ini.with_suffix(".log")

    def __enter__(self):
        command = [str(Path(sys.executable).with_name("ckan")), "-c", self._ini]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "cn-govdata", "harvest", "worker", *self._arguments],
                stdout=log,
                stderr=log,
                env=dict(os.environ),
            )
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.kill()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def wait(self, seconds=90):
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(self.log.read_text()[-3000:]) from None


def send(portal):
    """Start a job as the page of the source does; its id."""
    from ckan.plugins import toolkit as tk

    from ckanext.cn_govdata.harvest import jobs
    from ckanext.cn_govdata.schema.site_user import as_site_user

    source_id = jobs.find_source(portal.name).id
    return tk.get_action("harvest_job_create")(as_site_user(), {"source_id": source_id})["id"]


def job(job_id):
    from ckan import model
    from ckanext.harvest.model import HarvestJob

    model.Session.rollback()
    return HarvestJob.get(job_id)


def counters(job_id):
    from ckan import model

    from ckanext.cn_govdata.store import remembered

    model.Session.rollback()
    found = remembered.of_job(job_id)
    return None if found is None else found["counters"]


def datasets():
    from ckan import model

    model.Session.rollback()
    return model.Session.query(model.Package).filter_by(type="dataset", state="active").count()


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def errors(job_id):
    """What the page of a job says."""
    from ckanext.harvest.model import HarvestGatherError

    return [each.message for each in HarvestGatherError.filter(harvest_job_id=job_id)]
