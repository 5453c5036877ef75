"""From a source to items: drives the engine, compares, maps."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from ckanext.cn_govdata.crawl import engine, fingerprint
from ckanext.cn_govdata.crawl.errors import FetchError
from ckanext.cn_govdata.crawl.journal import NoJournal
from ckanext.cn_govdata.crawl.mapping import Mapped, Refused, map_record
from ckanext.cn_govdata.crawl.messages import (
    Fingerprints,
    Item,
    ItemStatus,
    Known,
    Report,
    Request,
    Response,
)
from ckanext.cn_govdata.crawl.raw import COUNTERS, steady, without

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.found import Answers, Batch, Found
    from ckanext.cn_govdata.crawl.journal import Journal
    from ckanext.cn_govdata.crawl.source import Source

Fetch = Callable[[Request], Response]
mapping_version = fingerprint.mapping_version
_T = TypeVar("_T")


class NothingKnown:
    """The `Known` of a catalogue that has no record of the portal yet."""

    def get(self, source_id: str) -> Fingerprints | None:  # noqa: ARG002
        """Return ``None``: every record is new."""
        return None


def drive(
    talk: Generator[Request | Batch | _T, Response | Answers | None, Any],
    fetch: Fetch,
    concurrency: int = 1,
) -> Iterator[_T]:
    """Answer the requests of an engine and hand on everything else that it yields.

    A `FetchError` of `fetch` is thrown into the engine, which decides what it means. A batch of
    requests is answered by up to `concurrency` threads.
    """
    with ThreadPoolExecutor(max_workers=concurrency) as threads:
        try:
            said = next(talk)
            while True:
                if isinstance(said, Request):
                    said = _answer(talk, fetch, said)
                elif isinstance(said, tuple):
                    # Each in a context of its own, in which log lines know their source.
                    calls = [partial(copy_context().run, _outcome, fetch, one) for one in said]
                    said = talk.send(list(threads.map(lambda call: call(), calls)))
                else:
                    yield said
                    said = talk.send(None)
        except StopIteration:
            return
        finally:
            talk.close()


def _answer(
    talk: Generator[Request | Batch | _T, Response | Answers | None, Any],
    fetch: Fetch,
    request: Request,
) -> Request | Batch | _T:
    try:
        response = fetch(request)
    except FetchError as error:
        return talk.throw(error)
    return talk.send(response)


def _outcome(fetch: Fetch, request: Request) -> Response | FetchError:
    try:
        return fetch(request)
    except FetchError as error:
        return error


class Crawl:
    """One reading of a portal: iterate over its items; `report` is whole when they have ended."""

    def __init__(self, source: Source, fetch: Fetch, known: Known, journal: Journal) -> None:
        self.report = Report()
        self._source = source
        self._fetch = fetch
        self._known = known
        self._journal = journal
        self._version = mapping_version(source.profile)

    def __iter__(self) -> Iterator[Item]:
        talk = engine.read(self._source, self._known, self.report, self._version, self._journal)
        for found in drive(talk, self._fetch, self._source.concurrency):
            yield self._item(found)

    def _item(self, found: Found) -> Item:
        known = self._known.get(found.source_id)
        if found.raw is None:
            status = found.status or ItemStatus.REFUSED
            if known and found.detail_read:
                known = replace(known, detail_read_on=self._source.today.isoformat())
            return Item(found.source_id, status, fingerprints=known, reason=found.reason)
        raw_hash = fingerprint.digest(steady(found.raw, self._source.profile.volatile))
        read_on = self._source.today.isoformat() if found.detail_read else None
        fingerprints = Fingerprints(
            list_hash=found.list_hash,
            raw_hash=raw_hash,
            record_hash=known.record_hash if known else "",
            mapping_version=self._version,
            detail_read_on=read_on or (known.detail_read_on if known else None),
            validator=found.validator if found.detail_read or known is None else known.validator,
        )
        if known and (known.raw_hash, known.mapping_version) == (raw_hash, self._version):
            return Item(found.source_id, ItemStatus.UNCHANGED, fingerprints=fingerprints)
        return _mapped(self._source, found.raw, fingerprints, known)


def crawl(
    source: Source, fetch: Fetch, known: Known | None = None, journal: Journal | None = None
) -> Crawl:
    """Read a portal. `fetch` answers one request or raises a `FetchError`.

    Nothing is held in memory but the ids seen. The items come in the order of the lists. A page
    that the `journal` has is not asked for; its records do not come.
    """
    return Crawl(
        source,
        fetch,
        NothingKnown() if known is None else known,
        NoJournal() if journal is None else journal,
    )


def remap(source: Source, raw: Mapping[str, Any], known: Fingerprints | None = None) -> Item:
    """Map a stored raw record again, without a request."""
    fingerprints = Fingerprints(
        list_hash=known.list_hash if known else None,
        raw_hash=fingerprint.digest(steady(raw, source.profile.volatile)),
        record_hash="",
        mapping_version=mapping_version(source.profile),
        detail_read_on=known.detail_read_on if known else None,
        validator=known.validator if known else None,
    )
    return _mapped(source, raw, fingerprints, known)


def _mapped(
    source: Source, raw: Mapping[str, Any], fingerprints: Fingerprints, known: Fingerprints | None
) -> Item:
    source_id = str(raw["list"]["source_id"])
    try:
        mapped = map_record(source, raw)
    except Refused as refusal:
        return Item(source_id, ItemStatus.REFUSED, raw=raw, reason=str(refusal))
    record_hash = _record_hash(mapped, source.profile.volatile)
    same = known is not None and known.record_hash == record_hash
    return Item(
        source_id,
        ItemStatus.SAME_RECORD if same else ItemStatus.CHANGED,
        fingerprints=replace(fingerprints, record_hash=record_hash),
        raw=raw,
        record=mapped.record,
        findings=mapped.findings,
    )


def _record_hash(mapped: Mapped, volatile: frozenset[str]) -> str:
    """Return the hash of a record without its counters."""
    values = mapped.record.as_dict()
    for name in COUNTERS:
        values.pop(name, None)
    extra = values.get("source_extra", {})
    values["source_extra"] = without(extra, volatile)
    return fingerprint.digest(values)
