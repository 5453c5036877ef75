"""A dataset as the rows of a workbook: the inverse of reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from ckanext.cn_govdata.schema.consistency import NOT_OPEN
from ckanext.cn_govdata.text.clean import line
from ckanext.cn_govdata.workbook import cells
from ckanext.cn_govdata.workbook.columns import PARTS, Column

Package = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """The cells of one dataset: by place those of its own, and by row those of its parts."""

    own: Mapping[int, Any]
    parts: Sequence[Mapping[int, Any]]

    def values(self, width: int) -> list[list[Any]]:
        """All rows, with the dataset's own cells in the first one only."""
        filled = [{**self.own, **self.parts[0]}, *self.parts[1:]]
        return [[row.get(place) for place in range(width)] for row in filled]


def of(package: Package, columns: Sequence[Column]) -> Rows:
    """The rows of a dataset as `package_show` gives it."""
    fields = _fields(package)
    own = {
        place: cells.write(column, fields.get(column.field))
        for place, column in enumerate(columns)
        if column.part is None
    }
    parts: list[dict[int, Any]] = []
    for group in zip_longest(*(package.get(part) or () for part in PARTS), fillvalue={}):
        members = dict(zip(PARTS, group, strict=True))
        parts.append(
            {
                place: cells.write(column, members[column.part].get(column.field))
                for place, column in enumerate(columns)
                if column.part
            }
        )
    return Rows(own, parts or [{}])


def _fields(package: Package) -> dict[str, Any]:
    """The fields by column: what is one field here and several columns there is taken apart."""
    path = line(package.get("catalog_path")) or ""
    first, _, rest = path.partition("/")
    if f"{line(first)}/{line(rest)}" != path:
        first, rest = path, ""
    openness = package.get("open_attribute")
    resources = package.get("resources") or ()
    formats = dict.fromkeys(str(each["format"]).upper() for each in resources if each.get("format"))
    return {
        **package,
        "<path_first>": first,
        "<path_rest>": rest,
        "<formats>": ",".join(formats),
        "<open_to_society>": ("0" if openness == NOT_OPEN else "1") if openness else None,
        "tags": sorted(
            tag["name"] for tag in package.get("tags") or () if not tag.get("vocabulary_id")
        ),
    }
