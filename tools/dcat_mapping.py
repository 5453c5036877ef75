"""Writes docs/dcat-mapping.md: which element becomes which property, from the data the code uses.

python -m tools.dcat_mapping
"""

from __future__ import annotations

from pathlib import Path

from ckanext.cn_govdata.rdf.mapping import SPECIAL, mapped_on
from ckanext.cn_govdata.standards.fields import fields_on

PAGE = Path(__file__).parent.parent / "docs" / "dcat-mapping.md"

_HEAD = """# Elements, fields and properties

Which element of the 2017 guide (1272), of GB/T 21063.3 and of the other sources becomes which field
of a dataset and which property of its description. `python -m tools.dcat_mapping` writes this page
from `rdf/data/mapping.csv` and `standards/data/dataset_fields.csv`, which the code reads too; a test
compares it. [DCAT export](dcat.md) says what stands behind the choices.
"""
_PARTS = {
    "dataset": "Dataset (`dcat:Dataset`)",
    "resource": "Resource (`dcat:Distribution`)",
    "data_item": "Data item (`csvw:Column`)",
    "contact": "Contact (`vcard:Kind`)",
}
_FORMS = {
    "access": "address of the EU's list",
    "address": "address",
    "boolean": "xsd:boolean",
    "chinese": "text in Chinese",
    "code": "concept",
    "codes": "concepts",
    "division": "place",
    "identifier": "adms:Identifier",
    "integer": "xsd:integer",
    "json": "rdf:JSON",
    "list": "text, one a value",
    "moment": "xsd:date or xsd:dateTime",
    "plain": "text",
    "size": "xsd:nonNegativeInteger",
    SPECIAL: "node or several triples",
}


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *(_part(on, title) for on, title in _PARTS.items())])


def _part(on: str, title: str) -> str:
    known = fields_on(on)
    lines = [
        f"## {title}",
        "",
        "| element | from | field | property | value | note |",
        "|---" * 6 + "|",
    ]
    for name, mapped in mapped_on(on).items():
        field = known.get(name)
        cells = (
            field.label_zh if field else "",
            field.from_standard if field else "CKAN",
            f"`{name}`",
            f"`{mapped.prefixed}`",
            _FORMS[mapped.form] + _listed(mapped.lists),
            mapped.note,
        )
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join([*lines, ""])


def _listed(lists: tuple[str, ...]) -> str:
    return f" of {', '.join(f'`{name}`' for name in lists)}" if lists else ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
