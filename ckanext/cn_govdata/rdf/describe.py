"""A dataset as RDF: DCAT-AP 3.0.1 with the Chinese elements beside it.

`docs/dcat.md` has the table of fields and properties. Nothing is a blank node but the period of
time: some readers take an address there for a document to fetch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .agents import Agents
from .distribution import Distributions
from .general import General
from .items import TableSchema
from .namespaces import DCAT, RDF
from .record import Records
from .shared import Shared
from .terms import iri
from .values import PlainFields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from .addresses import Addresses
    from .record import Provenance
    from .values import Used


@dataclass(frozen=True, slots=True)
class Described:
    """What is said of one dataset: its own lines of N-Triples, and the shared terms in them."""

    lines: list[str]
    used: Used


class Describer:
    """Describes the datasets of one catalogue. Made once: it remembers what datasets share."""

    def __init__(self, addresses: Addresses) -> None:
        self.addresses = addresses
        self.shared = Shared(addresses)
        self._plain = PlainFields("dataset", self.shared)
        self._general = General(addresses, self.shared)
        self._agents = Agents(addresses, self.shared)
        self._schema = TableSchema(self.shared)
        self._distributions = Distributions(addresses, self.shared)
        self._records = Records(addresses, self.shared)

    def describe(
        self, package: Mapping[str, Any], provenance: Provenance | None = None
    ) -> Described:
        """A dataset as `package_show` gives it, with distributions, contact and catalogue record.

        `provenance` says where a harvested one comes from.
        """
        used: Used = set()
        subject = iri(self.addresses.dataset(package["id"]))
        lines = [f"{subject} {RDF.type} {DCAT.Dataset} ."]
        lines += self._plain.lines(subject, package, used)
        lines += self._general.lines(subject, package, used)
        lines += self._agents.lines(subject, package, used)
        lines += self._schema.lines(subject, package, used)
        lines += self._distributions.lines(subject, package, used)
        lines += self._records.lines(subject, package, provenance, used)
        return Described(lines, used)

    def said(self, used: Iterable[str]) -> Iterator[str]:
        """What is said of shared terms, each line once."""
        seen: set[str] = set()
        for term in sorted(used):
            for line in self.shared.said[term]:
                if line not in seen:
                    seen.add(line)
                    yield line

    def document(self, package: Mapping[str, Any], provenance: Provenance | None = None) -> str:
        """N-Triples of a dataset that can be read alone."""
        described = self.describe(package, provenance)
        return "\n".join([*described.lines, *self.said(described.used), ""])
