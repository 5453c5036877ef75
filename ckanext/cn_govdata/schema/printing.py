"""How commands print what they show: a table for people, JSON for programs."""

# ruff: noqa: ANN401 - JSON values of any shape

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WIDEST = 500  # characters of a line in a pipe


def print_json(value: Any) -> None:
    """Print a value as indented JSON, Chinese as it is."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def print_table(titles: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print rows under their titles; every cell is written as its text.

    Lines are folded to the width of a terminal only: what goes into a pipe is searched by line.
    """
    table = Table(*titles)
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    width = None if sys.stdout.isatty() else _WIDEST
    Console(highlight=False, markup=False, width=width).print(table)
