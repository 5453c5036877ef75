"""When a detail must be read again though its list entry looks the same, or a portal listed whole."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


def due(key: str, last: date | None, today: date, every_days: int) -> bool:
    """Whether something with this key, last done on that day, is due again.

    Everything has a night of its own within the cycle, picked by a hash of its key, so that
    neither the details of a portal nor the complete listings of many portals come in one night.
    It is due when its night has come, or was missed, since the last time; so never later than
    `every_days` after it.
    """
    if every_days < 1 or last is None:
        return True
    night = zlib.crc32(key.encode()) % every_days
    since_its_night = (today.toordinal() - night) % every_days
    return last.toordinal() < today.toordinal() - since_its_night
