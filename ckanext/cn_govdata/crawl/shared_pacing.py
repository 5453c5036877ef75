"""Turns of a host shared by all workers of a site, on all machines, through one Redis.

A turn is a lease: an entry in a sorted set whose score is its end. A heartbeat renews the leases
that this process holds; those of a process that died run out by themselves. Clocks of the machines
do not matter, since the scripts go by Redis's own.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from ckanext.cn_govdata.crawl.pacing import SHARED, Begin, Pacer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
_POLL_SECONDS = 0.05  # while all turns of a host are held
_LONGEST_SLEEP = 5.0  # a hold or a freed turn is noticed after so long at most

# Takes a turn, or says how many milliseconds to wait: -1 when all are held. Times are microseconds.
_TAKE = """
local t = redis.call('TIME')
local now = t[1] * 1000000 + t[2]
local free_at = math.max(tonumber(redis.call('GET', KEYS[2]) or '0'),
                         tonumber(redis.call('GET', KEYS[3]) or '0'))
if now < free_at then return math.ceil((free_at - now) / 1000) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return -1 end
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[4]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[4] / 500))
local interval = tonumber(ARGV[3])
if interval > 0 then
  redis.call('SET', KEYS[2], string.format('%.0f', now + interval), 'PX', math.ceil(interval / 1000) + 1)
end
return 0
"""
_RENEW = """
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then
  local t = redis.call('TIME')
  redis.call('ZADD', KEYS[1], string.format('%.0f', t[1] * 1000000 + t[2] + ARGV[2]), ARGV[1])
  redis.call('PEXPIRE', KEYS[1], math.ceil(ARGV[2] / 500))
end
"""
# Moves a moment so far from now, if it is not later already.
_LATER = """
local t = redis.call('TIME')
local until_ = t[1] * 1000000 + t[2] + tonumber(ARGV[1])
if until_ > tonumber(redis.call('GET', KEYS[1]) or '0') then
  redis.call('SET', KEYS[1], string.format('%.0f', until_), 'PX', math.ceil(ARGV[1] / 1000) + 1)
end
"""


class RedisClient(Protocol):
    """What is needed of a client of the package `redis`."""

    def eval(self, script: str, numkeys: int, *keys_and_args: Any) -> Any:  # noqa: ANN401
        """Run a Lua script."""

    def zrem(self, name: str, *values: str) -> Any:  # noqa: ANN401
        """Remove members of a sorted set."""


class RedisPacer:
    """A `Pacer` for all processes that share a Redis and a prefix.

    `prefix` begins every key, so that two sites on one Redis do not meet. `errors` are the
    exceptions of the client: while Redis is away the turns are kept in the process alone.
    """

    def __init__(
        self,
        client: RedisClient,
        prefix: str,
        errors: tuple[type[Exception], ...],
        *,
        lease_seconds: float = LEASE_SECONDS,
        alone: Pacer = SHARED,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._prefix = prefix
        self._errors = errors
        self._lease = int(lease_seconds * 1_000_000)
        self._alone = alone
        self._sleep = sleep
        self._held: dict[str, str] = {}  # token -> host
        self._lock = threading.Lock()
        self._beating = False
        self._complained = False

    @contextmanager
    def turn(self, host: str, *, interval: float, limit: int) -> Iterator[Begin]:
        """See `Pacer.turn`."""
        token = uuid.uuid4().hex
        try:
            self._take(host, token, interval, limit)
        except self._errors as error:
            self._complain(error)
            with self._alone.turn(host, interval=interval, limit=limit) as begin:
                yield begin
            return
        self._note(token, host)
        try:
            yield partial(self._begin, host, interval)
        finally:
            self._give_back(host, token)

    def hold(self, host: str, seconds: float) -> None:
        """See `Pacer.hold`."""
        self._alone.hold(host, seconds)
        try:
            self._client.eval(_LATER, 1, self._key(host, "hold"), int(seconds * 1_000_000))
        except self._errors as error:
            self._complain(error)

    def _begin(self, host: str, interval: float) -> None:
        if not interval:
            return
        try:
            self._client.eval(_LATER, 1, self._key(host, "next"), int(interval * 1_000_000))
        except self._errors as error:
            self._complain(error)

    def _take(self, host: str, token: str, interval: float, limit: int) -> None:
        keys = [self._key(host, part) for part in ("turns", "next", "hold")]
        arguments = (token, limit, int(interval * 1_000_000), self._lease)
        while wait := int(self._client.eval(_TAKE, len(keys), *keys, *arguments)):
            self._sleep(_POLL_SECONDS if wait < 0 else min(wait / 1000, _LONGEST_SLEEP))

    def _give_back(self, host: str, token: str) -> None:
        with self._lock:
            self._held.pop(token, None)
        try:
            self._client.zrem(self._key(host, "turns"), token)
        except self._errors as error:
            self._complain(error)  # the lease runs out

    def _note(self, token: str, host: str) -> None:
        with self._lock:
            self._held[token] = host
            if self._beating:
                return
            self._beating = True
        threading.Thread(target=self._beat, name="leases", daemon=True).start()

    def _beat(self) -> None:
        """Renew all leases of this process until it holds none."""
        while True:
            time.sleep(self._lease / 3_000_000)
            with self._lock:
                held = list(self._held.items())
                if not held:
                    self._beating = False
                    return
            self._renew(held)

    def _renew(self, held: Sequence[tuple[str, str]]) -> None:
        try:
            for token, host in held:
                self._client.eval(_RENEW, 1, self._key(host, "turns"), token, self._lease)
        except self._errors as error:
            self._complain(error)

    def _key(self, host: str, part: str) -> str:
        return f"{self._prefix}:pace:{host}:{part}"

    def _complain(self, error: Exception) -> None:
        if not self._complained:
            self._complained = True
            log.warning("Redis cannot be reached, hosts are paced in this process alone: %s", error)
