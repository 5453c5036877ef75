"""Tables and JSON of the commands that list families, portals and checks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ckanext.cn_govdata.portals.check import Check


def show(rows: Sequence[dict[str, Any]], *, as_json: bool) -> None:
    """Print rows of the same keys."""
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    table = Table(box=None)
    for name in rows[0] if rows else ():
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(_cell(value) for value in row.values()))
    Console(highlight=False, markup=False).print(table)


def check_lines(found: Check, changed: Iterable[dict[str, Any]]) -> list[str]:
    """What people read of a check."""
    times = ", ".join(
        f"{step.what} {_status(step.status)} {step.seconds:.2f} s" for step in found.steps
    )
    lines = [f"{found.portal_id} {found.word}: {found.url} ({found.family}); {times}"]
    if found.well:
        total = "no total" if found.total is None else f"{found.total} datasets"
        lines.append(f"  {total}; read: {found.title} ({len(found.fields)} fields)")
    for label, text in (("reason", found.reason), ("evidence", found.evidence)):
        if text:
            lines.append(f"  {label}: {text}")
    lines += [f"  changed: {change_text(change)}" for change in changed]
    return lines


def change_text(change: dict[str, Any]) -> str:
    """One change between two checks as text."""
    if change["what"] == "fields":
        parts = [f"no longer {', '.join(change['before'])}"] if change["before"] else []
        parts += [f"new {', '.join(change['now'])}"] if change["now"] else []
        return f"fields of the record read: {'; '.join(parts)}"
    return f"{change['what']} {change['before']} → {change['now']}"


def _status(status: int | None) -> str:
    return "no answer" if status is None else str(status)


def _cell(value: Any) -> str:  # noqa: ANN401 - JSON values
    if isinstance(value, dict):
        return " ".join(f"{name}={part}" for name, part in value.items())
    return " ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
