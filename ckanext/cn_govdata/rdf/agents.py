"""The bodies behind a dataset: provider, organisation of the catalogue, office to ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.standards import divisions

from .namespaces import CNGOV, DCAT, DCT, FOAF, RDF, VCARD
from .terms import chinese, iri, text
from .values import PlainFields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .addresses import Addresses
    from .shared import Shared
    from .values import Used

_NOT_DIGITS = re.compile(r"[^0-9]+")


class Agents:
    """Publisher, organisation and contact points of datasets."""

    def __init__(self, addresses: Addresses, shared: Shared) -> None:
        self._addresses = addresses
        self._shared = shared
        self._contact = PlainFields("contact", shared)

    def lines(self, subject: str, package: Mapping[str, Any], used: Used) -> Iterator[str]:
        """Yield the triples; adds the shared terms among them to `used`."""
        organization = package.get("organization")
        if organization:
            yield from self._organization(subject, organization)
        if package.get("provider_name") or package.get("provider_uscc"):
            yield from self._provider(subject, package, used)
        elif organization:
            owner = iri(self._addresses.organization(organization["id"]))
            yield f"{subject} {DCT.publisher} {owner} ."
        for number, contact in enumerate(package.get("contact") or (), 1):
            unit = package.get("provider_unit") if number == 1 else None
            yield from self._office(subject, number, contact, unit)

    def _organization(self, subject: str, organization: Mapping[str, Any]) -> Iterator[str]:
        owner = iri(self._addresses.organization(organization["id"]))
        yield f"{subject} {CNGOV.organization} {owner} ."
        yield from organization_lines(owner, organization)

    def _provider(self, subject: str, package: Mapping[str, Any], used: Used) -> Iterator[str]:
        name, code = package.get("provider_name"), package.get("provider_uscc")
        place = package.get("division_code")
        agent = iri(self._addresses.agent(name or "", place, code))
        yield f"{subject} {DCT.publisher} {agent} ."
        yield f"{agent} {RDF.type} {FOAF.Agent} ."
        yield f"{agent} {FOAF.name} {chinese(name or code or '')} ."
        if code:
            yield f"{agent} {DCT.identifier} {text(code)} ."
        division = divisions.get(place) if place else None
        if division is not None:
            kind = self._shared.publisher_type(division.level)
            used.add(kind)
            yield f"{agent} {DCT.type} {kind} ."

    def _office(
        self, subject: str, number: int, contact: Mapping[str, Any], unit: str | None
    ) -> Iterator[str]:
        node = f"{subject[:-1]}#contact-{number}>"
        yield f"{subject} {DCAT.contactPoint} {node} ."
        yield f"{node} {RDF.type} {VCARD.Kind} ."
        yield f"{node} {RDF.type} {VCARD.Organization} ."
        yield from self._contact.lines(node, contact, set())
        if phone := contact.get("phone"):
            yield f"{node} {CNGOV.phone} {text(phone)} ."
            if digits := "-".join(filter(None, _NOT_DIGITS.split(phone))):
                yield f"{node} {VCARD.hasTelephone} {iri(f'tel:{digits}')} ."  # RFC 3966
        if email := contact.get("email"):
            yield f"{node} {VCARD.hasEmail} {iri(f'mailto:{email}')} ."
        if unit:
            yield f"{node} {VCARD('organization-unit')} {chinese(unit)} ."


def organization_lines(owner: str, organization: Mapping[str, Any]) -> Iterator[str]:
    """What is said of an organisation of the catalogue wherever it is named."""
    yield f"{owner} {RDF.type} {FOAF.Agent} ."
    title = organization.get("title") or organization["name"]
    yield f"{owner} {FOAF.name} {chinese(title)} ."
    yield f"{owner} {CNGOV('name')} {text(organization['name'])} ."
