"""A dataset becomes RDF that others can read and that reads back as the same dataset."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
import rdflib
import rdflib.compare
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat

from ckanext.cn_govdata.rdf import graph
from ckanext.cn_govdata.rdf.addresses import Addresses
from ckanext.cn_govdata.rdf.describe import Describer
from ckanext.cn_govdata.rdf.formats import FORMATS, convert
from ckanext.cn_govdata.rdf.mapping import mapped_on
from ckanext.cn_govdata.rdf.package import package_of
from ckanext.cn_govdata.rdf.record import Provenance, Step
from ckanext.cn_govdata.standards.fields import fields_on

from .packages import bare, comparable, full, stored

ADDRESSES = Addresses("https://sc.data.example")
SHAPES = Path(__file__).with_name("shapes")


@pytest.fixture(scope="module")
def describer():
    return Describer(ADDRESSES)


@pytest.fixture(scope="module")
def real():
    return stored(40)


def read_back(document: str, package: dict) -> dict:
    read = graph.parsed(document.encode(), RdfFormat.N_TRIPLES)
    return package_of(read, ADDRESSES.dataset(package["id"]))


def test_every_field_has_a_property():
    for on in ("dataset", "data_item", "contact", "resource"):
        own = {"description"} if on == "resource" else set()
        assert set(mapped_on(on)) == set(fields_on(on)) | own


def test_every_field_reads_back(describer):
    package = full()
    assert comparable(read_back(describer.document(package), package)) == comparable(package)


@pytest.mark.parametrize("name", sorted(set(full()) - set(bare())))
def test_a_field_alone_reads_back(describer, name):
    package = {**bare(), name: full()[name]}
    expected = comparable(package)
    if name == "domain":  # whoever has a domain is in its theme group
        expected["groups"] = [{"name": "theme-6"}]
    assert comparable(read_back(describer.document(package), package)) == expected


def test_real_records_read_back(describer, real):
    assert len(real) > 400
    for package in real:
        document = describer.document(package)
        assert comparable(read_back(document, package)) == comparable(package)


def test_descriptions_conform_to_dcat_ap(describer, real):
    lines = {}
    for package in [full(), bare(), *real[::12]]:
        lines.update(dict.fromkeys(describer.document(package).splitlines()))
    data = rdflib.Graph().parse(data="\n".join(lines), format="nt")
    shapes = rdflib.Graph()
    for name in ("shapes.ttl", "range.ttl"):
        shapes.parse(SHAPES / name)
    conforms, _, words = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    assert conforms, words[:3000]


def test_shapes_find_what_is_wrong():
    broken = "<https://x.example/d> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset> ."
    data = rdflib.Graph().parse(data=broken, format="nt")
    assert not pyshacl.validate(data, shacl_graph=rdflib.Graph().parse(SHAPES / "shapes.ttl"))[0]


@pytest.mark.parametrize("suffix", sorted(FORMATS))
def test_formats_say_the_same(describer, suffix):
    document = describer.document(full()).encode()
    written = convert(document, suffix)
    names = {"jsonld": "json-ld", "rdf": "xml", "nq": "nquads"}
    expected = rdflib.Graph().parse(data=document, format="nt")
    dataset = rdflib.Dataset() if FORMATS[suffix].with_graphs else rdflib.Graph()
    dataset.parse(data=written, format=names.get(suffix, suffix))
    found = rdflib.Graph()
    for triple in dataset.triples((None, None, None)):
        found.add(triple)
    assert rdflib.compare.isomorphic(found, expected)


# What XML can hold: other control characters become U+FFFD.
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn")) | st.sampled_from("\n\r\t"),
    min_size=1,
    max_size=60,
).filter(str.strip)


@settings(max_examples=150, deadline=None)
@given(title=TEXT, word=TEXT, url=TEXT, extra=st.dictionaries(TEXT, TEXT, max_size=3))
def test_any_text_stays_as_written(title, word, url, extra):
    package = {
        **bare(),
        "title": title,
        "provider_name": word,
        "url": url,
        "terms_url": f"https://x.example/{url}",
        "source_extra": extra,
        "resources": [{"id": "r1", "url": url, "name": title, "format": word}],
    }
    document = Describer(ADDRESSES).document(package)
    assert len(rdflib.Graph().parse(data=document, format="nt")) > 20
    assert comparable(read_back(document, package)) == comparable(package)


@pytest.mark.parametrize(
    "written",
    [
        "http://",
        "http://[::1",
        "http://a b/",
        "https://x.example/a#b#c",
        "javascript:alert(1)",
        "../relative",
        "HTTP://X.EXAMPLE/[1]?q=%zz",
        "https://用户.example/路径",
    ],
)
def test_an_address_becomes_an_iri_or_stays_text(describer, written):
    package = {**bare(), "resources": [{"id": "r1", "url": written, "name": "一"}]}
    document = describer.document(package)
    data = rdflib.Graph().parse(data=document, format="nt")
    [address] = data.objects(None, rdflib.URIRef("http://www.w3.org/ns/dcat#accessURL"))
    assert str(address).lower().startswith(("http://", "https://"))
    assert read_back(document, package)["resources"][0]["url"] == written


def test_the_way_of_a_record_is_a_chain(describer):
    steps = [
        Step(
            "https://city.example/dataset/1#record", "https://city.example", "2026-11-01T00:00:00Z"
        ),
        Step(
            "https://county.example/dataset/1#record",
            "https://county.example",
            "2026-10-01T00:00:00Z",
        ),
    ]
    package = {**bare(), "portal_id": "510104", "source_id": "7"}
    document = describer.document(
        package, Provenance("2026-09-01T00:00:00Z", "2026-09-02T00:00:00Z", steps)
    )
    data = rdflib.Graph().parse(data=document, format="nt")
    source = rdflib.DCTERMS.source
    own = rdflib.URIRef(ADDRESSES.dataset(package["id"]) + "#record")
    chain = [own]
    while following := data.value(chain[-1], source):
        chain.append(following)
    assert [str(each) for each in chain[1:3]] == [step.record for step in steps]
    assert str(data.value(chain[-1], rdflib.DCTERMS.isPartOf)) == ADDRESSES.portal("510104")
    assert len(chain) == 4


def test_what_datasets_share_is_said_once(describer, real):
    used = set().union(*(describer.describe(package).used for package in real))
    said = list(describer.said(used))
    assert len(said) == len(set(said))
    alone = {line for package in real for line in describer.document(package).splitlines()}
    together = {line for package in real for line in describer.describe(package).lines} | set(said)
    assert together == alone


def test_a_domain_of_two_european_themes_has_both(describer):
    package = {**bare(), "domain": "11"}
    data = rdflib.Graph().parse(data=describer.document(package), format="nt")
    themes = {str(each) for each in data.objects(None, rdflib.DCAT.theme)}
    authority = "http://publications.europa.eu/resource/authority/data-theme/"
    assert {f"{authority}ECON", f"{authority}AGRI"} < themes


def test_places_above_a_withdrawn_one_bear_the_names_of_today(describer):
    withdrawn, above = "142221", "142200"
    of_below = describer.document({**bare(), "division_code": withdrawn})
    itself = describer.document({**bare(), "division_code": above})
    place = f"<{ADDRESSES.division(above)}>"
    said = {line for line in of_below.splitlines() if line.startswith(place)}
    assert said == {line for line in itself.splitlines() if line.startswith(place)} != set()
