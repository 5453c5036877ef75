"""robots.txt as RFC 9309 reads it, with the customary Crawl-delay.

| robots.txt | what follows |
|---|---|
| 2xx | its rules hold for a day (2.4) |
| 4xx except 429 | none exists: everything is allowed (2.3.1.3) |
| 5xx, 429 | nothing is allowed until it can be read (2.3.1.4) |
| host unreachable | the request fails as unreachable; nothing is remembered |
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from ckanext.cn_govdata.crawl.decoding import decode_bytes
from ckanext.cn_govdata.crawl.errors import HttpStatus, RobotsDisallowed
from ckanext.cn_govdata.crawl.messages import Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_AGE_SECONDS = 86_400.0
MAX_CRAWL_DELAY_SECONDS = 30.0
PARSED_BYTES = 512_000  # RFC 9309, 2.5 asks for at least 500 KiB


@dataclass(frozen=True, slots=True)
class _Rules:
    parsed: Protego
    read_at: float


class Robots:
    """The rules of every origin that one client meets.

    `agent` is the product token that the User-Agent begins with.
    """

    def __init__(
        self,
        fetch: Callable[[Request], Response],
        agent: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._agent = agent
        self._clock = clock
        self._lock = threading.Lock()
        self._origins: dict[str, _Rules] = {}

    def check(self, url: str) -> float:
        """Seconds to leave between two requests to the origin of `url`.

        Raises `RobotsDisallowed` if the address is closed to us, and any `FetchError` with which
        reading robots.txt failed.
        """
        rules = self._rules(url)
        if not rules.can_fetch(url, self._agent):
            parts = urlsplit(url)
            raise RobotsDisallowed(
                f"robots.txt of {parts.netloc} closes {parts.path} to {self._agent}"
            )
        return min(rules.crawl_delay(self._agent) or 0.0, MAX_CRAWL_DELAY_SECONDS)

    def _rules(self, url: str) -> Protego:
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        # Under the lock, so that threads of one client ask once.
        with self._lock:
            known = self._origins.get(origin)
            if known is None or self._clock() - known.read_at > MAX_AGE_SECONDS:
                known = _Rules(self._read(origin), self._clock())
                self._origins[origin] = known
            return known.parsed

    def _read(self, origin: str) -> Protego:
        try:
            response = self._fetch(Request("GET", f"{origin}/robots.txt"))
        except HttpStatus as error:
            raise _unreadable(origin, error.status, error.evidence) from error
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise _unreadable(origin, response.status)
        if response.status != HTTPStatus.OK:
            return Protego.parse("")
        head = response.body[:PARSED_BYTES]
        return Protego.parse(decode_bytes(head, response.headers.get("content-type")))


def _unreadable(origin: str, status: int, evidence: str | None = None) -> RobotsDisallowed:
    return RobotsDisallowed(
        f"robots.txt of {origin} cannot be read ({status:d}), "
        "so nothing may be fetched (RFC 9309, 2.3.1.4)",
        evidence,
    )
