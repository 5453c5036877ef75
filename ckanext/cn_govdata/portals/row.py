"""One row of the registry: a portal or sub-site that is harvested by itself."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from ckanext.cn_govdata.standards import divisions

if TYPE_CHECKING:
    from collections.abc import Mapping

ACTIVE = "active"
NO_PROFILE = "no-profile"  # its wire interface is not documented
ARCHIVED = "archived"  # closed for good, or succeeded by another: kept, not harvested
STATES = (ACTIVE, NO_PROFILE, ARCHIVED)
CONFIDENCES = ("high", "medium", "low")

COLUMNS = (
    "portal_id",
    "division_code",
    "level",
    "name_zh",
    "government_zh",
    "url",
    "base_url",
    "family",
    "parameters",
    "settings",
    "members",
    "evidence",
    "seen_year",
    "confidence",
    "state",
)


@dataclass(frozen=True, slots=True)
class Portal:
    """One portal or sub-site to be harvested by itself.

    `portal_id` is frozen for ever: identities of datasets are made from it. `base_url` has no
    path. `members` are the codes of divisions that publish here too; `settings` are keys of a
    harvest source's configuration.
    """

    portal_id: str
    division_code: str
    level: divisions.Level
    name_zh: str | None
    government_zh: str
    url: str
    base_url: str
    family: str | None
    parameters: Mapping[str, str]
    settings: Mapping[str, Any]
    members: tuple[str, ...]
    evidence: str
    seen_year: int | None
    confidence: str  # high, medium or low: that the portal is this government's and there
    state: str

    @property
    def title(self) -> str:
        """The portal's name, or its government's where it is not known."""
        return self.name_zh or self.government_zh

    @property
    def harvestable(self) -> bool:
        """Whether it is there and its platform family is known."""
        return self.state == ACTIVE and self.family is not None

    def config(self) -> dict[str, Any]:
        """The configuration of its harvest source; of a portal without a family it has none."""
        return {
            "family": self.family,
            "portal_id": self.portal_id,
            "parameters": dict(self.parameters),
            **self.settings,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the row as plain JSON values."""
        return {**asdict(self), "level": self.level.value, "members": list(self.members)}


def read(row: Mapping[str, str]) -> Portal:
    """Return the portal of a row of texts that has every column. Raises `ValueError`."""
    return Portal(
        portal_id=row["portal_id"],
        division_code=row["division_code"],
        level=divisions.Level(row["level"]),
        name_zh=row["name_zh"] or None,
        government_zh=row["government_zh"],
        url=row["url"],
        base_url=row["base_url"],
        family=row["family"] or None,
        parameters=json.loads(row["parameters"] or "{}"),
        settings=json.loads(row["settings"] or "{}"),
        members=tuple(row["members"].split()),
        evidence=row["evidence"],
        seen_year=int(row["seen_year"]) if row["seen_year"] else None,
        confidence=row["confidence"],
        state=row["state"],
    )


def texts(portal: Portal) -> dict[str, str]:
    """Return a portal as the texts of its row, as `read` takes them."""
    values = portal.as_dict()
    for name in ("parameters", "settings"):
        values[name] = json.dumps(values[name], ensure_ascii=False) if values[name] else ""
    values["members"] = " ".join(portal.members)
    return {name: "" if values[name] is None else str(values[name]) for name in COLUMNS}
