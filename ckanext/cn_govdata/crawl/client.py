"""The one HTTP client: every request of the project to a portal goes through `Client.fetch`."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

import httpx2

from ckanext.cn_govdata.crawl.addresses import AddressPolicy, Resolver, networks, resolve
from ckanext.cn_govdata.crawl.errors import AddressRefused, FetchError
from ckanext.cn_govdata.crawl.exchange import Exchange, place
from ckanext.cn_govdata.crawl.pacing import SHARED, Pacer
from ckanext.cn_govdata.crawl.retries import TryAgain, retrying
from ckanext.cn_govdata.crawl.robots import Robots
from ckanext.cn_govdata.crawl.transport import CheckedTransport, Deadline

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from ckanext.cn_govdata.crawl.messages import Request, Response

log = logging.getLogger(__name__)

DEFAULT_USER_AGENT = "ckanext-cn-govdata (harvester of a CKAN catalogue of open data)"
MAX_REDIRECTS = 5
# Kept when a redirect leads to another host: nothing that could be a credential.
_HEADERS_FOR_ANYONE = frozenset(
    {"accept", "accept-encoding", "accept-language", "content-type", "x-requested-with"}
    | {"host", "user-agent", "connection", "content-length", "cookie"}  # httpx's own, for this host
)


@dataclass(frozen=True, slots=True)
class ClientSettings:
    """How one source is asked. Times in seconds. Raises `ValueError` naming the wrong setting."""

    user_agent: str = DEFAULT_USER_AGENT
    rate: float = 1.0  # requests a second and host; 0 = no limit
    host_concurrency: int = 1
    connect_timeout: float = 10.0
    read_timeout: float = 30.0
    total_timeout: float = 300.0  # for one answer from the first byte sent to the last received
    max_bytes: int = 50_000_000  # of one answer, decompressed
    allowed_networks: tuple[str, ...] = ()  # CIDRs allowed though not public
    respect_robots: bool = True
    proxy: str | None = field(default=None, repr=False)  # may hold a password
    verify_tls: bool = True
    retries: int = 3

    def __post_init__(self) -> None:
        agent = self.user_agent.strip()
        if not (agent and agent.isascii() and agent.isprintable()):
            raise ValueError("user_agent must be printable ASCII text")
        for name in ("connect_timeout", "read_timeout", "total_timeout", "max_bytes"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} must be above 0")
        if self.host_concurrency < 1:
            raise ValueError("host_concurrency must be at least 1")
        if self.rate < 0 or self.retries < 0:
            raise ValueError("rate and retries must not be below 0")
        if self.proxy and not self.proxy.startswith(("http://", "https://")):
            raise ValueError("proxy must be an http or https address")
        try:
            networks(self.allowed_networks)
        except ValueError as error:
            raise ValueError(f"allowed_networks: {error}") from error


class Client:
    """A polite and wary HTTP client with cookies of its own: one for each source.

    Safe to share between threads. `pacer`, `resolver` and `sleep` are replaced by tests and by
    whoever paces several processes together.
    """

    def __init__(
        self,
        settings: ClientSettings,
        *,
        pacer: Pacer = SHARED,
        resolver: Resolver = resolve,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings = settings
        self.warnings: list[str] = []  # what the operator should know of this source's connections
        self._policy = AddressPolicy(settings.allowed_networks, resolver)
        deadline = Deadline()
        self._http = httpx2.Client(
            transport=CheckedTransport(
                policy=self._policy,
                deadline=deadline,
                verify_tls=settings.verify_tls,
                proxy=settings.proxy,
                on_outdated_tls=self._warn_of_outdated_tls,
            ),
            timeout=httpx2.Timeout(settings.read_timeout, connect=settings.connect_timeout),
            headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.5"},
            trust_env=False,  # a proxy of the environment would go round the address check
        )
        self._exchange = Exchange(self._http, deadline, settings.max_bytes, settings.total_timeout)
        self._pacer = pacer
        self._sleep = sleep
        self._robots = Robots(self._fetch_robots, settings.user_agent.split("/")[0].split()[0])
        _warn_of_agent(settings.user_agent)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def fetch(self, request: Request) -> Response:
        """Send `request`, follow redirects, return the answer.

        Any status is an answer, for the caller to judge, except 429, 500, 502, 503 and 504: they
        are tried again and then raised as `HttpStatus`. Raises a `FetchError` for whatever else
        brings no answer: `RobotsDisallowed`, `AddressRefused`, `TooLarge`, `Unreachable`.
        """
        return self._follow(request, robots=self._settings.respect_robots)

    def robots_delay(self, url: str) -> float:
        """Seconds that robots.txt asks between two requests to the origin of `url`; read once.

        Raises `RobotsDisallowed` if the address is closed to us, or the `FetchError` with which
        reading robots.txt failed. Where robots.txt is not followed, it is not read: 0.
        """
        return self._robots.check(url) if self._settings.respect_robots else 0.0

    def _fetch_robots(self, request: Request) -> Response:
        return self._follow(request, robots=False)

    def _follow(self, request: Request, *, robots: bool) -> Response:
        outgoing = self._outgoing(request)
        for hop in range(MAX_REDIRECTS + 1):
            response, onward = self._ask(outgoing, robots=robots)
            if onward is None:
                return replace(response, redirected=hop > 0, cookies=self._cookies_for(outgoing))
            if onward.url.host != outgoing.url.host:
                _drop_private_headers(onward)
            outgoing = onward
        raise FetchError(
            f"{place(outgoing)}: more than {MAX_REDIRECTS} redirects", f"HTTP {response.status}"
        )

    def _outgoing(self, request: Request) -> httpx2.Request:
        # One honest name for all: a profile cannot pose as a browser.
        headers = {name.lower(): value for name, value in request.headers.items()}
        headers["user-agent"] = self._settings.user_agent
        own_cookies = headers.pop("cookie", "")
        try:
            outgoing = self._http.build_request(
                request.method, request.url, headers=headers, content=request.body
            )
        except (httpx2.InvalidURL, UnicodeError, ValueError) as error:
            shown = request.url.partition("?")[0][:200]  # a query may hold a token
            raise FetchError(f"not an address: {shown!r}: {error}") from error
        self._add_cookies(outgoing, own_cookies)
        return outgoing

    def _add_cookies(self, outgoing: httpx2.Request, header: str) -> None:
        """Send a family's own cookies beside the portal's; where both name one, the portal's."""
        if not header:
            return
        given = self._cookies_for(outgoing)
        pairs = [pair.strip() for pair in header.split(";")]
        own = [pair for pair in pairs if pair and pair.partition("=")[0] not in given]
        sent = [f"{name}={value}" for name, value in given.items()]
        outgoing.headers["cookie"] = "; ".join(sent + own)

    def _cookies_for(self, request: httpx2.Request) -> dict[str, str]:
        """Return the cookies that a request to this address carries now."""
        probe = httpx2.Request("GET", request.url)
        self._http.cookies.set_cookie_header(probe)
        pairs = (pair.partition("=") for pair in probe.headers.get("cookie", "").split("; "))
        return {name: value for name, equals, value in pairs if equals}

    def _ask(
        self, request: httpx2.Request, *, robots: bool
    ) -> tuple[Response, httpx2.Request | None]:
        self._judge(request)
        interval = 1 / self._settings.rate if self._settings.rate else 0.0
        if robots:
            interval = max(interval, self._robots.check(str(request.url)))

        def attempt() -> tuple[Response, httpx2.Request | None]:
            host = request.url.netloc.decode()
            turn = self._pacer.turn(host, interval=interval, limit=self._settings.host_concurrency)
            try:
                with turn as begin:
                    begin()
                    return self._exchange.once(request)
            except TryAgain as again:
                if again.retry_after:
                    self._pacer.hold(host, again.retry_after)
                raise

        try:
            return retrying(self._settings.retries, self._sleep)(attempt)
        except TryAgain as again:
            raise again.final from again

    def _judge(self, request: httpx2.Request) -> None:
        if request.url.scheme not in ("http", "https") or not request.url.host:
            raise AddressRefused(f"{request.url.scheme or 'no'} scheme: only http and https go out")
        if request.url.scheme == "https" and not self._settings.verify_tls:
            self._warn_once("TLS certificates are not verified for this source (verify_tls is off)")
        if self._settings.proxy:
            self._judge_behind_proxy(request.url)

    def _warn_once(self, message: str) -> None:
        if message not in self.warnings:
            self.warnings.append(message)
            log.warning(message)

    def _warn_of_outdated_tls(self, host: str) -> None:
        self._warn_once(
            f"{host} speaks only outdated TLS; its certificate is verified all the same"
        )

    def _judge_behind_proxy(self, url: httpx2.URL) -> None:
        try:
            self._policy.addresses(url.host, url.port or (443 if url.scheme == "https" else 80))
        except OSError:
            # A name that only the proxy can resolve is the proxy's to judge.
            return


def _drop_private_headers(request: httpx2.Request) -> None:
    for name in set(request.headers) - _HEADERS_FOR_ANYONE:
        del request.headers[name]


@cache  # once a process
def _warn_of_agent(user_agent: str) -> None:
    if "@" not in user_agent and "://" not in user_agent:
        log.warning("http.user_agent gives portals no address to contact")
