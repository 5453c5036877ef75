"""What many datasets refer to: codes, divisions, formats, licences, portals, and what is said of them.

A document that refers to one of these must say its class and label, or it does not conform to
DCAT-AP, and nobody could read it without further requests. What is said is made once and kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckanext.cn_govdata.portals import registry
from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.standards.codelists import codelist
from ckanext.cn_govdata.standards.divisions import Level

from . import terms
from .namespaces import (
    ADMS_PUBLISHER_TYPE,
    CNGOV,
    DCAT,
    DCT,
    EU_AUTHORITY,
    FOAF,
    IANA_MEDIA_TYPES,
    RDF,
    RDFS,
    SKOS,
)
from .terms import ENGLISH, chinese, iri, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ckanext.cn_govdata.standards.codelists import Concept

    from .addresses import Addresses

Lines = tuple[str, ...]

DOMAINS, LEVELS = "open_domain_22", "admin_level"
_FREQUENCIES, _OPENNESS, _LICENCES = "update_frequency", "open_attribute", "licence_option"
_FORMATS, _EU_THEMES, _EU_FREQUENCIES = "format_crosswalk", "eu_data_theme", "eu_frequency"
_EU_FILE_TYPES, _EU_RIGHTS = "eu_file_type", "eu_access_right"
# By level of the body; the national level has its own type, all below a province are local.
_PUBLISHER_TYPES = {
    Level.NATIONAL: ("NationalAuthority", "国家机关", "National authority"),
    Level.PROVINCE: ("RegionalAuthority", "省级机关", "Regional authority"),
    Level.PREFECTURE: ("LocalAuthority", "地方机关", "Local authority"),
    Level.COUNTY: ("LocalAuthority", "地方机关", "Local authority"),
}


class Shared:
    """The terms that datasets of one catalogue share; `said` has what is said of each.

    A method returns the term. Where a code is in no list it returns None, and nothing is said.
    """

    def __init__(self, addresses: Addresses) -> None:
        self.said: dict[str, Lines] = {}
        self._addresses = addresses
        self._known: dict[tuple[str, ...], str | None] = {}

    def concept(self, list_name: str, code: str) -> str | None:
        """An entry of a code list, as a skos:Concept."""
        key = (list_name, code)
        if key not in self._known:
            entry = codelist(list_name).get(code)
            term = iri(self._addresses.concept(list_name, code)) if entry else None
            if term and entry:
                scheme = iri(self._addresses.vocabulary(list_name))
                self._say(term, (*_labels(entry), *_coded(entry, scheme)), SKOS.Concept)
            self._known[key] = term
        return self._known[key]

    def themes(self, domain: str) -> tuple[str, ...]:
        """The EU's themes of a national domain, which may lie in several."""
        entry = codelist(DOMAINS).get(domain)
        codes = entry.extra["eu_data_theme"].split("|") if entry else ()
        found = (self._eu(_EU_THEMES, code, SKOS.Concept) for code in codes if code)
        return tuple(term for term in found if term is not None)

    def frequency(self, code: str) -> str | None:
        """The EU's frequency."""
        return self._authority(_FREQUENCIES, code, "eu_frequency", _EU_FREQUENCIES, DCT.Frequency)

    def access_right(self, code: str) -> str | None:
        """The EU's access right of an open attribute."""
        return self._authority(_OPENNESS, code, "eu_access_right", _EU_RIGHTS, DCT.RightsStatement)

    def file_type(self, code: str) -> str | None:
        """The EU's file type of a format, else the format itself, as a media type or extent."""
        kind = DCT.MediaTypeOrExtent
        eu = self._authority(_FORMATS, code, "eu_file_type", _EU_FILE_TYPES, kind)
        return eu or self._also(self.concept(_FORMATS, code), kind)

    def openness(self, attribute: str) -> str | None:
        """An open attribute as a statement of rights."""
        return self._also(self.concept(_OPENNESS, attribute), DCT.RightsStatement)

    def media_type(self, code: str) -> str | None:
        """IANA's media type of a format."""
        entry = codelist(_FORMATS).get(code)
        name = entry.extra["media_type"] if entry else ""
        if not name:
            return None
        term = iri(IANA_MEDIA_TYPES + name)
        if term not in self.said:
            self._say(term, ((RDFS.label, text(name)),), DCT.MediaType)
        return term

    def licence(self, code: str) -> str | None:
        """A licence: the EU's address of it, else its own; None where it is no licence as such."""
        entry = codelist(_LICENCES).get(code)
        address = entry and (entry.extra["eu_uri"] or entry.extra["uri"])
        if not entry or not address:
            return None
        term = iri(address)
        if term not in self.said:
            self._say(term, _labels(entry), DCT.LicenseDocument)
        return term

    def publisher_type(self, level: Level) -> str:
        """What kind of authority a body of this level is."""
        name, label_zh, label_en = _PUBLISHER_TYPES[level]
        term = iri(ADMS_PUBLISHER_TYPE + name)
        if term not in self.said:
            labels = (
                (SKOS.prefLabel, chinese(label_zh)),
                (SKOS.prefLabel, text(label_en, ENGLISH)),
            )
            self._say(term, labels, SKOS.Concept)
        return term

    def language(self) -> str:
        """Chinese."""
        term = iri(f"{EU_AUTHORITY}language/ZHO")
        if term not in self.said:
            scheme = iri(f"{EU_AUTHORITY}language")
            self._say(term, ((SKOS.inScheme, scheme),), DCT.LinguisticSystem)
        return term

    def division(self, code: str) -> str | None:
        """A division with those above it, as places."""
        term = iri(self._addresses.division(code))
        if term in self.said:
            return term
        division = divisions.get(code)
        if division is None:
            return None
        said: dict[str, None] = {}
        while division is not None:
            said.update(dict.fromkeys(self._place(division)))
            above = divisions.parent(division.code)
            # An address stands for the division as it is today, or was last.
            division = divisions.get(above.code) if above else None
        self.said[term] = tuple(said)
        return term

    def portal(self, portal_id: str) -> str:
        """The catalogue of a portal, of which the registry may know name, place and address."""
        term = iri(self._addresses.portal(portal_id))
        if term not in self.said:
            self._say_portal(term, portal_id)
        return term

    def _authority(
        self, list_name: str, code: str, column: str, authority: str, kind: str
    ) -> str | None:
        entry = codelist(list_name).get(code)
        return self._eu(authority, entry.extra[column], kind) if entry else None

    def _eu(self, authority: str, code: str, kind: str) -> str | None:
        """An entry of a list of the EU."""
        key = (authority, code)
        if key not in self._known:
            entry = codelist(authority).get(code)
            term = iri(entry.extra["uri"]) if entry else None
            if term and entry:
                scheme = iri(entry.extra["uri"].rpartition("/")[0])
                self._say(term, (*_labels(entry), (SKOS.inScheme, scheme)), kind)
            self._known[key] = term
        return self._known[key]

    def _also(self, term: str | None, kind: str) -> str | None:
        """A concept that is something else as well."""
        if term is not None:
            line = f"{term} {RDF.type} {kind} ."
            if line not in self.said[term]:
                self.said[term] += (line,)
        return term

    def _place(self, division: divisions.Division) -> Lines:
        term = iri(self._addresses.division(division.code))
        pairs = [
            (SKOS.prefLabel, chinese(division.name_zh)),
            (SKOS.notation, text(division.code)),
            (SKOS.inScheme, iri(f"{self._addresses.base}/cn-govdata/division")),
        ]
        if division.name_en:
            pairs.append((SKOS.prefLabel, text(division.name_en, ENGLISH)))
        said: Lines = ()
        if level := self.concept(LEVELS, division.level.value):
            pairs.append((CNGOV.adminLevel, level))
            said = self.said[level]
        above = divisions.parent(division.code)
        if above is not None:
            pairs.append((SKOS.broader, iri(self._addresses.division(above.code))))
        return (*_lines(term, pairs, DCT.Location, SKOS.Concept), *said)

    def _say_portal(self, term: str, portal_id: str) -> None:
        portal = registry.get(portal_id)
        name = chinese((portal and (portal.name_zh or portal.government_zh)) or portal_id)
        agent = iri(self._addresses.portal(portal_id) + "#publisher")
        pairs = [
            (DCT.title, name),
            (DCT.description, name),
            (DCT.identifier, text(portal_id)),
            (DCT.publisher, agent),
        ]
        own = [(FOAF.name, name)]
        said: Lines = ()
        if portal is not None:
            if page := terms.web_address(portal.url):
                pairs.append((FOAF.homepage, page))
                said += (f"{page} {RDF.type} {FOAF.Document} .",)
            if place := self.division(portal.division_code):
                pairs.append((DCT.spatial, place))
                said += self.said[place]
        said += (*_lines(term, pairs, DCAT.Catalog), *_lines(agent, own, FOAF.Agent))
        self.said[term] = tuple(dict.fromkeys(said))

    def _say(self, term: str, pairs: Iterable[tuple[str, str]], *kinds: str) -> None:
        self.said[term] = _lines(term, pairs, *kinds)


def _lines(term: str, pairs: Iterable[tuple[str, str]], *kinds: str) -> Lines:
    types = [f"{term} {RDF.type} {kind} ." for kind in kinds]
    return (*types, *(f"{term} {prop} {value} ." for prop, value in pairs))


def _labels(entry: Concept) -> list[tuple[str, str]]:
    labels = [(SKOS.prefLabel, chinese(entry.label_zh))]
    if entry.label_en:
        labels.append((SKOS.prefLabel, text(entry.label_en, ENGLISH)))
    return labels


def _coded(entry: Concept, scheme: str) -> tuple[tuple[str, str], ...]:
    return (SKOS.notation, text(entry.code)), (SKOS.inScheme, scheme)
