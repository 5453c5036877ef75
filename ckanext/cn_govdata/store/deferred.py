"""Local datasets in batches, with one commit and one index request a batch.

What people catalogue themselves must be exactly what `package_create` and `package_update` make of
it: permissions, obligations, hooks, views and activities included. New datasets become rows
(`local.py`) where nothing more hangs on the action; otherwise the actions write them, with the
commit (`defer_commit`, an option of CKAN's own) and the request to Solr left to the end.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import pysolr
from ckan import model

from ckanext.cn_govdata.store import local, outbox
from ckanext.cn_govdata.store.batch import blame
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
    # Without the outbox nobody would index what is left to the end.
    if not outbox.exists():
        return [_alone(each, context) for each in writes]
    if not _attempt(lambda: _all(writes, context)):
        return [{} for _ in writes]
    return [_attempt(lambda one=each: _by_actions([one], context)) for each in writes]


def show() -> None:
    """Make what was written visible to searches now, where a second later would be late."""
    try:
        outbox.commit()
    except pysolr.SolrError as error:
        log.warning("The index shows what was written later: %s", error)


def _attempt(work: Callable[[], list[str]]) -> Errors:
    """Do a piece of work in one transaction; why it failed, empty if it did not."""
    errors: Errors = {}
    try:
        ids = work()
        model.Session.commit()
    except tk.ValidationError as refused:
        errors = refused.error_dict or {"title": [str(refused)]}
    except tk.NotAuthorized as refused:
        errors = {"title": [str(refused) or tk._("Not authorized to write this dataset")]}
    except Exception as error:
        if is_lost(error):
            model.Session.rollback()
            raise
        log.warning("Datasets cannot be written", exc_info=True)
        errors = {"title": [blame(error).reason]}
    if errors:
        model.Session.rollback()
    else:
        # CKAN 2.11 has indexed what its actions saved; rows it has not seen.
        outbox.try_index(ids)
    return errors


def _all(writes: Sequence[Write], context: Callable[[], dict[str, Any]]) -> list[str]:
    """New datasets as rows if the site allows that, the others by the actions; their ids."""
    new = [each.package for each in writes if each.action == CREATE]
    if not new or local.because(new):
        return _by_actions(writes, context)
    ids = local.create(new, context())
    return ids + _by_actions([each for each in writes if each.action != CREATE], context)


def _by_actions(writes: Sequence[Write], context: Callable[[], dict[str, Any]]) -> list[str]:
    return [_act(each, {**context(), "defer_commit": True}) for each in writes]


def _alone(each: Write, context: Callable[[], dict[str, Any]]) -> Errors:
    try:
        _act(each, context())
    except tk.ValidationError as refused:
        return refused.error_dict
    return {}


def _act(each: Write, context: dict[str, Any]) -> str:
    context["return_id_only"] = True
    if each.action == UPDATE and "defer_commit" in context:
        # The activity of an update is recorded for what the action says has changed, which it
        # says only when it commits for itself. Callers write what differs.
        context["changed_entities"] = {"packages": {each.package["id"]}}
    return tk.get_action(each.action)(context, dict(each.package))
