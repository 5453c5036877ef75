"""The site as a catalogue of linked data: its addresses, and what describes its datasets."""

from __future__ import annotations

from functools import cache

from ckanext.cn_govdata import settings
from ckanext.cn_govdata.rdf.addresses import Addresses
from ckanext.cn_govdata.rdf.describe import Describer


def addresses() -> Addresses:
    """The addresses of this site's catalogue."""
    return Addresses(settings.dcat_base_uri())


def describer() -> Describer:
    """What describes this site's datasets; made once a process."""
    return _describer(settings.dcat_base_uri())


@cache
def _describer(base: str) -> Describer:
    return Describer(Addresses(base))
