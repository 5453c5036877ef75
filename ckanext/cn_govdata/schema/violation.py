"""What is wrong with a dataset, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that is missing or contradicts.

    `path` leads to the field: ``("title",)``, ``("data_items", 0, "name_zh")`` or
    ``("resources", 2, "kind")``. `obligation` is M, C (both: an error on publishing) or
    R (a finding).
    """

    path: tuple[Any, ...]
    obligation: str
    message: str

    @property
    def field(self) -> str:
        """The field's own name."""
        return self.path[-1]

    @property
    def is_error(self) -> bool:
        """Whether it stands in the way of publishing."""
        return self.obligation in ("M", "C")
