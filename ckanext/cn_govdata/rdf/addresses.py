"""The addresses under which a catalogue names its things: all begin with `dcat.base_uri`.

They are made of ids that never change, so that they stay the same when a dataset is renamed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote, unquote

_CONCEPT = re.compile(r"/cn-govdata/vocabulary/(?P<list>[a-z0-9_]+)/(?P<code>[^?#]+)$")
_DIVISION = re.compile(r"/cn-govdata/division/(?P<code>\d{6})$")
_PORTAL = re.compile(r"/cn-govdata/portal/(?P<id>[^/?#]+)$")
_DATASET = re.compile(r"/dataset/(?P<id>[^/?#]+)$")
_RESOURCE = re.compile(r"/dataset/[^/?#]+/resource/(?P<id>[^/?#]+)$")
_ORGANIZATION = re.compile(r"/organization/(?P<id>[^/?#]+)$")

_HASH_LENGTH = 24  # hexadecimal digits: 96 bits


class Coded(NamedTuple):
    """An entry of a code list: the list's name and the code."""

    list: str
    code: str


@dataclass(frozen=True)
class Addresses:
    """The addresses of one catalogue, each without the angle brackets of a term."""

    base: str  # without a slash at the end

    @cached_property
    def catalogue(self) -> str:
        """The catalogue itself, as ckanext-dcat names it."""
        return self.base

    @cached_property
    def publisher(self) -> str:
        """The body that keeps the catalogue."""
        return f"{self.base}/cn-govdata/publisher"

    def dataset(self, package_id: str) -> str:
        """A dataset."""
        return f"{self.base}/dataset/{package_id}"

    def resource(self, package_id: str, resource_id: str) -> str:
        """A distribution."""
        return f"{self.base}/dataset/{package_id}/resource/{resource_id}"

    def organization(self, organization_id: str) -> str:
        """An organisation of the catalogue, of which datasets are published."""
        return f"{self.base}/organization/{organization_id}"

    def agent(self, name: str, division: str | None, credit_code: str | None) -> str:
        """A body that provides data.

        By its credit code (GB 32100); a body without one by its name and division, since many
        bodies of different places have the same name.
        """
        key = credit_code
        if not key:
            words = f"{division or ''}\n{name}".encode()
            key = sha256(words).hexdigest()[:_HASH_LENGTH]
        return f"{self.base}/cn-govdata/agent/{quote(key, safe='')}"

    def portal(self, portal_id: str) -> str:
        """The catalogue of a portal of the registry."""
        return f"{self.base}/cn-govdata/portal/{quote(portal_id, safe='')}"

    def activity(self, activity_id: str) -> str:
        """An entry of the change feed."""
        return f"{self.base}/cn-govdata/activity/{activity_id}"

    def division(self, code: str) -> str:
        """A division of GB/T 2260, as it is today or was last."""
        return f"{self.base}/cn-govdata/division/{code}"

    def concept(self, codelist: str, code: str) -> str:
        """An entry of a code list."""
        return f"{self.vocabulary(codelist)}/{quote(code, safe='/')}"

    def vocabulary(self, codelist: str) -> str:
        """A code list."""
        return f"{self.base}/cn-govdata/vocabulary/{codelist}"


def concept_in(address: str) -> Coded | None:
    """Return list and code of a concept's address, whichever catalogue it belongs to."""
    match = _CONCEPT.search(address)
    return Coded(match["list"], unquote(match["code"])) if match else None


def division_in(address: str) -> str | None:
    """Return the code in the address of a division, whichever catalogue it belongs to."""
    match = _DIVISION.search(address)
    return match["code"] if match else None


def portal_in(address: str) -> str | None:
    """Return the portal's id in the address of its catalogue."""
    match = _PORTAL.search(address)
    return unquote(match["id"]) if match else None


def dataset_in(address: str) -> str | None:
    """Return the package id in the address of a dataset."""
    match = _DATASET.search(address)
    return match["id"] if match else None


def resource_in(address: str) -> str | None:
    """Return the resource id in the address of a distribution."""
    match = _RESOURCE.search(address)
    return match["id"] if match else None


def organization_in(address: str) -> str | None:
    """Return the id in the address of an organisation."""
    match = _ORGANIZATION.search(address)
    return match["id"] if match else None
