"""Working on an uploaded workbook: by CKAN's job workers, or at once where there is none."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk
import click
from ckan import model
from ckan.lib import jobs
from flask import current_app, has_app_context, has_request_context
from rq import Worker

from ckanext.cn_govdata.workbook import import_, uploads
from ckanext.cn_govdata.workbook.problems import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from ckanext.cn_govdata.workbook.result import Result
    from ckanext.cn_govdata.workbook.uploads import Upload

log = logging.getLogger(__name__)

_LONGEST_SECONDS = 3600


def start(upload: Upload, *, dry_run: bool, partial: bool) -> None:
    """Have an upload checked or imported: by a job worker if one listens, else right here."""
    upload.state, upload.done, upload.result = uploads.WAITING, 0, None
    upload.how = {"dry_run": dry_run, "partial": partial}
    upload.save()
    arguments = {"upload_id": upload.id, **upload.how}
    if worker_listens():
        tk.enqueue_job(
            perform,
            kwargs=arguments,
            title=f"workbook {upload.id}",
            rq_kwargs={"timeout": _LONGEST_SECONDS},
        )
    else:
        perform(**arguments)


def worker_listens() -> bool:
    """Whether any job worker takes jobs from CKAN's default queue."""
    return bool(Worker.count(queue=jobs.get_queue()))


def perform_again(upload_id: str) -> None:
    """Do here what waits for a worker that does not come."""
    perform(upload_id=upload_id, **uploads.get(upload_id).how)


def perform(*, upload_id: str, dry_run: bool, partial: bool) -> None:
    """Check or import an upload, and note how far it is and what it came to."""
    upload = uploads.get(upload_id)
    if upload.state != uploads.WAITING:
        return
    try:
        with _language(upload.language):
            _perform(upload, dry_run=dry_run, partial=partial)
    except Refused as refused:
        upload.state, upload.reason = uploads.REFUSED, str(refused)
    except Exception:
        # The details are for the log; a page or an API answer gets no internals.
        log.exception("The workbook %s cannot be imported", upload.id)
        model.Session.rollback()
        upload.state = uploads.FAILED
    if upload.state != uploads.CHECKED:
        upload.forget_file()
    upload.save()


def _perform(upload: Upload, *, dry_run: bool, partial: bool) -> None:
    upload.state = uploads.CHECKING
    upload.save()

    def progress(so_far: Result) -> None:
        upload.state = uploads.IMPORTING if so_far.written else uploads.CHECKING
        upload.done = so_far.datasets
        upload.save()

    result = import_.run(
        upload.path,
        upload.organization,
        lambda: _context(upload),
        dry_run=dry_run,
        partial=partial,
        progress=progress,
    )
    upload.result = result.as_dict()
    upload.state = uploads.CHECKED if dry_run else uploads.IMPORTED


def _context(upload: Upload) -> dict[str, Any]:
    """A fresh context of the person who uploaded, with that person's rights."""
    return {"user": upload.user, "ignore_auth": False}


@contextmanager
def _language(language: str) -> Iterator[None]:
    """Speak the language of the person who uploaded: a worker has no reader of its own."""
    if has_request_context() and tk.h.lang() == language:
        yield
        return
    environment = {"CKAN_LANG": language}
    with _app().test_request_context(environ_overrides=environment):
        yield


def _app() -> Flask:
    """CKAN's application: a job worker has it from its command and enters no context of it."""
    if has_app_context():
        return current_app
    return click.get_current_context().meta["flask_app"]
