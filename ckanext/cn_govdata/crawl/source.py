"""One portal to be read: its profile with everything a harvest source or a command line sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from ckanext.cn_govdata.text import dates

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ckanext.cn_govdata.crawl.profile import Profile

Details = Literal["changed", "all", "never"]


@dataclass(frozen=True, slots=True)
class Source:
    """Resolved settings of one portal; `base_url` has no trailing slash and no path context."""

    profile: Profile
    portal_id: str
    base_url: str
    division_code: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    secret: str | None = field(default=None, repr=False)  # never stored, logged or quoted
    details: Details = "changed"
    page_size: int | None = None
    max_records: int | None = None
    exclude: frozenset[str] = frozenset()
    concurrency: int = 1  # details asked for at one time
    # Read these records again whatever is known of them, and no others.
    only: frozenset[str] | None = None
    full: bool = True  # False: a newest-first list may be left where nothing is new
    newest_known: date | None = None  # the latest update that an earlier listing knew
    newest_known_on: date | None = None  # the day of that listing
    today: date = field(default_factory=dates.today)
    detail_refresh_days: int = 30
    max_failed_share: float = 0.2  # of the details asked for, from the 20th on
    withdraw_after_days: int = 7
    max_withdraw_share: float = 0.2

    def values(self) -> dict[str, Any]:
        """What the placeholders of addresses stand for: parameters and the day."""
        return {**self.profile.parameters, **self.parameters, "today": self.today.isoformat()}
