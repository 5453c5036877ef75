"""Writes docs/families.md: what each platform family's profile can do, computed from the profile.

python -m tools.families [--check]
"""

from __future__ import annotations

import sys
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from ckanext.cn_govdata.portals import families, registry

if TYPE_CHECKING:
    from ckanext.cn_govdata.crawl.profile import Profile
    from ckanext.cn_govdata.crawl.steps import ListStep

PAGE = Path(__file__).parent.parent / "docs" / "families.md"
_HEAD = """# Platform families

What the shipped profiles read, family by family. `python -m tools.families` writes this page from the
profiles; a test compares it.

- **YAML**: lines of the profile without blank lines and comments. **Code**: the hook, where a family signs.
- **Portals**: rows of the [registry](registry.md).
- **Lists**: each with its page size, where one is known. *Newest first*: a run that need not be
  complete may leave the list at the first pages without news.
- **Requests a record**: beside the list's pages, on a first run: the detail, and the requests for
  columns, files and services; those after the first are made only where it found nothing.
- **Second run**: what costs no request. *By date*: the list shows an update date, so a changed
  record is found by the list alone. *By entry*: by whatever the list shows; a change that only the
  detail shows is found when the detail is read anew (`detail_refresh_days`).

"""


def page() -> str:
    """The whole page."""
    counts = Counter(portal.family for portal in registry.portals())
    profiles = [families.profile(name) for name in families.families()]
    several = [one for one in profiles if not one.family.startswith("single-")]
    single = [one for one in profiles if one.family.startswith("single-")]
    parts = [_HEAD, "## Families of several portals\n\n", _table(several, counts)]
    parts += ["\n## Interfaces of one portal\n\n", _table(single, counts)]
    parts += [
        "\n## What is not documented\n\n",
        "A profile cannot read what no source describes.\n",
    ]
    for profile in (*several, *single):
        if profile.undocumented:
            lines = "".join(f"- {text}\n" for text in profile.undocumented)
            parts.append(f"\n**{profile.family}**\n\n{lines}")
    return "".join(parts)


def _table(profiles: list[Profile], counts: Counter[str | None]) -> str:
    rows = [
        "| family | portals | YAML | code | variants | lists | requests a record | second run |\n",
        "|---|---|---|---|---|---|---|---|\n",
    ]
    for profile in profiles:
        cells = (
            profile.family,
            str(counts[profile.family]),
            str(_lines(profile.family)),
            str(profile.source.get("hook", 0)).rpartition(":")[2],
            ", ".join(profile.variants),
            "; ".join(map(_list, profile.lists)),
            "; ".join(dict.fromkeys(map(requests_of, profile.lists))),
            "; ".join(dict.fromkeys(map(_second, profile.lists))),
        )
        rows.append("| " + " | ".join(cells) + " |\n")
    return "".join(rows)


def _lines(family: str) -> int:
    folder = files("ckanext.cn_govdata.portals").joinpath("profiles")
    text = folder.joinpath(f"{family}.yaml").read_text("utf-8")
    return sum(1 for line in text.splitlines() if line.strip() and not line.strip().startswith("#"))


def _list(step: ListStep) -> str:
    size = f" of {step.paging.sizes[0]}" if step.paging.sizes else ""
    notes = [
        *(["newest first"] if step.paging.newest_first else []),
        *(["not everywhere"] if step.optional else []),
    ]
    return f"{step.name}{size}" + (f" ({', '.join(notes)})" if notes else "")


def requests_of(step: ListStep) -> str:
    """How many requests a record of a list costs on a first run: a number, or least to most."""
    detail = step.detail
    least = most = 1 if detail and detail.request else 0
    kinds = [*step.each.values(), *(detail.each.values() if detail else ())]
    for rows in kinds:
        least += bool(rows and rows[0].request)
        most += sum(1 for row in rows if row.request)
    return str(least) if least == most else f"{least} to {most}"


def _second(step: ListStep) -> str:
    if requests_of(step) == "0":
        return "the list is all"
    return "by date" if "source_modified" in step.fields else "by entry"


def main() -> int:
    """Write the page, or with --check say whether it is what the profiles make of it."""
    if "--check" in sys.argv[1:]:
        return 0 if PAGE.read_text("utf-8") == page() else 1
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
