"""A look at the first records of a source by the path of the harvest; nothing is written."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.crawl import flow
from ckanext.cn_govdata.crawl.client import Client
from ckanext.cn_govdata.crawl.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.client import ClientSettings
    from ckanext.cn_govdata.crawl.messages import Item, Report, Request, Response
    from ckanext.cn_govdata.crawl.source import Source

RECORDS = 3
SECONDS = 60.0
_LONGEST_BODY = 2000  # characters of a request's body that are shown


class OutOfTime(FetchError):  # noqa: N818 - as the other errors of fetching
    """The time of a look is over."""


@dataclass(slots=True)
class Asked:
    """One request and what came of it. `status` is None where no answer came."""

    method: str
    url: str
    body: str
    status: int | None
    seconds: float
    size: int = 0  # bytes, decompressed


@dataclass(slots=True)
class Seen:
    """One record: `fields` have the portal's own text beside the mapped value."""

    source_id: str
    status: str
    reason: str | None
    title: str | None
    fields: list[dict[str, Any]]  # name, raw, value
    extra: dict[str, Any]  # what no field takes
    record: dict[str, Any] | None
    findings: list[dict[str, str]]


@dataclass(slots=True)
class Preview:
    """What a look found; `outcome` as of a listing."""

    family: str
    url: str
    outcome: str = "incomplete"
    reason: str | None = None
    evidence: str | None = None
    total: int | None = None
    requests: list[Asked] = field(default_factory=list)
    records: list[Seen] = field(default_factory=list)

    @property
    def well(self) -> bool:
        """Whether a record could be mapped."""
        return any(seen.record for seen in self.records)

    def as_dict(self) -> dict[str, Any]:
        """The look as plain JSON values."""
        return asdict(self)


def preview(
    source: Source,
    settings: ClientSettings,
    *,
    limit: int = RECORDS,
    seconds: float = SECONDS,
) -> Preview:
    """Read the first `limit` records of a source. No request begins after `seconds`.

    Never raises for what a portal does: the preview says it.
    """
    found = Preview(source.profile.family, source.base_url)
    patient = replace(
        settings,
        retries=min(settings.retries, 1),
        total_timeout=min(settings.total_timeout, seconds),
    )
    look = replace(source, max_records=limit, details="all")
    with Client(patient) as client:
        fetch = _Timed(found, client, time.monotonic() + seconds)
        listing = flow.crawl(look, fetch)
        for item in listing:
            found.records.append(_seen(item))
            if len(found.records) >= limit:
                break
    _conclude(found, listing.report)
    return found


def _conclude(found: Preview, report: Report) -> None:
    found.total = report.total
    if found.well:
        found.outcome = "partial" if report.reason is None else report.outcome.value
        return
    found.outcome, found.reason = report.outcome.value, report.reason
    found.evidence = report.evidence
    if found.reason is None and found.records:
        found.reason = found.records[0].reason


class _Timed:
    """The client with a deadline; notes every request."""

    def __init__(self, found: Preview, client: Client, until: float) -> None:
        self._found = found
        self._client = client
        self._until = until

    def __call__(self, request: Request) -> Response:
        start = time.monotonic()
        if start > self._until:
            raise OutOfTime("the time for a look is over")
        body = (request.body or b"").decode(errors="replace")[:_LONGEST_BODY]
        asked = Asked(request.method, request.url, body, None, 0.0)
        self._found.requests.append(asked)
        try:
            response = self._client.fetch(request)
            asked.status, asked.size = response.status, len(response.body)
            return response
        finally:
            asked.seconds = round(time.monotonic() - start, 3)


def _seen(item: Item) -> Seen:
    raw: Mapping[str, Any] = item.raw or {}
    record = item.record.as_dict() if item.record else None
    texts = {**raw.get("list", {}), **raw.get("detail", {})}
    each = raw.get("each", {})
    names = [*texts, *(name for name in record or {} if name not in texts)]
    values = record or {}
    return Seen(
        source_id=item.source_id,
        status=item.status.value,
        reason=item.reason,
        title=values.get("title") or texts.get("title"),
        fields=[
            {"name": name, "raw": texts.get(name, each.get(name)), "value": _value(values, name)}
            for name in names
            if name != "source_extra"
        ],
        extra=dict(values.get("source_extra") or raw.get("extra", {})),
        record=record,
        findings=[
            {"field": one.field, "value": one.value, "reason": one.reason} for one in item.findings
        ],
    )


def _value(values: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 - JSON values
    """The mapped value of a field; of `contact.phone` the phone of the contact."""
    whole, _, part = name.partition(".")
    if not part:
        return values.get(name)
    rows = values.get(whole) or [{}]
    return rows[0].get(part)
