"""Log lines that a program reads: one JSON object a line, with the source, job and record meant.

Name `JsonFormatter` in the ini file:

    [formatter_json]
    class = ckanext.cn_govdata.harvest.logs.JsonFormatter

Which source and job a thread works for is kept in a context variable, so code far below, that
knows of neither, logs as always.
"""

from __future__ import annotations

import logging
import re
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from ckanext.cn_govdata.text.personal import scrub_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIELDS = ("source", "job", "record")

_LONGEST = 8000  # characters of a message or a traceback
# SQLAlchemy's errors quote the values of a statement, where a whole record may stand.
_PARAMETERS = re.compile(r"\[parameters: .*?\](?=\n|$)", re.DOTALL)
# What stands behind a question mark in an address, or between its scheme and an @.
_QUERY = re.compile(r"(\b\w[\w+.-]*://[^\s?#'\"]+)\?[^\s'\"]*")
_LOGIN = re.compile(r"(\b\w[\w+.-]*://)[^\s/@'\"]+@")
_TOKEN = re.compile(
    r"(?i)\b(authorization|cookie|token|secret|password|passwd|api[_-]?key)"
    r"(['\"]?\s*[:=]\s*)['\"]?(?:(?:bearer|basic)\s+)?[^\s'\",;]+"
)

_about: ContextVar[Mapping[str, str]] = ContextVar("cn_govdata_log_fields", default={})  # noqa: B039 - never changed


@contextmanager
def about(**fields: str | None) -> Iterator[None]:
    """Name the `source`, `job` or `record` that this thread logs about until the end.

    Fields named outside stay, unless they are named again.
    """
    before = _about.set({**_about.get(), **{k: v for k, v in fields.items() if v is not None}})
    try:
        yield
    finally:
        _about.reset(before)


def fields(record: logging.LogRecord) -> dict[str, str]:
    """What a log line is about: what it says itself (`extra=`), else what its thread does."""
    own = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
    return {**_about.get(), **{name: str(value) for name, value in own.items()}}


class TextFormatter(logging.Formatter):
    """For a format of one's own that names `source`, `job` and `record`; `-` stands for none."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        known = fields(record)
        for name in FIELDS:
            setattr(record, name, known.get(name, "-"))
        return super().format(record)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, and source, job, record.

    Personal data, queries of addresses, and what looks like a secret are left out.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": clean(record.getMessage()),
            **{name: clean(value) for name, value in fields(record).items() if value != "-"},
        }
        if record.exc_info:
            line["exception"] = clean(self.formatException(record.exc_info))
        if record.stack_info:
            line["stack"] = clean(self.formatStack(record.stack_info))
        return orjson.dumps(line).decode()


def clean(text: str) -> str:
    """A text that may be logged, at most 8,000 characters of it."""
    text = text[:_LONGEST].encode("utf-8", "replace").decode()
    text = _PARAMETERS.sub("[parameters left out]", text)
    text = _LOGIN.sub(r"\1***@", _QUERY.sub(r"\1?***", text))
    return scrub_text(_TOKEN.sub(r"\1\2***", text))[0]
