"""Queue and leases between real processes: one holder a portal, none after its death, no job lost."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest

pytestmark = pytest.mark.usefixtures("clean_db", "with_plugins")
LONG = 600

TAKE = """
import sys
from ckan.cli import load_config
from ckan.config.middleware import make_app
make_app(load_config("test.ini"))
from ckanext.cn_govdata.store import queue
taken = queue.take({seconds})
print("taken", taken.job_id if taken else None, flush=True)
sys.stdin.read()
"""


class Other:
    """Another process that takes the next job and holds it until it ends."""

    def __init__(self, seconds=LONG):
        code = textwrap.dedent(TAKE).format(seconds=seconds)
        self.process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=dict(os.environ),
        )
        # CKAN 2.11 writes its own log lines there, too.
        words = (line.split() for line in self.process.stdout)
        self.job = next(found[1] for found in words if found[:1] == ["taken"])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


def put(*jobs):
    from ckan import model

    from ckanext.cn_govdata.store import queue

    for job_id, name, host, manual in jobs:
        queue.put(job_id, f"source-{name}", queue.Place(name, host), manual=manual)
        model.Session.commit()


def take(**options):
    from ckanext.cn_govdata.store import queue

    return queue.take(LONG, **options)


def test_what_people_started_comes_first_then_the_oldest():
    put(("night-1", "a", "a.cn", False), ("night-2", "b", "b.cn", False))
    put(("person", "c", "c.cn", True))
    assert [take().job_id for _ in range(3)] == ["person", "night-1", "night-2"]
    assert take() is None


def test_one_scheduled_job_of_a_host_at_a_time_and_people_do_not_wait():
    from ckanext.cn_govdata.store import leases, queue

    put(("one", "a", "x.cn", False), ("two", "b", "x.cn", False), ("three", "c", "y.cn", False))
    first, second = take(), take()
    assert (first.job_id, second.job_id) == ("one", "three")
    assert take() is None
    put(("person", "d", "x.cn", True))
    assert take(manual_only=True).job_id == "person"
    for done in ("one", "person"):
        queue.remove(done)
    leases.release(first.lease)
    assert take() is None  # the person's job still asks the host


def test_only_what_people_started():
    put(("night", "a", "a.cn", False))
    assert take(manual_only=True) is None
    assert take().job_id == "night"


def test_a_job_sent_again_by_a_person_becomes_urgent():
    put(("first", "a", "a.cn", False), ("second", "b", "b.cn", False))
    put(("second", "b", "b.cn", True))
    assert take().job_id == "second"


def test_lease_that_expires_is_taken_and_the_old_token_writes_nothing():
    from ckan import model

    from ckanext.cn_govdata.store import leases

    old = leases.take("a", "a.cn", 0.2)
    assert leases.take("a", "a.cn", LONG) is None
    leases.check(old)
    model.Session.rollback()
    time.sleep(0.3)
    new = leases.take("a", "a.cn", LONG)
    assert new.token > old.token
    leases.check(new)
    with pytest.raises(leases.LeaseLost):
        leases.check(old)
    model.Session.rollback()
    assert leases.renew([old, new], LONG) == {new}
    leases.release(old)
    assert leases.holder_of("a") == leases.holder_name()


def test_no_taking_over_while_a_write_is_under_way_but_prolonging():
    from ckan import model

    from ckanext.cn_govdata.store import leases

    lease = leases.take("a", "a.cn", 0.05)
    leases.check(lease)
    time.sleep(0.1)
    taken = []

    def other():
        taken.append(leases.take("a", "a.cn", LONG))
        model.Session.remove()

    thread = threading.Thread(target=other)
    thread.start()
    thread.join(0.3)
    assert thread.is_alive()
    assert not taken
    model.Session.commit()
    thread.join()
    assert taken[0].token > lease.token
    leases.check(taken[0])
    assert leases.renew(taken, LONG) == set(taken)  # from another connection, without waiting


@pytest.mark.smoke
def test_killed_process_of_this_machine_is_followed_at_once():
    from ckanext.cn_govdata.store import leases

    put(("one", "a", "a.cn", False))
    other = Other()
    assert other.job == "one"
    assert leases.end_dead() == 0
    assert take() is None
    other.kill()
    assert leases.end_dead() == 1
    taken = take()
    assert (taken.job_id, taken.attempt) == ("one", 2)


def test_process_of_another_machine_is_followed_after_its_seconds(monkeypatch):
    from ckanext.cn_govdata.store import leases, queue

    put(("one", "a", "a.cn", False))
    monkeypatch.setattr(leases, "_machine", lambda: "elsewhere")
    assert queue.take(0.4).job_id == "one"
    monkeypatch.undo()
    assert leases.end_dead() == 0
    assert take() is None
    time.sleep(0.5)
    assert take().attempt == 2
