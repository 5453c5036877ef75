"""What one working copy remembers between calls: ports, secrets, places."""

import fcntl
import json
import random
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.stack.paths import INSTANCE, STATE
from tools.stack.screen import say

HOST = "127.0.0.1"
# Below the range from which Linux takes the ports of outgoing connections.
PORTS = range(20000, 32000)


class State:
    """The remembered values; every change is on disk before the call returns."""

    def __init__(self, path: Path = STATE) -> None:
        self._path = path
        self._values: dict[str, str | int] = {}
        if path.exists():
            self._values = json.loads(path.read_text(encoding="utf-8"))

    def get(self, key: str) -> str | int | None:
        """Return the value of a key, None when it was never set."""
        return self._values.get(key)

    def set(self, key: str, value: str | int) -> None:
        """Remember a value."""
        self._values[key] = value
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(".new")
        # It holds secrets.
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(self._values, indent=2, sort_keys=True), encoding="utf-8")
        draft.replace(self._path)

    def secret(self, name: str) -> str:
        """Return a random word that stays the same for this working copy."""
        key = f"secret.{name}"
        if key not in self._values:
            self.set(key, secrets.token_urlsafe(24))
        return str(self._values[key])

    def port(self, server: str) -> int:
        """Return the remembered port of a server; choose a free one the first time."""
        key = f"port.{server}"
        return int(self._values[key]) if key in self._values else self.new_port(server)

    def ensure_free_port(self, server: str) -> None:
        """Choose another port for a server that is to start where somebody else now listens."""
        if not is_free(self.port(server)):
            self.new_port(server)

    def new_port(self, server: str) -> int:
        """Choose and remember a port on which nothing listens now."""
        taken = {value for key, value in self._values.items() if key.startswith("port.")}
        while True:
            port = random.choice(PORTS)
            if port not in taken and is_free(port):
                self.set(f"port.{server}", port)
                return port


def is_free(port: int) -> bool:
    """Tell whether a server could listen on the port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


@contextmanager
def locked(name: str = "lock") -> Iterator[None]:
    """Hold the working copy: two calls at once would start every server twice."""
    INSTANCE.mkdir(parents=True, exist_ok=True)
    with (INSTANCE / name).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another call works on this copy; waiting for its end …")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
