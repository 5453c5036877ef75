"""Who answers for a dataset and where: provider, division, level, contact."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from ckanext.cn_govdata.crawl.record import Contact
from ckanext.cn_govdata.standards import divisions
from ckanext.cn_govdata.text import clean, personal

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.mapping.draft import Draft

# 【台州市】市教育局: the place before or behind the name is decoration of the portal's lists.
_DECORATION = re.compile(r"^\s*[【〔\[]([^】〕\]]*)[】〕\]]\s*|\s*[【〔\[]([^】〕\]]*)[】〕\]]\s*$")


def fill(draft: Draft) -> None:
    """Fill the provider, its division and level, and the contact."""
    source = draft.source
    provider = clean.line(draft.raw.get("provider_name"))
    code = source.division_code
    if provider is not None:
        name, decoration = undecorated(provider)
        draft.fields["provider_name"] = name
        code = _division(name, decoration, code) or code
    if code is not None:
        draft.fields["division_code"] = code
        level = divisions.level_of(code)
        draft.fields["admin_level"] = level.value if level else None
    _contact(draft)


def undecorated(provider: str) -> tuple[str, str]:
    """Return a provider's name without bracketed decoration, and the decoration."""
    match = _DECORATION.search(provider)
    if match is None:
        return provider, ""
    name = (provider[: match.start()] + provider[match.end() :]).strip()
    return (name, match.group(1) or match.group(2) or "") if name else (provider, "")


@lru_cache(maxsize=8192)
def _division(name: str, decoration: str, within: str | None) -> str | None:
    """Return the code of the division that the provider's name says for certain."""
    for text in (name, decoration):
        found = divisions.find_in_text(text, within) if text else None
        if found is not None:
            return found.code
    return None


def _contact(draft: Draft) -> None:
    raw = draft.raw
    contact = Contact(
        name=personal.office_name(raw.get("contact.name")),
        phone=personal.office_phone(raw.get("contact.phone")),
        # Portals with one cell for all ways of contact write mailboxes there, too.
        email=personal.office_email(raw.get("contact.email"))
        or personal.office_email(raw.get("contact.phone")),
    )
    if contact.phone is None and not clean.is_placeholder(raw.get("contact.phone")):
        draft.find("contact.phone", "", "not an office telephone number")
    if contact != Contact():
        draft.fields["contact"] = (contact,)
