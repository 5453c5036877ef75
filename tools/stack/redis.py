"""A private Redis: database 0 for the demo, 1 for tests."""

import shutil
import socket
from pathlib import Path

from tools.stack.errors import StackError
from tools.stack.paths import INSTANCE
from tools.stack.process import Server, start
from tools.stack.state import HOST, State

NAME = "redis"
DEMO, TEST = 0, 1


def up(state: State) -> None:
    """Start the server."""
    data = INSTANCE / "redis"
    data.mkdir(parents=True, exist_ok=True)
    start(_server(state.port(NAME), data))


def url(state: State, database: int) -> str:
    """Return the address of one of its databases."""
    return f"redis://{HOST}:{state.port(NAME)}/{database}"


def _server(port: int, data: Path) -> Server:
    program = shutil.which("redis-server")
    if program is None:
        raise StackError("redis-server is not installed.")
    settings = {"bind": HOST, "port": str(port), "dir": str(data), "daemonize": "no"}
    options = [part for key, value in settings.items() for part in (f"--{key}", value)]
    # A snapshot a minute after any change keeps the queues over a restart.
    return Server(NAME, [program, *options, "--save", "60", "1"], lambda: _is_ready(port))


def _is_ready(port: int) -> bool:
    try:
        with socket.create_connection((HOST, port), timeout=2) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False
