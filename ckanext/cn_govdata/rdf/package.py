"""A dataset described in RDF, read back into a package as `package_show` gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .addresses import concept_in, dataset_in, organization_in, portal_in, resource_in
from .general import THEME_GROUP
from .namespaces import ADMS, CNGOV, CSVW, DCAT, DCT, FOAF, RDF, SKOS, VCARD
from .reading import bare, plain_fields
from .shared import DOMAINS
from .values import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .graph import Graph

_TEL, _MAILTO = "tel:", "mailto:"


def package_of(graph: Graph, subject: str) -> dict[str, Any]:
    """The package that a dcat:Dataset describes; fields without a value are absent.

    `id` and `organization` are there only where the description comes from a catalogue of this
    suite. Nothing is checked: that is the schema's part.
    """
    package = plain_fields(graph, subject, "dataset")
    if graph.text(subject, bare(CNGOV.withoutAbstract)) == "true":
        del package["notes"]
    parts = {
        "id": dataset_in(subject),
        "url": _page(graph, subject),
        "tags": [{"name": word} for word in _keywords(graph, subject)],
        "groups": [{"name": name} for name in _theme_groups(graph, subject)],
        "resources": _resources(graph, subject),
        "data_items": _items(graph, subject),
        "contact": _contacts(graph, subject),
        **_organization(graph, subject),
        **_provider(graph, subject),
        **_identifiers(graph, subject),
        **_period(graph, subject),
    }
    package.update((name, value) for name, value in parts.items() if value not in (None, [], {}))
    portal = next(_portals(graph, subject), None)
    if portal is not None:
        package["portal_id"] = portal
    return package


def _page(graph: Graph, subject: str) -> str | None:
    """The page at the source; the page in the catalogue that describes the dataset is none."""
    written = graph.text(subject, bare(as_written("url")))
    page = next(iter(graph.nodes(subject, bare(DCAT.landingPage))), None)
    if written is None and page is not None:
        stem = subject.rpartition("/")[0]
        if page == f"{stem}/{graph.text(subject, bare(CNGOV.name))}":
            return None
    return written or page


def _keywords(graph: Graph, subject: str) -> list[str]:
    return sorted({each.text for each in graph.values(subject, bare(DCAT.keyword))})


def _theme_groups(graph: Graph, subject: str) -> list[str]:
    themes = (concept_in(each) for each in graph.nodes(subject, bare(DCAT.theme)))
    known = {each.code for each in themes if each is not None and each.list == DOMAINS}
    return sorted(THEME_GROUP + code for code in known)


def _organization(graph: Graph, subject: str) -> dict[str, Any]:
    node = next(iter(graph.nodes(subject, bare(CNGOV.organization))), None)
    found = organization_in(node) if node else None
    if node is None or found is None:
        return {}
    named = {
        "id": found,
        "name": graph.text(node, bare(CNGOV.name)),
        "title": graph.text(node, bare(FOAF.name)),
    }
    return {"owner_org": found, "organization": named}


def _provider(graph: Graph, subject: str) -> dict[str, Any]:
    node = next(iter(graph.nodes(subject, bare(DCT.publisher))), None)
    if node is None or node in graph.nodes(subject, bare(CNGOV.organization)):
        return {}
    name, code = graph.text(node, bare(FOAF.name)), graph.text(node, bare(DCT.identifier))
    return {"provider_name": name if name != code else None, "provider_uscc": code}


def _identifiers(graph: Graph, subject: str) -> dict[str, Any]:
    kinds = {
        bare(mapped_kind): name
        for name, mapped_kind in (
            ("resource_code", CNGOV.resourceCode),
            ("registration_code", CNGOV.registrationCode),
        )
    }
    found = {}
    for node in graph.nodes(subject, bare(ADMS.identifier)):
        for kind in graph.nodes(node, bare(DCT.type)):
            if kind in kinds:
                found[kinds[kind]] = graph.text(node, bare(SKOS.notation))
    return found


def _period(graph: Graph, subject: str) -> dict[str, Any]:
    node = next(iter(graph.nodes(subject, bare(DCT.temporal))), None)
    if node is None:
        return {}
    return {
        "temporal_start": graph.text(node, bare(DCAT.startDate)),
        "temporal_end": graph.text(node, bare(DCAT.endDate)),
    }


def _items(graph: Graph, subject: str) -> list[dict[str, Any]]:
    schema = next(iter(graph.nodes(subject, bare(CSVW.tableSchema))), None)
    head = next(iter(graph.nodes(schema, bare(CSVW.column))), None) if schema else None
    return [plain_fields(graph, column, "data_item") for column in _listed(graph, head)]


def _listed(graph: Graph, head: str | None) -> Iterator[str]:
    """The members of an rdf:List; one that returns to itself ends there."""
    seen = set()
    while head and head not in seen and head != bare(RDF.nil):
        seen.add(head)
        yield from graph.nodes(head, bare(RDF.first))[:1]
        head = next(iter(graph.nodes(head, bare(RDF.rest))), None)


def _contacts(graph: Graph, subject: str) -> list[dict[str, Any]]:
    found = []
    for node in sorted(graph.nodes(subject, bare(DCAT.contactPoint)), key=_numbered):
        contact = plain_fields(graph, node, "contact")
        phone = graph.text(node, bare(CNGOV.phone)) or _without(
            _TEL, graph.nodes(node, bare(VCARD.hasTelephone))
        )
        email = _without(_MAILTO, graph.nodes(node, bare(VCARD.hasEmail)))
        contact.update((k, v) for k, v in (("phone", phone), ("email", email)) if v)
        found.append(contact)
    return found


def _numbered(node: str) -> tuple[int, str]:
    number = node.rpartition("-")[2]
    return int(number) if number.isdecimal() else 0, node


def _without(scheme: str, nodes: list[str]) -> str | None:
    return next((node.removeprefix(scheme) for node in nodes if node.startswith(scheme)), None)


def _resources(graph: Graph, subject: str) -> list[dict[str, Any]]:
    nodes = graph.nodes(subject, bare(DCAT.distribution))
    return [
        _resource(graph, node) for node in sorted(nodes, key=lambda node: _position(graph, node))
    ]


def _position(graph: Graph, node: str) -> int:
    written = graph.text(node, bare(CNGOV.position)) or ""
    return int(written) if written.isdecimal() else 0


def _resource(graph: Graph, node: str) -> dict[str, Any]:
    resource = plain_fields(graph, node, "resource")
    written = graph.text(node, bare(as_written("url")))
    page = next(iter(graph.nodes(node, bare(DCAT.accessURL))), None)
    resource["url"] = page if written is None else written
    resource["format"] = graph.text(node, bare(CNGOV.format)) or ""
    if found := resource_in(node):
        resource["id"] = found
    return {name: value for name, value in resource.items() if value not in (None, "")}


def _portals(graph: Graph, subject: str) -> Iterator[str]:
    """The portal at the end of the chain of catalogue records."""
    for record in graph.of_type(bare(DCAT.CatalogRecord)):
        if subject in graph.nodes(record, bare(FOAF.primaryTopic)):
            for catalogue in graph.nodes(record, bare(DCT.isPartOf)):
                if (portal := portal_in(catalogue)) is not None:
                    yield portal
