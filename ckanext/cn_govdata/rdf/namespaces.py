"""The vocabularies that the suite writes, and the short names they have in Turtle and JSON-LD."""

from __future__ import annotations

from typing import Final

from .terms import XSD as XSD_BASE
from .terms import Namespace

RDF: Final = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS: Final = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL: Final = Namespace("http://www.w3.org/2002/07/owl#")
XSD: Final = Namespace(XSD_BASE)
DCAT: Final = Namespace("http://www.w3.org/ns/dcat#")
DCATAP: Final = Namespace("http://data.europa.eu/r5r/")
DCT: Final = Namespace("http://purl.org/dc/terms/")
FOAF: Final = Namespace("http://xmlns.com/foaf/0.1/")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
SKOS: Final = Namespace("http://www.w3.org/2004/02/skos/core#")
ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
PROV: Final = Namespace("http://www.w3.org/ns/prov#")
CSVW: Final = Namespace("http://www.w3.org/ns/csvw#")
LOCN: Final = Namespace("http://www.w3.org/ns/locn#")
HYDRA: Final = Namespace("http://www.w3.org/ns/hydra/core#")
VOID: Final = Namespace("http://rdfs.org/ns/void#")
SPDX: Final = Namespace("http://spdx.org/rdf/terms#")
LDES: Final = Namespace("https://w3id.org/ldes#")
TREE: Final = Namespace("https://w3id.org/tree#")
AS: Final = Namespace("https://www.w3.org/ns/activitystreams#")

# The suite's own properties: the same on every site, so that catalogues of different sites speak
# of the same things.
CNGOV: Final = Namespace("https://cn-govdata.github.io/ns#")

IANA_MEDIA_TYPES: Final = "http://www.iana.org/assignments/media-types/"
EU_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
ADMS_PUBLISHER_TYPE: Final = "http://purl.org/adms/publishertype/"

PREFIXES: Final = {
    "adms": ADMS.base,
    "cngov": CNGOV.base,
    "csvw": CSVW.base,
    "dcat": DCAT.base,
    "dcatap": DCATAP.base,
    "dct": DCT.base,
    "foaf": FOAF.base,
    "hydra": HYDRA.base,
    "owl": OWL.base,
    "prov": PROV.base,
    "rdf": RDF.base,
    "rdfs": RDFS.base,
    "skos": SKOS.base,
    "vcard": VCARD.base,
    "void": VOID.base,
    "xsd": XSD.base,
}
