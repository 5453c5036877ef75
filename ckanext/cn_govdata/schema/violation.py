"""What is wrong with a dataset, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that is missing or contradicts.

    `path` leads to the field: ``("title",)``, ``("data_items", 0, "name_zh")`` or
    ``("resources", 2, "kind")``. `obligation` is M, C (both: an error on publishing) or
    R (a finding). `rule` names the rule for programs: `missing`, else one of `consistency` or
    `personal`.
    """

    path: tuple[Any, ...]
    obligation: str
    message: str
    rule: str = MISSING

    @property
    def field(self) -> str:
        """The field's own name."""
        return self.path[-1]

    @property
    def is_error(self) -> bool:
        """Whether it stands in the way of publishing."""
        return self.obligation in ("M", "C")

    @property
    def place(self) -> str:
        """The path without the numbers of rows: `resources.kind`. Violations are counted by it."""
        return ".".join(str(step) for step in self.path if not isinstance(step, int))
