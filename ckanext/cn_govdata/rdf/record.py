"""The catalogue records of a dataset: how it got here, from the portal up to this catalogue.

Each catalogue on the way has a record of its own whose dct:source is the record it was made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .namespaces import CNGOV, DCAT, DCT, FOAF, PROV, RDF
from .terms import iri, moment, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from .addresses import Addresses
    from .shared import Shared
    from .values import Used


@dataclass(frozen=True, slots=True)
class Step:
    """A catalogue that a dataset came through: the addresses of its record and of itself.

    `modified` is when the record was last changed there, ISO 8601 in UTC.
    """

    record: str
    catalogue: str
    modified: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a harvested dataset comes from.

    `fetched` is when it was first read and `modified` when last with a change, ISO 8601 in UTC.
    `steps` are the catalogues between the portal and this one, the nearest first.
    """

    fetched: str
    modified: str
    steps: Sequence[Step] = ()


class Records:
    """Writes the catalogue records of datasets."""

    def __init__(self, addresses: Addresses, shared: Shared) -> None:
        self._catalogue = iri(addresses.catalogue)
        self._shared = shared

    def lines(
        self,
        subject: str,
        package: Mapping[str, Any],
        provenance: Provenance | None,
        used: Used,
    ) -> Iterator[str]:
        """Yield the triples; adds the shared terms among them to `used`."""
        record = f"{subject[:-1]}#record>"
        created = _utc(package.get("metadata_created"))
        modified = _utc(package.get("metadata_modified"))
        yield from _record(record, subject, modified)
        if created:
            yield f"{record} {DCT.issued} {moment(created)} ."
        yield f"{record} {DCT.isPartOf} {self._catalogue} ."
        above = record
        for step in provenance.steps if provenance else ():
            below = iri(step.record)
            yield f"{above} {DCT.source} {below} ."
            yield from _record(below, subject, step.modified)
            yield f"{below} {DCT.isPartOf} {iri(step.catalogue)} ."
            above = below
        if portal_id := package.get("portal_id"):
            portal = self._shared.portal(portal_id)
            used.add(portal)
            yield from _at_portal(above, subject, portal, package, provenance)


def _at_portal(
    above: str,
    subject: str,
    portal: str,
    package: Mapping[str, Any],
    provenance: Provenance | None,
) -> Iterator[str]:
    record = f"{subject[:-1]}#portal-record>"
    yield f"{above} {DCT.source} {record} ."
    read = provenance.modified if provenance else _utc(package.get("metadata_modified"))
    yield from _record(record, subject, read)
    yield f"{record} {DCT.isPartOf} {portal} ."
    if source_id := package.get("source_id"):
        yield f"{record} {DCT.identifier} {text(source_id)} ."
    if provenance:
        yield f"{record} {CNGOV.firstFetched} {moment(provenance.fetched)} ."
        yield f"{record} {PROV.generatedAtTime} {moment(provenance.modified)} ."


def _record(record: str, subject: str, modified: str) -> Iterator[str]:
    yield f"{record} {RDF.type} {DCAT.CatalogRecord} ."
    yield f"{record} {FOAF.primaryTopic} {subject} ."
    yield f"{record} {DCT.modified} {moment(modified)} ."


def _utc(written: str | None) -> str:
    """A time as CKAN keeps it: UTC, without saying so, to the second."""
    if not written:
        return ""
    whole, _, _ = written.partition(".")
    return whole if whole.endswith("Z") else f"{whole}Z"
