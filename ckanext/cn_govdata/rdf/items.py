"""The data items of a dataset (信息项) as a table schema of CSV on the Web."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .namespaces import CSVW, RDF, XSD
from .values import PlainFields

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from .shared import Shared
    from .values import Used

# The types of the guide's reporting form (`item_data_type`) by XML Schema.
_TYPES = {
    "B": XSD.double,
    "C": XSD.string,
    "D": XSD.date,
    "F": XSD.float,
    "I": XSD.integer,
    "L": XSD.boolean,
    "M": XSD.string,
    "N": XSD.decimal,
    "T": XSD.dateTime,
    "Y": XSD.decimal,
}


class TableSchema:
    """Writes data items as the columns of a schema, in their order."""

    def __init__(self, shared: Shared) -> None:
        self._plain = PlainFields("data_item", shared)

    def lines(self, subject: str, package: Mapping[str, Any], used: Used) -> Iterator[str]:
        """Yield the triples; adds the shared terms among them to `used`."""
        items = package.get("data_items") or ()
        node = schema_of(subject, package)
        if node is None:
            return
        yield f"{subject} {CSVW.tableSchema} {node} ."
        yield f"{node} {RDF.type} {CSVW.Schema} ."
        places = [f"{subject[:-1]}#columns-{number}>" for number in range(1, len(items) + 1)]
        yield f"{node} {CSVW.column} {places[0]} ."
        for number, (item, place) in enumerate(zip(items, places, strict=True), 1):
            column = f"{subject[:-1]}#column-{number}>"
            after = places[number] if number < len(places) else RDF.nil
            yield f"{place} {RDF.first} {column} ."
            yield f"{place} {RDF.rest} {after} ."
            yield f"{column} {RDF.type} {CSVW.Column} ."
            yield from self._plain.lines(column, item, used)
            if datatype := _TYPES.get(item.get("data_type") or ""):
                yield f"{column} {CSVW.datatype} {datatype} ."


def schema_of(subject: str, package: Mapping[str, Any]) -> str | None:
    """The node of a dataset's table schema, if it has data items."""
    return f"{subject[:-1]}#schema>" if package.get("data_items") else None
