"""What is said of a dataset itself beyond its plain fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import terms
from .namespaces import ADMS, CNGOV, DCAT, DCT, FOAF, RDF, RDFS, SKOS
from .shared import DOMAINS
from .terms import chinese, iri, moment, text
from .values import as_written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .addresses import Addresses
    from .shared import Shared
    from .values import Used

THEME_GROUP = "theme-"  # before the code of the domain: the name of its CKAN group
_CODES = {"resource_code": CNGOV.resourceCode, "registration_code": CNGOV.registrationCode}


class General:
    """Language, description, themes, frequency, page, codes, period and rights."""

    def __init__(self, addresses: Addresses, shared: Shared) -> None:
        self._addresses = addresses
        self._shared = shared

    def lines(self, subject: str, package: Mapping[str, Any], used: Used) -> Iterator[str]:
        """Yield the triples; adds the shared terms among them to `used`."""
        language = self._shared.language()
        used.add(language)
        yield f"{subject} {DCT.language} {language} ."
        if not package.get("notes"):
            yield f"{subject} {DCT.description} {chinese(package['title'])} ."
            yield f"{subject} {CNGOV.withoutAbstract} {terms.boolean(True)} ."
        for tag in package.get("tags") or ():
            yield f"{subject} {DCAT.keyword} {chinese(tag['name'])} ."
        frequency = self._shared.frequency(package.get("frequency") or "")
        if frequency:
            used.add(frequency)
            yield f"{subject} {DCT.accrualPeriodicity} {frequency} ."
        for theme in self._themes(package):
            used.add(theme)
            yield f"{subject} {DCAT.theme} {theme} ."
        yield from self._page(subject, package)
        yield from _identifiers(subject, package)
        yield from _period(subject, package)
        yield from _rights(subject, package, self._shared, used)

    def _themes(self, package: Mapping[str, Any]) -> dict[str, None]:
        found: dict[str, None] = {}
        for code in domains(package):
            for term in (self._shared.concept(DOMAINS, code), *self._shared.themes(code)):
                if term is not None:
                    found[term] = None
        return found

    def _page(self, subject: str, package: Mapping[str, Any]) -> Iterator[str]:
        """The page at the source, else the page here, of which a reader knows by its address."""
        written = package.get("url") or ""
        page = terms.web_address(written) or iri(self._addresses.dataset(package["name"]))
        yield f"{subject} {DCAT.landingPage} {page} ."
        yield f"{page} {RDF.type} {FOAF.Document} ."
        if written and page != f"<{written}>":
            yield f"{subject} {as_written('url')} {text(written)} ."


def domains(package: Mapping[str, Any]) -> dict[str, None]:
    """The codes of the domains whose theme groups a dataset is in, and its own."""
    names = (group["name"] for group in package.get("groups") or ())
    found = dict.fromkeys(
        name.removeprefix(THEME_GROUP) for name in names if name.startswith(THEME_GROUP)
    )
    if package.get("domain"):
        found.setdefault(package["domain"])
    return found


def rights(subject: str, package: Mapping[str, Any], shared: Shared) -> str | None:
    """What says under which conditions a dataset may be used: its own node, else its openness."""
    if package.get("open_condition") or package.get("terms_url"):
        return f"{subject[:-1]}#rights>"
    return shared.openness(package.get("open_attribute") or "")


def _rights(subject: str, package: Mapping[str, Any], shared: Shared, used: Used) -> Iterator[str]:
    node = rights(subject, package, shared)
    if node is None:
        return
    yield f"{subject} {DCT.rights} {node} ."
    if node in shared.said:
        used.add(node)
        return
    yield f"{node} {RDF.type} {DCT.RightsStatement} ."
    if condition := package.get("open_condition"):
        yield f"{node} {RDFS.label} {chinese(condition)} ."
    if page := terms.web_address(package.get("terms_url") or ""):
        yield f"{node} {RDFS.seeAlso} {page} ."


def _identifiers(subject: str, package: Mapping[str, Any]) -> Iterator[str]:
    for name, kind in _CODES.items():
        if code := package.get(name):
            node = f"{subject[:-1]}#{name.replace('_', '-')}>"
            yield f"{subject} {ADMS.identifier} {node} ."
            yield f"{node} {RDF.type} {ADMS.Identifier} ."
            yield f"{node} {SKOS.notation} {text(code)} ."
            yield f"{node} {DCT.type} {kind} ."


def _period(subject: str, package: Mapping[str, Any]) -> Iterator[str]:
    start, end = package.get("temporal_start"), package.get("temporal_end")
    if not start and not end:
        return
    # The label is made of the dataset's id, so that documents can be put together.
    node = "_:period" + "".join(filter(str.isalnum, package["id"]))
    yield f"{subject} {DCT.temporal} {node} ."
    yield f"{node} {RDF.type} {DCT.PeriodOfTime} ."
    if start:
        yield f"{node} {DCAT.startDate} {moment(start)} ."
    if end:
        yield f"{node} {DCAT.endDate} {moment(end)} ."
