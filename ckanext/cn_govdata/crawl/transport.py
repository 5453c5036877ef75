"""The sockets under the HTTP client: checked addresses, a limit on total time, lenient old TLS."""

from __future__ import annotations

import ssl
import threading
import time
from functools import cache
from typing import TYPE_CHECKING, Any

import httpcore2
import httpx2

from ckanext.cn_govdata.crawl.errors import TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from ckanext.cn_govdata.crawl.addresses import AddressPolicy

KEEPALIVE_SECONDS = 30.0


class Deadline(threading.local):
    """The instant at which the calling thread's exchange must have ended; none at first.

    Read time-outs alone do not end a server that sends one byte now and then.
    """

    at: float | None = None
    allowed: float = 0.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock

    def start(self, seconds: float) -> None:
        """Let the exchange that begins now take so many seconds."""
        self.at, self.allowed = self._clock() + seconds, seconds

    def cap(self, timeout: float | None) -> float | None:
        """`timeout`, or what is left if that is less. Raises `TooLarge` when nothing is."""
        if self.at is None:
            return timeout
        left = self.at - self._clock()
        if left <= 0:
            raise TooLarge(f"the answer had not ended after {self.allowed:g} seconds")
        return left if timeout is None else min(timeout, left)


class TimedStream(httpcore2.NetworkStream):
    """A connection whose every read and write also minds the deadline of its thread."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline, tls: TlsHosts) -> None:
        self._stream = stream
        self._deadline = deadline
        self._tls = tls

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read at most `max_bytes`; an expired deadline is told apart from a silent server."""
        try:
            return self._stream.read(max_bytes, self._deadline.cap(timeout))
        except httpcore2.ReadTimeout:
            self._deadline.cap(timeout)
            raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Write all of `buffer`."""
        self._stream.write(buffer, self._deadline.cap(timeout))

    def close(self) -> None:
        """Close the socket."""
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        """Continue the connection under TLS."""
        capped = self._deadline.cap(timeout)
        host = server_hostname or ""
        context = self._tls.context_for(host, ssl_context)
        try:
            secured = self._stream.start_tls(context, server_hostname, capped)
        except httpcore2.ConnectError as error:
            self._tls.note_failure(host, error)
            raise
        return TimedStream(secured, self._deadline, self._tls)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own signature
        """Return what the socket knows under a name (httpcore's list)."""
        return self._stream.get_extra_info(info)


class TlsHosts:
    """Remembers which hosts speak only an outdated TLS; `on_outdated` learns of each once.

    A host that ends the handshake for its version, ciphers, keys or renegotiation is met with
    lenient terms the next time. Its certificate is verified all the same.
    """

    def __init__(self, on_outdated: Callable[[str], None], *, verify: bool) -> None:
        self._on_outdated = on_outdated
        self._verify = verify
        self._outdated: set[str] = set()

    def context_for(self, host: str, usual: ssl.SSLContext) -> ssl.SSLContext:
        """The terms for a connection to a host."""
        return tls_context(verify=True, lenient=True) if host in self._outdated else usual

    def note_failure(self, host: str, error: BaseException) -> None:
        """Note a handshake that failed."""
        cause = error.__cause__ or error.__context__
        if not self._verify or host in self._outdated or not isinstance(cause, ssl.SSLError):
            return
        if not isinstance(cause, (ssl.SSLCertVerificationError, ssl.SSLEOFError)):
            self._outdated.add(host)
            self._on_outdated(host)


class CheckedBackend(httpcore2.NetworkBackend):
    """Resolves, judges and connects in one step; without a policy every address is good."""

    def __init__(self, policy: AddressPolicy | None, deadline: Deadline, tls: TlsHosts) -> None:
        self._sockets = httpcore2.SyncBackend()
        self._tls = tls
        self._policy = policy
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect to the first permitted address that answers."""
        failure: httpcore2.NetworkError | httpcore2.TimeoutException | None = None
        for address in self._addresses(host, port):
            capped = self._deadline.cap(timeout)
            try:
                stream = self._sockets.connect_tcp(
                    address, port, capped, local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return TimedStream(stream, self._deadline, self._tls)
        raise failure or httpcore2.ConnectError(f"{host} has no address")

    def _addresses(self, host: str, port: int) -> list[str]:
        if self._policy is None:
            return [host]
        try:
            return self._policy.addresses(host, port)
        except (OSError, UnicodeError) as error:
            raise httpcore2.ConnectError(f"the name {host} does not resolve: {error}") from error


class CheckedTransport(httpx2.HTTPTransport):
    """httpx's transport over `CheckedBackend`.

    With a proxy the sockets lead to the proxy, which its operator chose: the client then judges
    the target's name by itself before it asks.
    """

    def __init__(
        self,
        *,
        policy: AddressPolicy,
        deadline: Deadline,
        verify_tls: bool,
        proxy: str | None,
        on_outdated_tls: Callable[[str], None],
    ) -> None:
        context = tls_context(verify=verify_tls)
        super().__init__(verify=context, trust_env=False, proxy=proxy)
        tls = TlsHosts(on_outdated_tls, verify=verify_tls)
        backend = CheckedBackend(None if proxy else policy, deadline, tls)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context,
            proxy=_proxy(proxy) if proxy else None,
            max_connections=None,
            keepalive_expiry=KEEPALIVE_SECONDS,
            network_backend=backend,
        )


def _proxy(address: str) -> httpcore2.Proxy:
    parsed = httpx2.Proxy(address)  # takes the credentials out of the address
    return httpcore2.Proxy(str(parsed.url), auth=parsed.raw_auth)


@cache
def tls_context(*, verify: bool, lenient: bool = False) -> ssl.SSLContext:
    """Trust the system's roots; or, unverified, accept whatever an outdated server still speaks.

    A host whose certificate cannot be verified tends to run an old TLS stack too: it is allowed
    unsafe renegotiation, weak keys and hashes (security level 0) and TLS before 1.2. Nothing
    secret goes there that a verified connection would have protected. `lenient` allows the same
    to a host whose certificate is verified.

    All connections of the process share these contexts: to read the roots takes 20 ms and 1 MB.
    """
    if verify:
        context = httpx2.create_ssl_context()
        return _lenient(context) if lenient else context
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _lenient(context)


def _lenient(context: ssl.SSLContext) -> ssl.SSLContext:
    """Let a context accept whatever an outdated server speaks."""
    context.options |= getattr(ssl, "OP_LEGACY_SERVER_CONNECT", 0x4)  # named since Python 3.12
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context
