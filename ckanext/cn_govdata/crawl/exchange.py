"""One request and its answer on the wire: limits, the log line, and which failures may pass."""

from __future__ import annotations

import logging
import ssl
import time
from typing import TYPE_CHECKING

import httpx2

from ckanext.cn_govdata.crawl.decoding import decode_bytes
from ckanext.cn_govdata.crawl.errors import FetchError, HttpStatus, TooLarge, Unreachable
from ckanext.cn_govdata.crawl.messages import Response
from ckanext.cn_govdata.crawl.retries import RETRIED_STATUSES, TryAgain, retry_after_seconds
from ckanext.cn_govdata.text.personal import scrub_text

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.transport import Deadline

log = logging.getLogger(__name__)
# The libraries log whole addresses and headers, where tokens may stand.
logging.getLogger("httpx2").setLevel(logging.WARNING)
logging.getLogger("httpcore2").setLevel(logging.WARNING)

EVIDENCE_CHARACTERS = 200
# They describe the bytes on the wire, not the body handed on.
_WIRE_HEADERS = ("content-encoding", "content-length", "transfer-encoding")


def place(request: httpx2.Request) -> str:
    """Name a request by what may be logged: method, host, path. A query may hold a token."""
    return f"{request.method} {request.url.netloc.decode()}{request.url.path}"


def evidence(status: int, body: bytes, content_type: str | None = None) -> str:
    """Quote status and first characters of an answer on one line, personal data removed."""
    text = " ".join(decode_bytes(body[: EVIDENCE_CHARACTERS * 8], content_type).split())
    return f"HTTP {status}: {scrub_text(text)[0][:EVIDENCE_CHARACTERS]}"


class Exchange:
    """Sends single requests; redirects are the caller's to follow."""

    def __init__(
        self, http: httpx2.Client, deadline: Deadline, max_bytes: int, total_timeout: float
    ) -> None:
        self._http = http
        self._deadline = deadline
        self._max_bytes = max_bytes
        self._total_timeout = total_timeout

    def once(self, request: httpx2.Request) -> tuple[Response, httpx2.Request | None]:
        """Return the answer, and the request that a redirect asks for.

        Raises `TryAgain` for what may pass, `TooLarge`, `AddressRefused` or `Unreachable` for
        what will not.
        """
        started = time.monotonic()
        self._deadline.start(self._total_timeout)
        try:
            answer = self._http.send(request, stream=True)
            try:
                body = self._body(answer)
            finally:
                answer.close()
        except (httpx2.TransportError, httpx2.DecodingError) as error:
            log.debug("%s failed: %s", place(request), type(error).__name__)
            raise _failure(request, error) from error
        log.debug(
            "%s %d %d ms %d bytes",
            place(request),
            answer.status_code,
            (time.monotonic() - started) * 1000,
            len(body),
        )
        if answer.status_code in RETRIED_STATUSES:
            raise _refusal(request, answer, body)
        for name in _WIRE_HEADERS:
            answer.headers.pop(name, None)
        response = Response(answer.status_code, str(request.url), answer.headers, body)
        return response, answer.next_request

    def _body(self, answer: httpx2.Response) -> bytes:
        body = bytearray()
        for chunk in answer.iter_bytes():
            body += chunk
            if len(body) > self._max_bytes:
                raise TooLarge(
                    f"{place(answer.request)}: more than {self._max_bytes:,} bytes",
                    f"HTTP {answer.status_code}",
                )
        return bytes(body)


def _refusal(request: httpx2.Request, answer: httpx2.Response, body: bytes) -> TryAgain:
    status = answer.status_code
    seen = evidence(status, body, answer.headers.get("content-type"))
    final = HttpStatus(status, f"{place(request)}: answered {status}", seen)
    return TryAgain(final, retry_after_seconds(answer.headers.get("retry-after")))


def _failure(request: httpx2.Request, error: httpx2.RequestError) -> FetchError | TryAgain:
    why = str(error) or type(error).__name__
    if _is_certificate_error(error):
        return Unreachable(
            f"{place(request)}: the certificate does not verify; "
            "where that is known and accepted, set verify_tls to false",
            why,
        )
    if isinstance(error, httpx2.TimeoutException):
        why = {"ConnectTimeout": "no connection in time", "ReadTimeout": "no answer in time"}.get(
            type(error).__name__, why
        )
    return TryAgain(Unreachable(f"{place(request)}: {why}"))


def _is_certificate_error(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
