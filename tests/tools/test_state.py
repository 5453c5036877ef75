import socket
import subprocess
import sys

from tools.stack.paths import PROJECT
from tools.stack.state import HOST, State, is_free


def test_values_outlive_the_call(tmp_path):
    path = tmp_path / "state.json"
    first = State(path)
    port, secret = first.port("redis"), first.secret("admin")

    again = State(path)

    assert (again.port("redis"), again.secret("admin")) == (port, secret)
    assert again.get("never set") is None


def test_only_the_owner_reads_the_secrets(tmp_path):
    path = tmp_path / "state.json"
    State(path).secret("admin")

    assert path.stat().st_mode & 0o077 == 0


def test_servers_get_different_ports(tmp_path):
    state = State(tmp_path / "state.json")
    names = [f"server{number}" for number in range(50)]

    assert len({state.port(name) for name in names}) == len(names)


def test_another_port_where_somebody_listens(tmp_path):
    state = State(tmp_path / "state.json")
    port = state.port("solr")
    state.ensure_free_port("solr")
    assert state.port("solr") == port

    with socket.create_server((HOST, port)):
        assert not is_free(port)
        state.ensure_free_port("solr")

    assert state.port("solr") != port


def test_the_second_call_waits_for_the_first(local):
    holder = (
        "import sys; from pathlib import Path; from tools.stack import state;"
        f"state.LOCAL = Path({str(local)!r});"
        "lock = state.locked(); lock.__enter__(); print('held', flush=True); sys.stdin.read()"
    )
    waiter = holder.replace("sys.stdin.read()", "lock.__exit__(None, None, None)")
    with _python(holder) as first:
        assert first.stdout.readline() == "held\n"
        with _python(waiter) as second:
            assert "waiting" in second.stdout.readline()
            first.stdin.close()
            assert second.stdout.readline() == "held\n"


def _python(code):
    return subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
