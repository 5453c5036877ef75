"""The EU's metadata quality points (MQA) of descriptions, and where a point is lost.

What asks whether an address answers (80 of 405 points) is not asked: a corpus has no network.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.rdf.namespaces import DCAT, DCT
from ckanext.cn_govdata.rdf.reading import bare
from ckanext.cn_govdata.standards.codelists import codelist

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ckanext.cn_govdata.rdf.graph import Graph

NOT_ASKED = frozenset({"access_url_status", "download_url_status"})
# Checked for all together, by the shapes.
BY_SHAPES = "dcat_ap_compliance"

_EU = "http://publications.europa.eu/resource/authority/"
_OF_DATASET = {
    "keyword_availability": (DCAT.keyword, lambda p: p.get("tags")),
    "category_availability": (
        DCAT.theme,
        lambda p: p.get("groups") or p.get("domain") or p.get("industry"),
    ),
    "spatial_availability": (DCT.spatial, lambda p: p.get("division_code")),
    "temporal_availability": (
        DCT.temporal,
        lambda p: p.get("temporal_start") or p.get("temporal_end"),
    ),
    "access_rights_availability": (DCT.accessRights, lambda p: p.get("open_attribute")),
    "access_rights_vocabulary": (DCT.accessRights, lambda p: p.get("open_attribute")),
    "contact_point_availability": (DCAT.contactPoint, lambda p: p.get("contact")),
    "publisher_availability": (DCT.publisher, lambda p: p.get("provider_name")),
    "issued_availability": (DCT.issued, lambda p: p.get("issued")),
    "modified_availability": (DCT.modified, lambda p: p.get("modified")),
}
_OF_DISTRIBUTION = {
    "download_url_availability": (DCAT.downloadURL, lambda p, r: r.get("download_url")),
    "format_availability": (DCT.format, lambda p, r: r.get("format")),
    "media_type_availability": (DCAT.mediaType, lambda p, r: _known(r, "media_type")),
    "format_media_type_vocabulary": (DCT.format, lambda p, r: _known(r, "eu_file_type")),
    "license_availability": (DCT.license, lambda p, r: _licence(p, "code")),
    "known_license": (DCT.license, lambda p, r: _licence(p, "eu_uri")),
    "rights_availability": (DCT.rights, lambda p, r: p.get("open_attribute")),
    "byte_size_availability": (DCAT.byteSize, lambda p, r: r.get("size") is not None),
}
_FLAGS = {
    "format_non_proprietary": "mqa_non_proprietary",
    "format_machine_readable": "mqa_machine_readable",
}


@dataclass(slots=True)
class Points:
    """Points of a portal's datasets: reached, lost because the source says nothing, lost by us."""

    datasets: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    lost_by_us: Counter[str] = field(default_factory=Counter)

    def count(self, graph: Graph, subject: str, package: Mapping[str, Any]) -> None:
        """Count one dataset. Its best distribution counts."""
        self.datasets += 1
        for name, (prop, says) in _OF_DATASET.items():
            self._note(name, bool(graph.values(subject, bare(prop))), bool(says(package)))
        nodes = graph.nodes(subject, bare(DCAT.distribution))
        resources = package.get("resources") or ()
        for name, (prop, says) in _OF_DISTRIBUTION.items():
            has = any(graph.values(node, bare(prop)) for node in nodes)
            self._note(name, has, any(says(package, each) for each in resources))
        for name, flag in _FLAGS.items():
            types = (value for node in nodes for value in graph.nodes(node, bare(DCT.format)))
            due = any(_file_type(each).get(flag) == "yes" for each in resources)
            self._note(name, any(_eu_type(each).get(flag) == "yes" for each in types), due)

    def _note(self, name: str, has: bool, says: bool) -> None:
        self.reached[name] += has
        self.lost_by_us[name] += says and not has

    def points(self, *, shapes: bool) -> float:
        """Mean points of a dataset, of 325 that can be asked."""
        if not self.datasets:
            return 0.0
        gained = sum(weight(name) * number for name, number in self.reached.items())
        return gained / self.datasets + (weight(BY_SHAPES) if shapes else 0)


def weight(name: str) -> int:
    """The points of an indicator."""
    return int(codelist("mqa_indicator")[name].extra["weight"])


def _known(resource: Mapping[str, Any], column: str) -> str:
    entry = codelist("format_crosswalk").get((resource.get("format") or "").lower())
    return entry.extra[column] if entry else ""


def _file_type(resource: Mapping[str, Any]) -> Mapping[str, str]:
    return _by_code().get(_known(resource, "eu_file_type"), {})


def _eu_type(address: str) -> Mapping[str, str]:
    return _by_code().get(address.removeprefix(f"{_EU}file-type/"), {})


@cache
def _by_code() -> Mapping[str, Mapping[str, str]]:
    return {code: entry.extra for code, entry in codelist("eu_file_type").items()}


def _licence(package: Mapping[str, Any], column: str) -> str:
    entry = codelist("licence_option").get(package.get("license_id") or "")
    if entry is None or entry.code == "notspecified":
        return ""
    if column == "code":
        return entry.extra["uri"] or entry.extra["eu_uri"] or package.get("terms_url") or ""
    return entry.extra[column]
