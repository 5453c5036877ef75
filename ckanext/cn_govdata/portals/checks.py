"""Checks of many portals: hosts side by side, the portals of one host one after another."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ckanext.cn_govdata.crawl.messages import Outcome
from ckanext.cn_govdata.portals.check import Check, check

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ckanext.cn_govdata.crawl.client import ClientSettings
    from ckanext.cn_govdata.crawl.source import Source

HOSTS = 8  # asked at a time

Task = tuple["Source", "ClientSettings"]


def check_all(tasks: Sequence[Task], *, hosts: int = HOSTS) -> Iterator[Check]:
    """Check sources and yield each check as it is done.

    Whoever stops iterating stops the checks that have not begun.
    """
    by_host: dict[str, list[Task]] = {}
    for task in tasks:
        by_host.setdefault(urlsplit(task[0].base_url).netloc, []).append(task)
    done: SimpleQueue[Check] = SimpleQueue()
    pool = ThreadPoolExecutor(max_workers=max(1, hosts), thread_name_prefix="check")
    try:
        for group in by_host.values():
            pool.submit(_one_after_another, group, done.put)
        for _ in tasks:
            yield done.get()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _one_after_another(group: Sequence[Task], put: Callable[[Check], None]) -> None:
    for source, settings in group:
        try:
            found = check(source, settings)
        except Exception as error:  # noqa: BLE001 - one portal must not take the others with it
            found = Check(source.portal_id, source.profile.family, source.base_url)
            found.word = Outcome.INCOMPLETE.value
            found.reason = f"the check failed: {type(error).__name__}: {error}"
        put(found)
