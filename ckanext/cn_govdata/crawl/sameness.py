"""Whether two portals publish one dataset: only what is certain counts.

A province's catalogue holds datasets of its cities that the cities' own portals list too. Their
ids and dates differ, as each platform gives its own; title and provider are the same. A title
alone says nothing (every city has a 法律援助机构信息), nor does a provider that is named without its
place (市司法局): the provider's name must say where it belongs, below or at the portal's division.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ckanext.cn_govdata.standards import division_table, providers
from ckanext.cn_govdata.standards.folding import fold

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.record import Record

_CERTAIN = (providers.Rule.NAME, providers.Rule.DECORATION)
_CODE = 6  # digits of a division


def division_of(portal_id: str) -> str | None:
    """The division whose portal this is; ``None`` for a source that the registry does not know."""
    code, _, _ = portal_id.partition("-")
    known = len(code) == _CODE and division_table.get(code) is not None
    return code if known else None


def depth(portal_id: str) -> int:
    """How many divisions stand above a portal's: the larger, the lower its level."""
    code = division_of(portal_id)
    return len(division_table.ancestors(code)) if code else 0


def match_key(record: Record, portal_id: str) -> str | None:
    """What this record has in common with the same dataset on another portal.

    A hash of title, provider and the provider's division, widths, spaces and punctuation apart;
    ``None`` where the record does not say enough to be sure.
    """
    within = division_of(portal_id)
    if within is None or not record.provider_name:
        return None
    assigned = providers.assign(record.provider_name, within)
    title, provider = fold(record.title), fold(providers.undecorated(record.provider_name)[0])
    if assigned.rule not in _CERTAIN or not title or not provider:
        return None
    text = f"{title}\n{provider}\n{assigned.code}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]
