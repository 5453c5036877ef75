"""Marks of obligation: what a level asks of a field, said in the form before anything is saved.

A mark stands in the help of its field. It knows what each level asks, so that the page's script
can follow the choice of another organisation; `assets/obligations.js` has the rule of `shown` too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ckan.plugins.toolkit as tk

from ckanext.cn_govdata.schema import codes
from ckanext.cn_govdata.schema.registry import helper

if TYPE_CHECKING:
    from collections.abc import Sequence

Field = Mapping[str, Any]

SYMBOLS = {"M": "●", "C": "◐", "R": "◇", "O": "○"}
_KEY = "obligation_mark"
_ELEMENT = re.compile(r"(1272)-(\d+)")


@dataclass(frozen=True)
class Mark:
    """What is asked of a field.

    `levels` is the obligation (M, C, R, O) by level, `when` the values of other fields under which
    it holds. `shown` is the obligation now; None where the levels differ and none is known.
    """

    levels: Mapping[str, str]
    when: Mapping[str, Sequence[str]]
    shown: str | None
    condition: str
    standard: str

    @property
    def symbol(self) -> str:
        """The sign of `shown`."""
        return SYMBOLS.get(self.shown or "", "")

    @property
    def word(self) -> str:
        """`shown` in the reader's language."""
        return codes.label("obligation", self.shown) if self.shown else ""

    @property
    def by_level(self) -> str:
        """What each level asks, in words."""
        parts = []
        for obligation in SYMBOLS:
            names = [
                codes.label("admin_level", level)
                for level, asked in self.levels.items()
                if asked == obligation
            ]
            if names:
                parts.append(f"{codes.label('obligation', obligation)}: {', '.join(names)}")
        return "; ".join(parts)


def shown(levels: Mapping[str, str], level: str | None, holds: bool | None) -> str | None:
    """The obligation to show: M, C, R or O; None where it depends on a level that is unknown.

    `holds` - whether the condition of the field holds, None for a field without one.
    """
    asked = set(levels.values())
    obligation = levels.get(level or "") or (asked.pop() if len(asked) == 1 else None)
    if obligation in (None, "O") or holds is None:
        return obligation
    if not holds:
        return "C"
    return "R" if obligation == "R" else "M"


def marked(
    fields: Sequence[Field], data: Mapping[str, Any], level: str | None, *, row: bool = False
) -> list[dict[str, Any]]:
    """The fields of a form with their marks; fields of which no level asks anything stay plain.

    `fields` - all fields of one part of the schema. `row` - whether they are parts of a row.
    """
    by_name = {field["field_name"]: field for field in fields}
    return [_marked(field, by_name, data, level, row=row) for field in fields]


@helper
def described(field: Field) -> Field:
    """A marked field whose controls point to the mark (`aria-describedby`)."""
    if _KEY not in field:
        return field
    points = {"aria-describedby": f"mark-{field['field_name']}"}
    is_owner = field["field_name"] == "owner_org"
    # Attributes of a select replace the default of scheming's choice of an organisation.
    select = field.get("form_select_attrs", {"data-module": "autocomplete"} if is_owner else {})
    attrs = dict(field.get("form_attrs", {}))
    if field.get("repeating_subfields"):
        attrs |= {"role": "group", "aria-label": codes.in_reader_language(field["label"])}
    if not is_owner:
        attrs |= points
    return {**field, "form_attrs": attrs, "form_select_attrs": {**select, **points}}


def standard_name(standard: str) -> str:
    """The source of a field in full: `1272-4; 21063.3` with the titles of both documents."""
    return "; ".join(_source(part.strip()) for part in standard.split(";") if part.strip())


def _source(part: str) -> str:
    element = _ELEMENT.fullmatch(part)
    if not element:
        return codes.label("source_standard", part)
    document, number = element.groups()
    return tk._("{document}, element {number}").format(
        document=codes.label("source_standard", document), number=number
    )


def _marked(
    field: Field,
    by_name: Mapping[str, Field],
    data: Mapping[str, Any],
    level: str | None,
    *,
    row: bool,
) -> dict[str, Any]:
    result = dict(field)
    if subfields := field.get("repeating_subfields"):
        result["repeating_subfields"] = marked(subfields, {}, level, row=True)
    if levels := field.get("obligation"):
        when = field.get("applies_when", {})
        holds = (
            all(str(data.get(name)) in values for name, values in when.items()) if when else None
        )
        result[_KEY] = Mark(
            levels={name: levels.get(name, "O") for name in codes.labels("admin_level")},
            when=when,
            shown=shown(levels, level, holds),
            condition=_condition(field, by_name, row=row),
            standard=standard_name(field.get("standard", "")),
        )
    return result


def _condition(field: Field, by_name: Mapping[str, Field], *, row: bool) -> str:
    """Under what condition the obligation of a field holds, in words; empty when there is none."""
    parts = [
        f"{codes.in_reader_language(by_name[name]['label'])} = "
        + " / ".join(codes.label(by_name[name]["code_list"], value) for value in values)
        for name, values in field.get("applies_when", {}).items()
        if name in by_name
    ]
    if parts:
        return tk._("asked for when {condition}").format(condition=", ".join(parts))
    if "C" in field["obligation"].values():
        # Without a condition on other fields it is the harvest that must fill it.
        return tk._("needed only in datasets read from other portals")
    if field.get("filled") == "create":
        return tk._("filled automatically when left empty")
    return tk._("in each row") if row else ""
