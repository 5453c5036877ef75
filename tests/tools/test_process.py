import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tools.stack import process
from tools.stack.errors import StackError
from tools.stack.process import Server
from tools.stack.state import HOST, State

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


@pytest.fixture
def port(tmp_path):
    return State(tmp_path / "state.json").port("web")


@pytest.fixture
def web(local, port):
    """A server that can be started; stopped after the test."""
    yield Server(
        name="web",
        command=[sys.executable, "-m", "http.server", "--bind", HOST, str(port)],
        ready=lambda: _listens(port),
    )
    process.stop("web")


def _listens(port):
    try:
        socket.create_connection((HOST, port), timeout=1).close()
    except OSError:
        return False
    return True


def test_a_second_start_reuses_the_first(web):
    assert process.start(web) is True
    first = process.RUN.joinpath("web.json").read_text()
    assert process.start(web) is False

    assert process.RUN.joinpath("web.json").read_text() == first
    assert process.running() == ["web"]


def test_stop_leaves_nothing(web, port):
    process.start(web)

    assert process.stop("web") is True
    assert not _listens(port)
    assert process.running() == []
    assert process.stop("web") is False


def test_stop_ends_the_children_too(local):
    child = "import subprocess, sys; p = subprocess.Popen(sys.argv[1:]); print(p.pid, flush=True); "
    # The parent leaves its child behind when it is told to end.
    server = Server(
        name="parent",
        command=[sys.executable, "-c", child + "p.wait()", *SLEEPER],
        ready=lambda: (process.LOG / "parent.log").read_text().strip() != "",
    )
    process.start(server)
    pid = int((process.LOG / "parent.log").read_text())

    process.stop("parent")

    deadline = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _alive(pid)


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_server_that_was_killed_is_started_anew(web):
    process.start(web)
    pid = json.loads(process.RUN.joinpath("web.json").read_text())["pid"]
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    assert process.running() == []
    assert process.start(web) is True


def test_a_stranger_with_the_same_pid_is_left_alone(local):
    with subprocess.Popen(SLEEPER) as stranger:
        record = {"pid": stranger.pid, "started": "another boot:1", "stop_signal": 15}
        process.RUN.mkdir()
        (process.RUN / "web.json").write_text(json.dumps(record))

        assert process.running() == []
        assert process.stop("web") is False
        assert stranger.poll() is None
        stranger.kill()


def test_a_server_that_ends_at_once_shows_its_log(local):
    code = "import sys; sys.exit('the port is taken by a stranger')"
    server = Server(name="web", command=[sys.executable, "-c", code], ready=lambda: False)
    process.LOG.mkdir()
    server.log.write_text("of an earlier start\n")

    with pytest.raises(StackError) as error:
        process.start(server)

    assert "ended at once" in str(error.value)
    assert "the port is taken by a stranger" in str(error.value)
    assert "make stop" in str(error.value)
    assert "earlier start" not in str(error.value)


def test_a_server_that_is_never_ready_is_stopped(local):
    server = Server(name="web", command=SLEEPER, ready=lambda: False, seconds=0.3)

    with pytest.raises(StackError, match="was not ready"):
        process.start(server)

    assert process.running() == []


def test_an_interruption_while_starting_leaves_no_process(local):
    def interrupt():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        process.start(Server(name="web", command=SLEEPER, ready=interrupt))

    assert process.running() == []
