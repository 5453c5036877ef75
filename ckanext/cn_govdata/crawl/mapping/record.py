"""One raw record mapped to one neutral record, with findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from ckanext.cn_govdata.crawl import identity
from ckanext.cn_govdata.crawl.mapping import coded, items, place, plain, resources
from ckanext.cn_govdata.crawl.mapping.draft import Draft
from ckanext.cn_govdata.crawl.record import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.crawl.messages import Finding
    from ckanext.cn_govdata.crawl.source import Source

MAX_EXTRA_BYTES = 100_000  # of `source_extra` as JSON


class Refused(Exception):  # noqa: N818 - a result, not a failure
    """The raw record cannot be a dataset; the message says why."""


class Mapped(NamedTuple):
    """A neutral record and what its provider could mend."""

    record: Record
    findings: tuple[Finding, ...]


def map_record(source: Source, raw: Mapping[str, Any]) -> Mapped:
    """Map a raw record. Raises `Refused` if it has no title."""
    draft = Draft(source, raw)
    plain.fill(draft)
    if not draft.fields.get("title"):
        raise Refused("no title")
    source_id = str(raw["list"]["source_id"])
    draft.fields["url"] = _landing_page(draft, source_id)
    coded.fill(draft)
    place.fill(draft)
    items.fill(draft)
    resources.fill(draft)
    _sharpen_source_modified(draft)
    draft.fields["source_extra"] = _bounded(draft)
    record = Record(
        name=identity.package_name(source.portal_id, source_id),
        identifier=identity.identifier(source.portal_id, source_id),
        portal_id=source.portal_id,
        source_id=source_id,
        **draft.fields,
    )
    return Mapped(record, tuple(draft.findings))


def _sharpen_source_modified(draft: Draft) -> None:
    """Take the detail's modification date where the list gives none, or the same day alone."""
    listed, detailed = draft.fields.get("source_modified"), plain.moment(draft.raw.get("modified"))
    if listed is None or (detailed is not None and detailed.startswith(listed)):
        draft.fields["source_modified"] = detailed


def _landing_page(draft: Draft, source_id: str) -> str | None:
    """Return the address that the portal gives, else the family's page on the source's host."""
    source = draft.source
    given = plain.web_address(draft.raw.get("url"), source.base_url)
    template = source.profile.landing_page
    if given or template is None:
        return given
    values = {name: draft.value(name) for name in template.names}
    values["source_id"] = source_id
    return template.address(source.base_url, values, source.profile.parameters.keys())


def _bounded(draft: Draft) -> dict[str, Any]:
    """Return the extra values, the longest left out as long as all are too long together."""
    extra = dict(sorted(draft.extra.items()))
    sizes = {name: len(orjson.dumps(value)) for name, value in extra.items()}
    while sum(sizes.values()) > MAX_EXTRA_BYTES:
        longest = max(sizes, key=lambda name: sizes[name])
        draft.find(f"source_extra.{longest}", sizes[longest], "too long to keep (bytes)")
        del extra[longest], sizes[longest]
    return extra
