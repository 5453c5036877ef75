"""What is asked before a source is saved: one source a portal, and a portal that can be read."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
from ckan import model
from ckanext.harvest.model import HarvestSource
from ckanext.harvest.utils import DATASET_TYPE_NAME
from flask import has_request_context, request

from ckanext.cn_govdata.harvest import preview, sources
from ckanext.cn_govdata.harvest.harvester_type import SOURCE_TYPE

# The name of the form's box for portals that cannot be read today.
ANYWAY = "cn_govdata_save_anyway"
_FORMS = frozenset({f"{DATASET_TYPE_NAME}.new", f"{DATASET_TYPE_NAME}.edit"})


def check(package: dict[str, Any]) -> None:
    """Refuse a source that cannot be; packages of other types pass. Raises `ValidationError`."""
    if package.get("type") != DATASET_TYPE_NAME or package.get("source_type") != SOURCE_TYPE:
        return
    config = json.loads(package.get("config") or "{}")
    _check_unique(package, config.get("portal_id"))
    if _from_form():
        _check_readable(package, config)


def _check_unique(package: dict[str, Any], own: str | None) -> None:
    """Two active sources may not harvest one portal."""
    if own is None:
        return
    others = (
        model.Session.query(HarvestSource)
        .filter_by(type=SOURCE_TYPE, active=True)
        .filter(HarvestSource.id != package["id"], HarvestSource.config.contains(own))
    )
    taken = [row.title or row.url for row in others if sources.portal_id(row) == own]
    if taken:
        message = tk._("portal_id: {0} is harvested by the source {1} already")
        raise tk.ValidationError({"config": [message.format(own, taken[0])]})


def _from_form() -> bool:
    """Whether a person saves a form and has not asked to save whatever the portal answers."""
    return (
        has_request_context()
        and request.method == "POST"
        and request.endpoint in _FORMS
        and not request.form.get(ANYWAY)
    )


def _check_readable(package: dict[str, Any], config: dict[str, Any]) -> None:
    """Read one page and one record, as the harvest would."""
    try:
        found = preview.for_page(config, package["url"], limit=1)
    except ValueError as error:
        raise tk.ValidationError({"url": [str(error)]}) from error
    if found.well:
        return
    asked = found.requests[-1].url if found.requests else found.url
    message = tk._("{address} could not be read ({outcome}): {reason}").format(
        address=asked, outcome=found.outcome, reason=found.reason or tk._("no record")
    )
    hint = tk._("Correct it, or tick the box to save without reading the portal.")
    raise tk.ValidationError({"url": [f"{message} {hint}"]})
