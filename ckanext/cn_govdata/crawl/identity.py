"""Names of a harvested dataset: made from the portal's id and the record's id, never from a title.

`portal_id` is given once in the registry and frozen; `source_id` is the id exactly as served.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from functools import lru_cache

NAMESPACE = uuid.UUID("5f0b1d0e-6f1c-5c2f-9a51-3c0f5d7f2a10")


def package_id(portal_id: str, source_id: str) -> str:
    """The CKAN package id: uuid5 of portal and source id, the same on every machine."""
    return str(uuid.uuid5(_namespace(portal_id), source_id))


@lru_cache(maxsize=1024)
def _namespace(portal_id: str) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, portal_id)


def identifier(portal_id: str, source_id: str) -> str:
    """The public identifier, `<portal_id>:<source_id>`."""
    return f"{portal_id}:{source_id}"


def package_name(portal_id: str, source_id: str) -> str:
    """The CKAN name: an ASCII portal key and a short hash, at most 100 characters."""
    key = re.sub(r"[^a-z0-9]+", "-", portal_id.lower()).strip("-")[:60]
    digest = hashlib.sha256(identifier(portal_id, source_id).encode()).hexdigest()[:12]
    return f"cn-{key}-{digest}"
