"""Keeping the memory of a process with many threads flat."""

from __future__ import annotations

import ctypes
import ctypes.util

_ARENA_MAX = -8  # M_ARENA_MAX of glibc's malloc.h
_ARENAS = 2


def share_between_threads() -> None:
    """Have glibc use few arenas: else each crawling thread keeps what its largest page took.

    Does nothing where the C library is another.
    """
    name = ctypes.util.find_library("c")
    library = ctypes.CDLL(name) if name else None
    if hasattr(library, "mallopt"):
        library.mallopt(_ARENA_MAX, _ARENAS)
