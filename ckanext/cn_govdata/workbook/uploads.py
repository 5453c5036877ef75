"""Workbooks that people upload: the file, what is being done with it, and what that came to.

The file lies below `ckan.storage_path` until it is imported; the rest stands in Redis, where
CKAN's job queue is. Both go after a few days.
"""

from __future__ import annotations

import tempfile
import time
import uuid
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import ckan.plugins.toolkit as tk
import orjson
from ckan.lib.redis import connect_to_redis

from ckanext.cn_govdata.workbook import guard
from ckanext.cn_govdata.workbook.problems import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

WAITING, CHECKING, CHECKED = "waiting", "checking", "checked"
IMPORTING, IMPORTED, REFUSED, FAILED = "importing", "imported", "refused", "failed"
_RUNNING = (WAITING, CHECKING, IMPORTING)

KEPT_SECONDS = 3 * 24 * 3600
_SILENT_SECONDS = 900
_CHUNK = 1 << 20
_LONGEST_NAME = 200


@dataclass(slots=True)
class Upload:
    """One uploaded workbook. `organization` is an id, `user` a name.

    `how` are the arguments `dry_run` and `partial` of the work that waits or was done last;
    `done` counts the datasets looked at so far, `changed` is when that was said (seconds).
    """

    id: str
    organization: str
    user: str
    filename: str
    language: str
    state: str = WAITING
    how: dict[str, bool] = field(default_factory=dict)
    done: int = 0
    changed: float = 0.0
    reason: str | None = None
    result: dict[str, Any] | None = None

    @property
    def is_running(self) -> bool:
        """Whether a person has to wait."""
        return self.state in _RUNNING

    @property
    def path(self) -> Path:
        """Where the file lies."""
        return _directory() / self.id

    def save(self) -> None:
        """Keep the state for the days to come."""
        self.changed = time.time()
        connect_to_redis().set(_key(self.id), orjson.dumps(asdict(self)), ex=KEPT_SECONDS)

    def claim(self) -> bool:
        """Take the right to import: True for one caller only, however often a button is pressed."""
        key = f"{_key(self.id)}:claimed"
        return bool(connect_to_redis().set(key, 1, nx=True, ex=KEPT_SECONDS))

    def forget_file(self) -> None:
        """Delete the file: nothing will be done with it any more."""
        self.path.unlink(missing_ok=True)


def keep(file: BinaryIO, filename: str, *, organization: str, user: str, language: str) -> Upload:
    """Store an uploaded file. Raises `Refused` for one that is too large."""
    _tidy()
    name = Path(filename.replace("\\", "/")).name[:_LONGEST_NAME]
    upload = Upload(uuid.uuid4().hex, organization, user, name, language)
    size = 0
    try:
        with upload.path.open("xb") as target:
            for chunk in _chunks(file):
                size += len(chunk)
                guard.check_size(size)
                target.write(chunk)
    except Refused:
        upload.forget_file()
        raise
    upload.save()
    return upload


def get(upload_id: str) -> Upload:
    """An upload by its id. Raises `tk.ObjectNotFound`."""
    stored = connect_to_redis().get(_key(upload_id))
    if stored is None:
        raise tk.ObjectNotFound(tk._("There is no such import; it may be too long ago"))
    upload = Upload(**orjson.loads(stored))
    silent = time.time() - upload.changed > _SILENT_SECONDS
    if silent and upload.state in (CHECKING, IMPORTING):
        # A worker that was killed says nothing any more.
        upload.state = FAILED
    return upload


def _key(upload_id: str) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:cn_govdata:workbook:{upload_id}"


def _directory() -> Path:
    storage = tk.config.get("ckan.storage_path") or tempfile.gettempdir()
    directory = Path(storage) / "cn_govdata_workbook"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def _tidy() -> None:
    """Delete files that nobody came back to."""
    oldest = time.time() - KEPT_SECONDS
    for path in _directory().iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk
