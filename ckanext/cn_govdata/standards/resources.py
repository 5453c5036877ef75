"""Reads the room's CSV resources, from a source tree or an installed package alike."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = files(__package__) / "data"


def header_and_rows(name: str) -> tuple[list[str], Iterator[list[str]]]:
    """Column names and rows of `data/<name>` as lists: quicker than `rows` for a big file."""
    reader = csv.reader(io.StringIO(DATA.joinpath(name).read_text("utf-8"), newline=""))
    return next(reader), reader


def rows(name: str) -> Iterator[dict[str, str]]:
    """Return the rows of `data/<name>` by column name.

    Raises ValueError when a row has more or fewer cells than the file has columns.
    """
    header, cells = header_and_rows(name)
    for row in cells:
        yield dict(zip(header, row, strict=True))
