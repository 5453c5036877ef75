"""A draft that is published before it is complete: told what it lacks, not an error page.

CKAN publishes a draft from the form of its last resource; some releases let the validation error
of that step escape from the view.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

if TYPE_CHECKING:
    from flask import Flask
    from werkzeug.wrappers import Response

_PUBLISHING_VIEW = "_resource.new"


def register(app: Flask) -> None:
    """Take validation errors that the publishing view lets escape."""
    app.register_error_handler(tk.ValidationError, back_to_form)


def back_to_form(error: tk.ValidationError) -> Response:
    """Lead to the form of the draft, with what it lacks above it. Other views' errors go on."""
    request = tk.request
    draft = (request.view_args or {}).get("id")
    if not draft or not (request.endpoint or "").endswith(_PUBLISHING_VIEW):
        raise error
    for message in dict.fromkeys(messages(error.error_dict)):
        tk.h.flash_error(message)
    dataset_type = request.endpoint.removesuffix(_PUBLISHING_VIEW)
    return tk.h.redirect_to(f"{dataset_type}.edit", id=draft)


def messages(errors: object) -> list[str]:
    """All messages of an error dictionary, in its order, however deep they stand."""
    if isinstance(errors, str):
        return [errors]
    parts = errors.values() if isinstance(errors, dict) else errors
    return [message for part in parts for message in messages(part)]
