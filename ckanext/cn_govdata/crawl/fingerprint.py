"""Hashes that tell a changed record from an unchanged one, and one mapping from another."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from ckanext.cn_govdata import crawl, standards, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ckanext.cn_govdata.crawl.nodes import Node
    from ckanext.cn_govdata.crawl.profile import Profile

_SUFFIXES = frozenset({".py", ".csv", ".json", ".yaml"})


def digest(value: Node) -> str:
    """SHA-256, in hex, of a value's canonical JSON: members sorted, UTF-8."""
    encoded = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(encoded).hexdigest()


def mapping_version(profile: Profile) -> str:
    """What a mapped record depends on besides its raw record, as a hash.

    The profile, the code tables and cleaners of `standards` and `text`, and the mapping itself.
    """
    told = {key: value for key, value in profile.source.items() if key != "help"}
    text = json.dumps(told, ensure_ascii=False)
    return hashlib.sha256(f"{text} {_code_version()}".encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _code_version() -> str:
    total = hashlib.sha256()
    for name, path in _files():
        total.update(name.encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def _files() -> Iterator[tuple[str, Path]]:
    roots = {
        "standards": Path(str(standards.__file__)).parent,
        "text": Path(str(text.__file__)).parent,
        "mapping": Path(str(crawl.__file__)).parent / "mapping",
    }
    for room, root in roots.items():
        for path in sorted(root.rglob("*")):
            if path.suffix in _SUFFIXES:
                yield f"{room}/{path.relative_to(root).as_posix()}", path
