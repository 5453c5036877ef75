"""Servers of the survival runs' own: killing them hurts nobody.

`CN_GOVDATA_STACK` must name another set than the copy's before this module is imported.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tools.stack import postgres, process, redis, solr
from tools.stack.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

_UP: dict[str, Callable[[State], None]] = {
    postgres.NAME: postgres.up,
    redis.NAME: redis.up,
    solr.NAME: solr.up,
}
NAMES = tuple(_UP)
_DISK = 256  # megabytes of the small disk


def kill(name: str) -> None:
    """End a server and all its processes at once, as a loss of power would."""
    pid = process.pid(name)
    if pid is None:
        return
    for each in (pid, *_below(pid)):
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue


def start(name: str) -> None:
    """Start a server again on the data that it left."""
    _UP[name](State())


def _below(root: int) -> list[int]:
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        parents[int(path.parent.name)] = int(fields[1])
    found, todo = [], [root]
    while todo:
        above = todo.pop()
        children = [pid for pid, parent in parents.items() if parent == above]
        found += children
        todo += children
    return found


class SmallDisk:
    """A disk of its own for the index, to be filled up. Needs the right to mount."""

    def __init__(self, core: str) -> None:
        self._data = solr.HOME / core / "data"
        self._ballast = self._data / "ballast"

    def mount(self) -> str | None:
        """Move the index to the disk; the reason if that is not possible here."""
        process.stop(solr.NAME)
        kept = self._data.with_name("data-kept")
        self._data.rename(kept)
        self._data.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}m", "tmpfs", self._data]
        done = subprocess.run(mount, check=False, capture_output=True, text=True)
        if done.returncode != 0:
            self._data.rmdir()
            kept.rename(self._data)
        else:
            shutil.copytree(kept, self._data, dirs_exist_ok=True)
            shutil.rmtree(kept)
        start(solr.NAME)
        return done.stderr.strip() or None if done.returncode else None

    def fill(self, left: int) -> None:
        """Leave only so many bytes."""
        with self._ballast.open("wb") as file:
            while True:
                free = shutil.disk_usage(self._data).free
                # Solr writes meanwhile: what it took since is no longer there to be filled.
                with contextlib.suppress(OSError):
                    os.posix_fallocate(file.fileno(), 0, max(1, free - left))
                    return

    def empty(self) -> None:
        """Give the space back, and start the index anew, as an operator would."""
        self._ballast.unlink(missing_ok=True)
        kill(solr.NAME)
        time.sleep(0.5)
        start(solr.NAME)

    def unmount(self) -> None:
        """Move the index back."""
        process.stop(solr.NAME)
        kept = self._data.with_name("data-kept")
        shutil.copytree(self._data, kept)
        subprocess.run(["umount", self._data], check=True)
        self._data.rmdir()
        kept.rename(self._data)
        start(solr.NAME)
