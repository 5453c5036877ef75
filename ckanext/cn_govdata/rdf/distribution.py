"""The resources of a dataset as distributions, interfaces as data services too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import terms
from .general import rights
from .items import schema_of
from .namespaces import CNGOV, CSVW, DCAT, DCT, RDF
from .terms import chinese, iri, text, typed
from .values import PlainFields, as_written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .addresses import Addresses
    from .shared import Shared
    from .values import Used

API, PORTAL_TERMS = "api", "portal-terms"
_WITH_COLUMNS = frozenset({"file", "table", API})


class Distributions:
    """Writes the resources of datasets."""

    def __init__(self, addresses: Addresses, shared: Shared) -> None:
        self._addresses = addresses
        self._shared = shared
        self._plain = PlainFields("resource", shared)

    def lines(self, subject: str, package: Mapping[str, Any], used: Used) -> Iterator[str]:
        """Yield the triples; adds the shared terms among them to `used`."""
        for number, resource in enumerate(package.get("resources") or (), 1):
            node = iri(self._addresses.resource(package["id"], resource["id"]))
            yield f"{subject} {DCAT.distribution} {node} ."
            yield f"{node} {RDF.type} {DCAT.Distribution} ."
            yield f"{node} {CNGOV.position} {typed(number, 'integer')} ."
            yield from self._plain.lines(node, resource, used)
            yield from self._access(node, package, resource)
            yield from self._format(node, resource.get("format"), used)
            yield from self._of_dataset(node, subject, package, resource, used)
            if resource.get("kind") == API:
                yield from self._service(node, subject, package, resource)

    def _access(
        self, node: str, package: Mapping[str, Any], resource: Mapping[str, Any]
    ) -> Iterator[str]:
        """A resource without a web address is reached through the page of its dataset."""
        written = resource.get("url") or ""
        term = terms.web_address(written)
        if term is None:
            page = terms.web_address(package.get("url") or "")
            term = page or iri(self._addresses.dataset(package["name"]))
        yield f"{node} {DCAT.accessURL} {term} ."
        if term != f"<{written}>":
            yield f"{node} {as_written('url')} {text(written)} ."

    def _format(self, node: str, code: str | None, used: Used) -> Iterator[str]:
        if not code:
            return
        yield f"{node} {CNGOV('format')} {text(code)} ."
        known = code.lower()
        file_type, media_type = self._shared.file_type(known), self._shared.media_type(known)
        for prop, term in ((DCT.format_, file_type), (DCAT.mediaType, media_type)):
            if term is not None:
                used.add(term)
                yield f"{node} {prop} {term} ."

    def _of_dataset(
        self,
        node: str,
        subject: str,
        package: Mapping[str, Any],
        resource: Mapping[str, Any],
        used: Used,
    ) -> Iterator[str]:
        """What holds for all distributions of a dataset: licence, conditions, columns."""
        yield from self._licence(node, package, used)
        if (conditions := rights(subject, package, self._shared)) is not None:
            yield f"{node} {DCT.rights} {conditions} ."
        schema = schema_of(subject, package)
        if schema is not None and resource.get("kind") in _WITH_COLUMNS:
            yield f"{node} {CSVW.tableSchema} {schema} ."

    def _licence(self, node: str, package: Mapping[str, Any], used: Used) -> Iterator[str]:
        """The licence, or the terms of use of the portal, where the portal says that they hold."""
        code = package.get("license_id") or ""
        licence = self._shared.licence(code)
        if licence is not None:
            used.add(licence)
            yield f"{node} {DCT.license} {licence} ."
        elif code == PORTAL_TERMS and (page := terms.web_address(package.get("terms_url") or "")):
            yield f"{node} {DCT.license} {page} ."
            yield f"{page} {RDF.type} {DCT.LicenseDocument} ."

    def _service(
        self, node: str, subject: str, package: Mapping[str, Any], resource: Mapping[str, Any]
    ) -> Iterator[str]:
        endpoint = terms.web_address(resource.get("url") or "")
        if endpoint is None:
            return
        service = f"{node[:-1]}#service>"
        title = resource.get("name") or package["title"]
        yield f"{node} {DCAT.accessService} {service} ."
        yield f"{service} {RDF.type} {DCAT.DataService} ."
        yield f"{service} {DCT.title} {chinese(title)} ."
        yield f"{service} {DCAT.endpointURL} {endpoint} ."
        yield f"{service} {DCAT.servesDataset} {subject} ."
