"""Local datasets in batches: CKAN's own actions, with one commit and one index request a batch.

What people catalogue themselves must be exactly what `package_create` and `package_update` make of
it: permissions, obligations, hooks, views and activities included. So the actions do it; only the
commit (`defer_commit`, an option of CKAN's own) and the request to Solr, which are three quarters
of their time, are left to the end of a batch.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import pysolr
from ckan import model

from ckanext.cn_govdata.store import outbox
from ckanext.cn_govdata.store.batch import blame
from ckanext.cn_govdata.store.hooks import indexed_by_ckan
from ckanext.cn_govdata.store.writer import is_lost

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

log = logging.getLogger(__name__)

PackageDict = dict[str, Any]
Errors = dict[str, Any]
CREATE, UPDATE = "package_create", "package_update"


@dataclass(frozen=True, slots=True)
class Write:
    """A dataset to write: `action` is `CREATE` or `UPDATE`."""

    action: str
    package: PackageDict


def write(writes: Sequence[Write], context: Callable[[], dict[str, Any]]) -> list[Errors]:
    """Write datasets as the user of the contexts; commits.

    Returns for each dataset its errors by field, empty where it was written. When one fails, the
    others of the batch are written one by one. Raises `sqlalchemy.exc.OperationalError` when the
    database is gone.
    """
    found, failed = _attempt(writes, context)
    if failed and len(writes) > 1:
        return [_attempt([each], context)[0][0] for each in writes]
    return found


def show() -> None:
    """Make what was written visible to searches now, where a second later would be late."""
    try:
        outbox.commit()
    except pysolr.SolrError as error:
        log.warning("The index shows what was written later: %s", error)


def _attempt(
    writes: Sequence[Write], context: Callable[[], dict[str, Any]]
) -> tuple[list[Errors], bool]:
    """Write in one transaction; whether it failed, for which the last errors say why."""
    ids = []
    errors: Errors = {}
    # Without the outbox nobody would index what is left to the end.
    deferred = outbox.exists()
    try:
        # One by one, so that what was written before a failure is known.
        ids.extend(_act(each, {**context(), "defer_commit": deferred}) for each in writes)
        model.Session.commit()
    except tk.ValidationError as refused:
        errors = refused.error_dict or {"title": [str(refused)]}
    except tk.NotAuthorized as refused:
        errors = {"title": [str(refused) or tk._("Not authorized to write this dataset")]}
    except Exception as error:
        if is_lost(error):
            model.Session.rollback()
            raise
        log.warning("A dataset cannot be written", exc_info=True)
        errors = {"title": [blame(error).reason]}
    if errors:
        model.Session.rollback()
        return [errors], True
    if deferred and not indexed_by_ckan():
        outbox.try_index(ids)
    return [{} for _ in writes], False


def _act(each: Write, context: dict[str, Any]) -> str:
    context["return_id_only"] = True
    if each.action == UPDATE and context["defer_commit"]:
        # The activity of an update is recorded for what the action says has changed, which it
        # says only when it commits for itself. Callers write what differs.
        context["changed_entities"] = {"packages": {each.package["id"]}}
    return tk.get_action(each.action)(context, dict(each.package))
