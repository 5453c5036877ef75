"""Trying again: exponential back-off with jitter, or as long as the server asks."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential_jitter,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from ckanext.cn_govdata.crawl.errors import FetchError

MAX_RETRY_AFTER_SECONDS = 120.0
MAX_BACKOFF_SECONDS = 60.0
RETRIED_STATUSES = frozenset({429, 500, 502, 503, 504})

_backoff = wait_exponential_jitter(initial=1, max=MAX_BACKOFF_SECONDS, jitter=1)


class TryAgain(Exception):  # noqa: N818 - a signal between two modules, never seen outside
    """A failure that may pass. `final` is what is raised when it does not."""

    def __init__(self, final: FetchError, retry_after: float | None = None) -> None:
        super().__init__(final.reason)
        self.final = final
        self.retry_after = retry_after


def retrying(retries: int, sleep: Callable[[float], None]) -> Retrying:
    """Call again up to `retries` times on `TryAgain`; the last one is raised on."""
    return Retrying(
        stop=stop_after_attempt(retries + 1),
        wait=_wait,
        retry=retry_if_exception_type(TryAgain),
        sleep=sleep,
        reraise=True,
    )


def retry_after_seconds(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for (RFC 9110, 10.2.3), at most the ceiling.

    Both forms are read: seconds and an HTTP date. ``None`` if there is none or it is malformed.
    """
    if not value:
        return None
    text = value.strip()
    if text.isdecimal():
        seconds = float(text)
    else:
        try:
            moment = parsedate_to_datetime(text)
        except ValueError:
            return None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        seconds = (moment - (now or datetime.now(UTC))).total_seconds()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER_SECONDS)


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, TryAgain) and error.retry_after is not None:
        return error.retry_after
    return _backoff(state)
