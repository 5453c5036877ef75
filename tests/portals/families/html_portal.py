"""What portals have in common that answer HTML: the rest of a record as further labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.portals import markup

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.portals.records import Watched


def rest(record: Watched) -> list[tuple[str, str]]:
    """Labels and values of a record that a page has no place of its own for."""
    return [(label, shown(value)) for label, value in record.rest().items()]


def shown(value: object) -> str:
    """A cell as a page writes it: lists with 、 between their words."""
    if isinstance(value, list):
        return "、".join(str(part) for part in value)
    return "" if value is None else str(value)


def table_rows(pairs: Iterable[tuple[str, str]], *, head: str = "td", colon: str = "") -> str:
    """Rows of a table, one label and its value each."""
    return "".join(
        f"<tr><{head}>{label}{colon}</{head}><td>{markup.text(value)}</td></tr>\n"
        for label, value in pairs
    )
