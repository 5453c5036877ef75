"""Administrative divisions at county level and above: GB/T 2260 with its history since 1981.

Everywhere `on` is a year or a date, of which the year counts: the tables are those of 31 December.
Without it the row of today is meant, or for a withdrawn code its last one. The nation is 100000.
"""

from .division_codes import level_of, normalise
from .division_names import find
from .division_table import (
    NATION,
    Division,
    Level,
    On,
    ancestors,
    children,
    get,
    history,
    is_within,
    parent,
    provinces,
)
from .division_text import find_in_text
from .succession import predecessors, today
from .zones import Zone, zone, zones

__all__ = [
    "NATION",
    "Division",
    "Level",
    "On",
    "Zone",
    "ancestors",
    "children",
    "find",
    "find_in_text",
    "get",
    "history",
    "is_within",
    "level_of",
    "normalise",
    "parent",
    "predecessors",
    "provinces",
    "today",
    "zone",
    "zones",
]
