"""The result of a replay as tables, as examples, and as one JSON line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .judge import Tally

if TYPE_CHECKING:
    from .replay import Result

RIGHT = 0.995  # share of the values that map
SHORT = {
    "provider_name": "provider",
    "open_attribute": "openness",
    "frequency_text": "cycle text",
    "domain_text": "theme text",
    "groups": "themes",
    "industry_text": "industry text",
    "contact.phone": "phone",
    "contact.email": "email",
    "record_count": "count",
    "(any other label)": "other labels",
}


def progress(result: Result, number: int, of: int) -> str:
    """One line about one portal."""
    wrong = sum(one.wrong for one in result.fields.values())
    return (
        f"[{number}/{of}] {result.name} {result.family} {result.once}/{result.served} once, "
        f"wrong {wrong}, leaks {len(result.leaks)}, {result.seconds:.0f} s {result.problem}"
    )


def totals(results: list[Result]) -> dict[str, Tally]:
    """The figures of all portals by field."""
    found: dict[str, Tally] = {}
    for result in results:
        for name, one in result.fields.items():
            found.setdefault(name, Tally()).add(one)
    return found


def markdown(results: list[Result]) -> str:
    """Tables: portals, fields, and right values of each portal and field."""
    return "\n\n".join((_portals(results), _families(results), _fields(results), _matrix(results)))


def _table(heads: list[str], rows: list[list[str]], left: int = 1) -> str:
    line = "|".join(["---"] * left + ["--:"] * (len(heads) - left))
    shown = [f"| {' | '.join(heads)} |", f"|{line}|"]
    return "\n".join(shown + [f"| {' | '.join(row)} |" for row in rows])


def _portals(results: list[Result]) -> str:
    heads = ["Portal", "Family", "Lines", "Served", "Exactly once", "Twice", "Missing", "No title"]
    heads += ["Right", "Wrong", "Planted", "Leaks", "Requests a record", "again"]
    rows = [[*_portal(one)] for one in results]
    return _table(heads, rows, 2)


def _portal(result: Result) -> list[str]:
    if not result.served:
        return [result.name, result.family, *["–"] * 11, result.problem]
    source = sum(one.source for one in result.fields.values())
    right = sum(one.right for one in result.fields.values())
    wrong = sum(one.wrong for one in result.fields.values())
    figures = (result.lines, result.served, result.once, result.twice, result.missing)
    return [
        result.name,
        result.family,
        *(f"{figure:,}" for figure in (*figures, result.untitled)),
        share(right, source),
        f"{wrong:,}",
        f"{result.planted:,}",
        f"{len(result.leaks):,}",
        f"{result.requests / result.served:.2f}",
        f"{result.requests_again / result.served:.2f}",
    ]


def _fields(results: list[Result]) -> str:
    heads = ["Field", "Values that map", "Filled", "Right", "Share", "Wrong"]
    rows = [
        [
            f"`{name}`",
            *(f"{n:,}" for n in (one.source, one.filled, one.right)),
            share(one.right, one.source),
            f"{one.wrong:,}",
        ]
        for name, one in totals(results).items()
    ]
    return _table(heads, rows)


def _matrix(results: list[Result]) -> str:
    names = list(totals(results))
    heads = ["Portal", *(SHORT.get(name, name) for name in names)]
    rows = [
        [result.name, *(_mark(result.fields.get(name)) for name in names)]
        for result in results
        if result.served
    ]
    return _table(heads, rows)


def _mark(one: Tally | None) -> str:
    if one is None or not (one.source or one.wrong):
        return "–"
    if one.right == one.source and not one.wrong:
        return f"{one.source:,}"
    return f"**{one.right:,}/{one.source:,}, {one.wrong:,} wrong**"


def _families(results: list[Result]) -> str:
    heads = ["Family", "Portals", "Records", "Right", "Wrong", "Requests a record", "again"]
    rows = []
    for family in sorted({one.family for one in results if one.served}):
        mine = [one for one in results if one.family == family and one.served]
        served = sum(one.served for one in mine)
        tallies = [field for one in mine for field in one.fields.values()]
        rows.append(
            [
                *(family, f"{len(mine)}", f"{served:,}"),
                share(sum(one.right for one in tallies), sum(one.source for one in tallies)),
                f"{sum(one.wrong for one in tallies):,}",
                f"{sum(one.requests for one in mine) / served:.2f}",
                f"{sum(one.requests_again for one in mine) / served:.2f}",
            ]
        )
    return _table(heads, rows)


def findings(results: list[Result]) -> str:
    """Examples of what is wrong, and of what leaked."""
    lines = []
    for result in results:
        if result.problem:
            lines.append(f"{result.name}: {result.problem}")
        if result.again:
            lines.append(f"{result.name}: {result.again} records written again, though unchanged")
        for name, one in result.fields.items():
            if one.examples:
                lines.append(
                    f"{result.name} {name}: right {one.right}/{one.source}, wrong {one.wrong}"
                )
                lines += [f"    {example}" for example in one.examples]
        lines += [f"{result.name} leak: {leak.word} in {leak.where}" for leak in result.leaks[:5]]
    return "\n".join(lines)


def share(part: int, whole: int) -> str:
    """A share in per cent, never rounded up to 100."""
    if not whole:
        return "–"
    return "100 %" if part == whole else f"{int(10_000 * part / whole) / 100:.2f} %"


def as_json(results: list[Result], seconds: float) -> dict[str, Any]:
    """The figures for other programs; `met` tells whether all targets are."""
    fields = {
        name: {
            "source": one.source,
            "filled": one.filled,
            "right": one.right,
            "wrong": one.wrong,
            "share": round(one.right / one.source, 5) if one.source else None,
        }
        for name, one in totals(results).items()
    }
    measured = [one for one in results if one.served]
    summary = {
        "portals": len(measured),
        "not_measured": {one.name: one.problem for one in results if not one.served},
        "lines": sum(one.lines for one in measured),
        "served": sum(one.served for one in measured),
        "once": sum(one.once for one in measured),
        "twice": sum(one.twice for one in measured),
        "missing": sum(one.missing for one in measured),
        "untitled": sum(one.untitled for one in measured),
        "not_asked_for": sum(one.unasked for one in measured),
        "written_again": sum(one.again for one in measured),
        "planted": sum(one.planted for one in measured),
        "leaks": sum(len(one.leaks) for one in measured),
        "requests": sum(one.requests for one in measured),
        "requests_again": sum(one.requests_again for one in measured),
        "fields": fields,
        "seconds": round(seconds, 1),
    }
    summary["met"] = bool(measured) and _met(summary, measured)
    return summary


def _met(summary: dict[str, Any], measured: list[Result]) -> bool:
    nothing = ("twice", "missing", "not_asked_for", "leaks", "written_again")
    return (
        not any(summary[name] for name in nothing)
        and not any(one.problem for one in measured)
        and all(
            one["wrong"] == 0 and (one["share"] is None or one["share"] >= RIGHT)
            for one in summary["fields"].values()
        )
    )
