"""The fleet's sockets: one listening address a host, one event loop, one protocol.

Every answer is made when it is asked for and sent at once, or after the latency that is set, so
that requests that a client has running at one time are seen to overlap.
"""

from __future__ import annotations

import asyncio
import time
from array import array
from typing import TYPE_CHECKING

from tests.portals.exchange import Request

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.portals.exchange import Response

    from .site import FleetSite

_END = b"\r\n\r\n"
_REASONS = {200: "OK", 302: "Found", 404: "Not Found", 405: "Method Not Allowed", 500: "Error"}


class Log:
    """When each request came in and when its answer had gone out: host, begin, end.

    Seconds of the machine's monotonic clock, so that logs can be laid beside other processes'.
    """

    def __init__(self) -> None:
        self.hosts = array("H")
        self.begins = array("d")
        self.ends = array("d")

    def add(self, host: int, begin: float) -> None:
        """Note one answered request."""
        self.hosts.append(host)
        self.begins.append(begin)
        self.ends.append(time.monotonic())

    def taken(self) -> bytes:
        """Three arrays of equal length, host, begin and end; the log is empty from then on."""
        parts = b"".join(each.tobytes() for each in (self.begins, self.ends, self.hosts))
        self.__init__()  # type: ignore[misc]
        return parts


class Fleet:
    """All hosts with what can be switched while they are served.

    latency: seconds before each answer. gone: while the clock is below, hosts are away: `silent`,
    they take requests and say nothing, else they cut every connection.
    """

    def __init__(self, sites: Mapping[str, FleetSite]) -> None:
        self.sites = dict(sites)
        self.numbers = {host: number for number, host in enumerate(self.sites)}
        self.log = Log()
        self.latency = 0.0
        self.gone = 0.0
        self.silent = False
        self.generation = 0

    def turn(self, generation: int) -> None:
        """Show all portals as they are at this generation."""
        self.generation = generation
        for site in self.sites.values():
            site.turn(generation)

    @property
    def away(self) -> bool:
        """Whether the network is gone."""
        return time.monotonic() < self.gone


class Connection(asyncio.Protocol):
    """One connection of a client, kept open; requests are answered in their order."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Tell the host from the address that was connected to."""
        self._transport: asyncio.Transport = transport  # type: ignore[assignment]
        host = transport.get_extra_info("sockname")[0]
        self._site = self._fleet.sites[host]
        self._number = self._fleet.numbers[host]
        if self._fleet.away and not self._fleet.silent:
            self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        if self._fleet.away:
            if not self._fleet.silent:
                self._transport.abort()
            return
        self._buffer += data
        while self._buffer:
            request = self._next()
            if request is None:
                return
            if self._fleet.latency:
                loop = asyncio.get_running_loop()
                loop.call_later(self._fleet.latency, self._answer, request)
            else:
                self._answer(request)

    def _next(self) -> Request | None:
        head, found, rest = self._buffer.partition(_END)
        if not found:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
        size = int(headers.get("content-length") or 0)
        if len(rest) < size:
            return None
        self._buffer = rest[size:]
        method, target, _ = first.split(" ", 2)
        return Request(method, target, headers, rest[:size])

    def _answer(self, request: Request) -> None:
        if self._transport.is_closing():
            return
        if self._fleet.away:
            self._transport.abort()
            return
        response = self._site.answer(request)
        self._transport.write(_encoded(response, head_only=request.method == "HEAD"))
        self._fleet.log.add(self._number, request.at)


def _encoded(response: Response, *, head_only: bool) -> bytes:
    body, content_type = response.body, response.content_type
    if isinstance(body, str):
        content_type += ";charset=UTF-8"
        body = body.encode("utf-8", "replace")
    lines = [
        f"HTTP/1.1 {response.status} {_REASONS.get(response.status, 'Other')}",
        "Server: nginx",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in response.headers),
    ]
    head = "\r\n".join(lines).encode("latin-1", "replace") + _END
    return head if head_only else head + body
