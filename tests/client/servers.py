"""Servers on the loopback that misbehave on purpose."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from email.message import Message

Handler = Callable[["Ask"], None]


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""

    command: str
    path: str
    headers: Message
    body: bytes


class Ask(BaseHTTPRequestHandler):
    """One request; the routes of its server answer it."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Portal

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.seen.append(Seen(self.command, self.path, self.headers, body))
        route = self.server.routes.get(self.path.split("?")[0])
        if route is None:
            self.reply(404, b"nothing here")
        else:
            route(self)

    do_POST = do_GET  # noqa: N815 - http.server names methods so

    def reply(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Portal(ThreadingHTTPServer):
    """An HTTP server with routes; `seen` keeps the requests in order of arrival."""

    daemon_threads = True

    def __init__(self, routes: dict[str, Handler]) -> None:
        super().__init__(("127.0.0.1", 0), Ask)
        self.routes = routes
        self.seen: list[Seen] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def paths(self) -> list[str]:
        return [seen.path for seen in self.seen]

    def handle_error(self, *_: object) -> None:
        """Clients hang up on purpose here."""


@contextmanager
def portal(**routes: Handler) -> Iterator[Portal]:
    """Serve routes; `robots_txt` stands for /robots.txt, other names for /name."""
    paths = {f"/{name.replace('robots_txt', 'robots.txt')}": h for name, h in routes.items()}
    with Portal(paths) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def raw(answer: Callable[[socket.socket], None]) -> Iterator[str]:
    """Serve bare sockets: `answer` gets each connection; yields the base URL."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                try:
                    answer(connection)
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(2)


def text(body: bytes | str, status: int = 200, **headers: str) -> Handler:
    """Answer with a fixed body."""
    data = body.encode() if isinstance(body, str) else body
    return lambda ask: ask.reply(status, data, **headers)


def sequence(*handlers: Handler) -> Handler:
    """Answer with each handler once, the last one for ever."""
    left = list(handlers)

    def answer(ask: Ask) -> None:
        handler = left.pop(0) if len(left) > 1 else left[0]
        handler(ask)

    return answer
