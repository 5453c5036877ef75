"""Why a portal could not be read. Every error says it in words that an operator can act on.

The names say what happened, as outcomes do; they bear no Error suffix.
"""

from __future__ import annotations


class FetchError(Exception):
    """A request that brought no usable answer.

    `reason` is one sentence; `evidence` is what was seen on the wire (status, first characters),
    where anything was.
    """

    def __init__(self, reason: str, evidence: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.evidence = evidence


class Blocked(FetchError):  # noqa: N818
    """The portal refuses robots: a challenge, a log-in, robots.txt."""


class RobotsDisallowed(Blocked):
    """robots.txt forbids the address, or could not be read (RFC 9309, 2.3.1.4)."""


class NotModified(FetchError):  # noqa: N818
    """The portal says that what was read before has not changed."""


class Unfamiliar(FetchError):  # noqa: N818
    """The answer is not of the shape that the profile describes; the reason names the expression."""


class AddressRefused(FetchError):  # noqa: N818
    """The address leads where no request may go: a private network, another scheme."""


class TooLarge(FetchError):  # noqa: N818
    """The answer passed the limit on its decompressed size or on its total time."""


class Unreachable(FetchError):  # noqa: N818
    """No answer after all retries: no such name, refused, reset, timed out."""


class HttpStatus(FetchError):  # noqa: N818
    """The answer bears a status that is not a success, after all retries."""

    def __init__(self, status: int, reason: str, evidence: str | None = None) -> None:
        super().__init__(reason, evidence)
        self.status = status
