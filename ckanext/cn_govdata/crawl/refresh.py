"""Whether a record's detail must be read again, though its list entry looks the same."""

from __future__ import annotations

import zlib
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.messages import Fingerprints


def due(source_id: str, known: Fingerprints, today: date, every_days: int) -> bool:
    """Whether a detail is due: on the record's own night of the cycle, or when that was missed.

    A hash of the id picks the night, so that a portal's details spread evenly over the cycle.
    """
    if every_days < 1 or known.detail_read_on is None:
        return True
    age = today.toordinal() - date.fromisoformat(known.detail_read_on).toordinal()
    if age < 1:
        return False
    night = zlib.crc32(source_id.encode()) % every_days
    return age >= every_days or today.toordinal() % every_days == night
