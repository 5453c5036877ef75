"""Replay portals on loopback: sockets around `site.Site`, standard library only."""

from __future__ import annotations

import contextlib
import socket
import struct
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, cast

from .exchange import Request, Response
from .faults import Faults
from .site import HangUpError, Site

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from .records import Record

LOOPBACK = "127.0.0.1"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "nginx"
    sys_version = ""
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self._portal().connections.add(self.connection)

    def finish(self) -> None:
        with contextlib.suppress(OSError):
            super().finish()
        self._portal().connections.discard(self.connection)

    def _portal(self) -> PortalServer:
        return cast("PortalServer", self.server)

    def _serve(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        request = Request(
            self.command,
            self.path,
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(size) if size else b"",
        )
        site = self._portal().site
        try:
            self._send(site.answer(request), site.faults.encoding)
        except HangUpError:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self.rfile.close()
            self.wfile.close()
            self.connection.close()
            raise

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = _serve  # noqa: N815

    def _send(self, response: Response, encoding: str) -> None:
        body, content_type = response.body, response.content_type
        if isinstance(body, str):
            if encoding == "utf-8":
                content_type += ";charset=UTF-8"
            else:
                body = body.replace('<meta charset="utf-8">', "")
            body = body.encode(encoding, "replace")
        self.send_response(response.status)
        self.send_header("Content-Type", content_type)
        if not response.endless:
            self.send_header("Content-Length", str(len(body)))
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        while response.endless:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing: `Site.requests` is the log."""


class PortalServer(ThreadingHTTPServer):
    """Serves one site on one port."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, site: Site, port: int = 0) -> None:
        self.site = site
        self.connections: set[socket.socket] = set()
        self._thread = threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True)
        super().__init__((LOOPBACK, port), _Handler)

    @property
    def base_url(self) -> str:
        """Address of the host, without a path."""
        return f"http://{LOOPBACK}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet when a client hangs up or a fault cuts it off; show all else."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, HangUpError, TimeoutError)):
            super().handle_error(request, client_address)

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and cut the connections that clients keep open."""
        self.shutdown()
        self.server_close()
        for connection in tuple(self.connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join()


class ReplayPortal(Site):
    """A site that is served while it is used as a context manager.

    >>> with ReplayPortal("inspur-oportal", records, context="/jinan") as portal:
    ...     crawl(portal.base_url)
    """

    def __init__(
        self, family: str, records: Iterable[Record], *, port: int = 0, **options: Any
    ) -> None:
        super().__init__(family, records, **options)
        self._port = port
        self._server: PortalServer | None = None

    @property
    def base_url(self) -> str:
        """Address of the host, without a path; only while it is served."""
        if self._server is None:
            raise RuntimeError("the portal is not being served")
        return self._server.base_url

    def __enter__(self) -> ReplayPortal:
        self._server = PortalServer(self, self._port)
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server:
            self._server.stop()
            self._server = None

    def fail(self, **switches: Any) -> Faults:
        """Switch these faults on, all others off, and return them."""
        self.faults = Faults(**switches)
        return self.faults

    def recover(self) -> None:
        """Switch all faults off."""
        self.faults = Faults()
