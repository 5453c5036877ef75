"""What an import came to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.workbook.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST_PROBLEMS = 10_000
_COUNTS = ("created", "updated", "unchanged", "refused", "written", "problems_left_out")


@dataclass(slots=True)
class Result:
    """What an import came to. `written` is False for a dry run and where errors forbid writing."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    written: bool = False
    problems: list[Problem] = field(default_factory=list)
    problems_left_out: int = 0

    @property
    def went_well(self) -> bool:
        """Whether no dataset was refused."""
        return self.refused == 0

    @property
    def to_write(self) -> int:
        """Datasets that are written, or would be."""
        return self.created + self.updated

    @property
    def datasets(self) -> int:
        """Datasets of the file that were looked at so far."""
        return self.to_write + self.unchanged + self.refused

    def as_dict(self) -> dict[str, Any]:
        """The result as JSON values."""
        return {
            **{name: getattr(self, name) for name in _COUNTS},
            "problems": [problem.as_dict() for problem in self.problems],
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Result:
        """The inverse of `as_dict`."""
        problems = [Problem(**problem) for problem in values["problems"]]
        return cls(**{name: values[name] for name in _COUNTS}, problems=problems)

    def add(self, problems: Iterable[Problem]) -> None:
        """Keep problems, up to the most that a person or a page could use."""
        for problem in problems:
            if len(self.problems) < MOST_PROBLEMS:
                self.problems.append(problem)
            else:
                self.problems_left_out += 1
