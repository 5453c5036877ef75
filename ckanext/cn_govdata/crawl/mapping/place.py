"""Who answers for a dataset and where: provider, division, level, contact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ckanext.cn_govdata.crawl.record import Contact
from ckanext.cn_govdata.standards import divisions, providers
from ckanext.cn_govdata.text import clean, personal

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.mapping.draft import Draft

# Where the division of a dataset is not simply the portal's, this key of `source_extra` says why.
ASSIGNMENT = "division_assignment"


def fill(draft: Draft) -> None:
    """Fill the provider, its division and level, and the contact."""
    source = draft.source
    provider = clean.line(draft.raw.get("provider_name"))
    code = source.division_code
    if provider is not None:
        draft.fields["provider_name"] = providers.undecorated(provider)[0]
        assigned = providers.assign(provider, code)
        if assigned.code != code or assigned.rule is providers.Rule.UNNAMED:
            draft.extra[ASSIGNMENT] = {"rule": assigned.rule.value, "within": code}
        code = assigned.code
    if code is not None:
        draft.fields["division_code"] = code
        level = divisions.level_of(code)
        draft.fields["admin_level"] = level.value if level else None
    _contact(draft)


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
